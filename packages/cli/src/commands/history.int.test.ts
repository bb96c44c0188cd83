import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HistoryEntry } from '@chimera/shared/domain';
import { folderBlobs, putJson, sha256 } from '@chimera/shared/store';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chimera } from '../../../../test/support/chimera.ts';
import { ROOT } from '../../../../test/support/seed.ts';

const NOWHERE = 'nats://127.0.0.1:9';

/** Lays an inventory's entry into a store as ingest does, but for the evidence; returns the path of its blob. */
async function layEntry(home: string, dataset: string, at: number): Promise<string> {
  const blobs = folderBlobs(join(home, 'blobs'));
  const labels = { model: 'm' };
  const entry: HistoryEntry = {
    ...{ schema: 'chimera.history/v1', dataset, inventory: sha256(`${dataset} ${at}`), sequence: at + 1, evidence: sha256('gone') },
    after: at === 0 ? null : sha256(`${dataset} ${at - 1}`),
    takenAt: new Date(Date.UTC(2026, 9, 1 + at, 6)).toISOString(),
    arrivals: [
      {
        ...{ metric: 'output_token_throughput', statistic: 'value', unit: 'tok/s', labels, derived: [], pattern: 'run.json', n: 3 },
        ...{ value: 90 + (at % 3), contents: [at], sources: [] },
      },
    ],
  };
  const id = await putJson(blobs, entry);
  await blobs.name(`history-${sha256(dataset)}-${entry.inventory}`, id);
  return join(home, 'blobs', id.slice(0, 2), id);
}

describe('chimera history', () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'chimera-history-command-'));
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));
  const history = (args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
    chimera(['history', ...args], { env: { CHIMERA_BLOBS: '', CHIMERA_HOME: home, CHIMERA_NATS_URL: NOWHERE, ...env } });

  it('says in a sentence that the store cannot be read, and what to do', async () => {
    const { code, stdout, stderr } = await history(['--home', join(ROOT, 'README.md')]);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(
      /^chimera: The history cannot be read from .*README\.md\/blobs \(ENOTDIR: .*\)\. Check its rights, .* CHIMERA_BLOBS\.\n$/,
    );
  });

  it('says of an empty store that there is none, and what keeps one', async () => {
    const { code, stdout, stderr } = await history([]);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toBe(
      `chimera: There is no history of dataset "bucket" in ${home}/blobs: there is none of any dataset. "chimera up" keeps one from its first inventory on; "chimera analyze" keeps none. Another store is named with --home or CHIMERA_BLOBS.\n`,
    );
  });

  it('names the datasets that have one, also those of which an entry cannot be read, and a command that shows one', async () => {
    const nights = [await layEntry(home, 'two words', 0), await layEntry(home, 'two words', 1)];
    const other = await layEntry(home, 'other', 0);
    const named = (sentence: string) =>
      `chimera: There is no history of dataset "nightly" in ${home}/blobs: ${sentence} Another store is named with --home or CHIMERA_BLOBS.\n`;
    const both = named('there are those of other, two words. Name one, as in "chimera history other".');
    expect((await history(['nightly'])).stderr).toBe(both);
    for (const [at, night] of nights.entries()) {
      writeFileSync(night, '{}');
      expect((await history(['nightly'])).stderr).toBe(both);
      rmSync(night);
      await layEntry(home, 'two words', at);
    }
    for (const night of nights) rmSync(night);
    const { code, stderr } = await history(['nightly']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/: there is that of other\. Name one, as in "chimera history other"\. What history-[0-9a-f]{64}-… leads to /);
    expect(stderr).toContain(`What history-${sha256('two words')}-… leads to cannot be read, so its dataset is not known (Blob `);
    writeFileSync(other, '{}');
    expect((await history(['nightly'])).stderr).toContain(': there is none that can be read. What history-');
  });

  it('asks no NATS, and claims of nothing that it is so where the evidence of the current inventory is gone', async () => {
    for (let at = 0; at < 12; at++) await layEntry(home, 'nightly', at);
    const listing = await history(['nightly']);
    expect([listing.code, listing.stderr]).toEqual([0, '']);
    expect(listing.stdout).toContain(
      'what the current inventory holds is not known: its evidence cannot be read (its name leads nowhere)\n',
    );
    expect(listing.stdout).toMatch(
      / shows no change since inventory .* of 2026-10-01, .*; whether the current inventory counts runs of that level is not known\.\n$/,
    );
    const document = JSON.parse((await history(['nightly', '--json'])).stdout);
    expect(document).toMatchObject({ current: { reason: 'its name leads nowhere' }, series: [{ held: null, needed: 0 }] });
  });

  it('says where blobs lie in NATS that it is away', async () => {
    const { code, stdout, stderr } = await history([], { CHIMERA_BLOBS: 'nats' });
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(
      /^chimera: No nats-server answers at nats:\/\/127\.0\.0\.1:9 \(.*\)\. Start one, or name another with CHIMERA_NATS_URL/,
    );
  });
});
