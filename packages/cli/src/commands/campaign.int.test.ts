import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { chimera } from '../../../../test/support/chimera.ts';

const work = mkdtempSync(join(tmpdir(), 'chimera-campaign-command-'));
afterAll(() => rmSync(work, { recursive: true }));
const file = join(work, 'a.yaml');
writeFileSync(file, 'name: a\ndataset: .\nmodel: m\nprofiles: [{ name: p, agents: { collector: , insight: } }]\n');
/** What the plan of a campaign on these servers says. */
const plan = (...servers: string[]) =>
  chimera(['campaign', file, '--dry-run', '--out', join(tmpdir(), 'chimera-nowhere'), '--ollama', ...servers]);

describe('the servers of a campaign', { timeout: 60_000 }, () => {
  it.each(['http://me:secret@127.0.0.1:99999', 'me:secret@gpu:port'])('are refused without their password: %s', async (address) => {
    const { code, stdout, stderr } = await plan(address);
    expect(code).toBe(2);
    expect(stderr).toContain('is no address of an Ollama server');
    expect(stdout + stderr).not.toContain('secret');
  });

  it('are each named once, also by another name', async () => {
    const { code, stderr } = await plan('http://localhost:11434', 'http://me:secret@127.0.0.1:11434');
    expect(code).toBe(2);
    expect(stderr).toContain('http://127.0.0.1:11434 is given twice, as http://localhost:11434 too');
    expect(stderr).not.toContain('secret');
  });
});
