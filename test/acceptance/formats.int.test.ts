import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Evidence, Report } from '@chimera/shared/domain';
import { afterAll, describe, expect, it } from 'vitest';
import { chimera } from '../support/chimera.ts';
import { filesBelow, ROOT } from '../support/seed.ts';

const FORMATS = join(ROOT, '..', 'shared', 'data', 'formats');
const absent = !existsSync(FORMATS);

/** All collected files at once, as somebody may drop them: everything is told of, and nothing is mixed up. */
describe.skipIf(absent)(`a dataset of result files of forty tools${absent ? ' (left out: the collection is not there)' : ''}`, () => {
  const work = mkdtempSync(join(tmpdir(), 'chimera-formats-'));
  afterAll(() => rmSync(work, { recursive: true, force: true }));

  it('gets one report, in which every file is read or refused with its reason, and no two facts share an id', async () => {
    const out = join(work, 'report');
    const { code, stderr } = await chimera(['analyze', FORMATS, '--model', 'none', '--out', out]);
    expect([code, stderr]).toEqual([0, expect.not.stringContaining('Error')]);
    const evidence = Evidence.parse(JSON.parse(readFileSync(join(out, 'evidence.json'), 'utf8')));
    const report = Report.parse(JSON.parse(readFileSync(join(out, 'report.json'), 'utf8')));
    expect(evidence.artifacts.map(({ path }) => path)).toEqual(filesBelow(FORMATS).sort());
    for (const { status, reason } of evidence.artifacts) expect(status === 'read' || (reason ?? '').length > 10).toBe(true);
    expect(new Set(evidence.facts.map(({ id }) => id)).size).toBe(evidence.facts.length);
    expect(report.artifacts.total).toBe(evidence.artifacts.length);
  }, 60_000);
});
