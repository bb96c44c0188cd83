import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunOutcome } from '@chimera/campaign';
import { systemClock } from '@chimera/shared/bus';
import { type AgentName, type CampaignRun, Report, type Run } from '@chimera/shared/domain';
import { folderBlobs, putJson, runOf } from '@chimera/shared/store';
import { afterAll, describe, expect, it } from 'vitest';
import { column, reportInput } from '../../../../test/support/report-input.ts';
import { runReports } from './run-reports.ts';

const root = mkdtempSync(join(tmpdir(), 'chimera-run-reports-'));
afterAll(() => rmSync(root, { recursive: true }));

const said = (id: string) => ({
  ...{ id, title: id, layout: 'bullets' as const, reason: null, leftOut: [], template: [] },
  sentences: [{ text: `Words of ${id}.`, mitigation: null, kind: 'observation' as const, by: 'template' as const }],
});

/** The reports of runs over a small inventory, and what both agents say in one of them. */
async function reportsIn(name: string) {
  const input = reportInput({
    files: { 'a.csv': column('lat', 'ms', { model: 'm' }, [1, 2, 3, 4]) },
    model: 'tiny:1b',
    analyses: () => ({ collector: { sections: [said('coverage')] }, insight: { sections: [said('summary')] } }),
  });
  const blobs = folderBlobs(join(root, name, 'blobs'));
  const inventory = {
    ...input.inventory,
    evidence: await putJson(blobs, input.evidence),
    observations: await putJson(blobs, input.observations),
    measurements: await blobs.put(Buffer.from('table')),
  };
  const folder = join(root, name, 'runs');
  const run = (ordinal: number) => runOf('bucket', inventory.inventory, input.run.profile, ordinal);
  /** What becomes of a run in which these agents spoke. */
  const outcome = ({ id }: Run, ...agents: AgentName[]) =>
    ({
      analyses: Object.fromEntries(
        agents.flatMap((agent) => (input.analyses[agent] ? [[agent, { ...input.analyses[agent], run: id }]] : [])),
      ),
    }) as RunOutcome;
  const of = { campaign: 'one', profile: 'plain', arrangement: 'serial', start: 'warm', startedAt: '2026-03-04T05:06:07.000Z' };
  const line = ({ id, ordinal }: Run, attempt: number, reason: string | null = null) =>
    ({ ...of, run: id, ordinal, attempt, reason }) as CampaignRun;
  /** As a process of its own has them. */
  const opened = () => runReports(folder, inventory, { blobs: folderBlobs(join(root, name, 'blobs')), clock: systemClock });
  return { reports: opened(), opened, folder, run, outcome, line, blobs };
}

const reportAt = (folder: string) => Report.parse(JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')));

describe('the reports of runs', () => {
  it('lie in folders by their ordinals, and say which agent did not come', async () => {
    const { reports, folder, run, outcome, line } = await reportsIn('plain');
    await reports.keep(run(1), 1, outcome(run(1), 'collector', 'insight'));
    await reports.keep(run(2), 1, outcome(run(2), 'collector'));
    await reports.keep(run(3), 1, outcome(run(3)));
    for (const ordinal of [1, 2, 3]) await reports.print(line(run(ordinal), 1, ordinal === 2 ? 'It `was` lost.' : null));
    expect(readdirSync(folder).sort()).toEqual(['1', '2']);
    expect(reportAt(join(folder, '1'))).toMatchObject({ ordinal: 1, run: run(1).id });
    const head = (ordinal: string) => /^- \*\*Campaign\*\*.*$/m.exec(readFileSync(join(folder, ordinal, 'report.md'), 'utf8'))?.[0];
    expect(head('1')).toBe('- **Campaign**: run 1 of `one`: profile `plain` in `serial`, `warm`');
    expect(head('2')).toMatch(/^- \*\*Campaign\*\*: run 2 of `one`: .*; \*\*excluded\*\*, it counts nowhere: `+ ?It `was` lost\. ?`+$/);
    expect(reportAt(join(folder, '2')).record.missing.map(({ agent }) => agent)).toEqual(['insight']);
  });

  it('keep each try: the last one under the ordinal, also when it is printed twice', async () => {
    const { reports, folder, run, outcome, line } = await reportsIn('tries');
    await reports.keep(run(4), 1, outcome(run(4), 'collector'));
    await reports.print(line(run(4), 1));
    await reports.keep(run(4), 2, outcome(run(4), 'collector', 'insight'));
    for (let times = 0; times < 2; times++) await reports.print(line(run(4), 2));
    expect(readdirSync(folder).sort()).toEqual(['4', '4-try-1']);
    expect(reportAt(join(folder, '4')).record.missing).toEqual([]);
    expect(reportAt(join(folder, '4-try-1')).record.missing.map(({ agent }) => agent)).toEqual(['insight']);
  });

  it('are printed again where they are missing, and where their words are gone that is said', async () => {
    const { reports, opened, folder, run, outcome, line, blobs } = await reportsIn('again');
    await reports.keep(run(1), 1, outcome(run(1), 'collector'));
    await reports.keep(run(1), 2, outcome(run(1), 'collector', 'insight'));
    await reports.keep(run(2), 1, outcome(run(2), 'insight'));
    await reports.keep(run(3), 1, outcome(run(3)));
    const lines = [line(run(1), 1), line(run(1), 2), line(run(2), 1), line(run(3), 1)];
    expect(await reports.restore(lines)).toEqual([]);
    expect(readdirSync(folder).sort()).toEqual(['1', '1-try-1', '2']);
    rmSync(join(folder, '1'), { recursive: true });
    expect(await reports.restore(lines)).toEqual([]);
    expect(reportAt(join(folder, '1')).record.missing).toEqual([]);

    rmSync(folder, { recursive: true });
    const kept = await blobs.named(`try-${run(1).id}-2`);
    rmSync(join(root, 'again', 'blobs', String(kept).slice(0, 2), String(kept)));
    const [gone, ...others] = await opened().restore(lines);
    expect(gone).toContain('the report of run 1 cannot be printed again: ');
    expect(others).toEqual([]);
    expect(readdirSync(folder)).toContain('2');
  });
});
