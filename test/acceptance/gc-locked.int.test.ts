import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { papersOf } from '../chaos/verdict.ts';
import { chimera } from '../support/chimera.ts';
import { layFiles, SMALL } from '../support/dataset.ts';
import { withFleet } from '../support/fleet.ts';
import { startLockedNats } from '../support/locked-nats.ts';
import { describeOnEachNats } from '../support/nats.ts';
import { until } from '../support/wait.ts';

const MINUTES = 180_000;
const GUARD_MS = 90_000;

describeOnEachNats(
  'chimera gc on a locked NATS that holds the blobs too',
  (binary) => {
    it(
      'is the work of admin: it removes what is old, and whoever else tries is refused and has removed nothing',
      async () => {
        const nats = await startLockedNats(binary);
        const CHIMERA_NATS_CREDS = `${nats.access}/creds`;
        await withFleet({ binary, nats, env: { CHIMERA_NATS_CREDS, CHIMERA_BLOBS: 'nats' } }, async (fleet) => {
          await fleet.started();
          const gc = (creds: string, ...args: string[]) =>
            chimera(
              ['gc', '--home', fleet.home, '--nats', nats.url, '--keep-reports', '0', '--older-than', '0s', '--grace', '0s', ...args],
              {
                env: { CHIMERA_NATS_CREDS: creds, CHIMERA_BLOBS: 'nats' },
              },
            );
          const papers = (status: string) =>
            papersOf(fleet.home, 'bucket').filter(({ report, marked }) => report?.status === status && marked !== null);
          layFiles(SMALL, fleet.bucket);
          const [first] = await until('the report', () => papers('current').length === 1 && papers('current'), GUARD_MS);
          layFiles({ 'more.csv': 'latency_ms\n1\n' }, fleet.bucket);
          await until('the next one', () => papers('superseded').length === 1 && papers('current').length === 1, GUARD_MS);

          for (const role of ['ingest', 'insight']) {
            const refused = await gc(join(CHIMERA_NATS_CREDS, `${role}.creds`));
            expect([role, refused.code, refused.stdout]).toEqual([role, 1, '']);
            expect(refused.stderr).toMatch(/^chimera: .*\n$/);
            expect(papers('superseded')).toHaveLength(1);
          }
          const violations = () => nats.said.filter((line) => /violation/i.test(line)).length;
          const refusals = violations();
          expect(refusals).toBeGreaterThan(0);
          const done = await gc(CHIMERA_NATS_CREDS, '--json');
          expect([done.code, done.stderr]).toEqual([0, '']);
          const { reports, blobs, kept } = JSON.parse(done.stdout) as {
            reports: { run: string }[];
            blobs: { count: number };
            kept: { reports: number };
          };
          expect(reports.map(({ run }) => run)).toEqual([first?.report?.run]);
          expect([blobs.count > 0, kept.reports]).toEqual([true, 1]);
          expect(existsSync(first?.folder ?? '')).toBe(false);
          const [left] = papers('current');
          expect(readFileSync(join(left?.folder ?? '', 'report.md'), 'utf8')).toContain('# ');
          expect(violations()).toBe(refusals);
        });
      },
      MINUTES,
    );
  },
  { newest: true },
);
