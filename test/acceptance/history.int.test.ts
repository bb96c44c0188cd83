import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Fact, Observations, Report } from '@chimera/shared/domain';
import { expect, it } from 'vitest';
import { csvRuns, medianOf, repeats, vllmRun } from '../support/benchmarks.ts';
import { chimera } from '../support/chimera.ts';
import { layFiles } from '../support/dataset.ts';
import { describeOnEachNats, startNats } from '../support/nats.ts';
import { type System, startSystem } from '../support/system.ts';
import { until } from '../support/wait.ts';

const RECOVERY_MS = 150_000;
const TEST_MS = 480_000;

/** Nights until the wipe, the night on which the throughput falls, and nights after the wipe. */
const [NIGHTS, STEP, MORE] = [13, 7, 3];
const scatter = (night: number) => repeats(1, 1, night)[0] ?? 1;
/** Never twice the same, or the dataset would go back to what it was. */
const steadily = (night: number) => 100 * scatter(night) + night / 1_000;
const throughput = (night: number) => (night < STEP ? 100 : 88) * scatter(night);

type Document = {
  schema: string;
  inventories: { inventory: string; sequence: number }[];
  series: {
    metric: string;
    statistic: string;
    needed: number;
    held: boolean | null;
    summary: string;
    points: { inventory: string; value: number; n: number }[];
    levels: { since: { inventory: string }; n: number; mean: number }[];
    changes: { broughtBy: { inventory: string; takenAt: string }; verdict: string; claim: string }[];
  }[];
};

describeOnEachNats(
  'the history of a dataset',
  (binary) => {
    it(
      'names the inventory that brought a change, survives the loss of all state of NATS, and goes on',
      async () => {
        const folder = mkdtempSync(join(tmpdir(), 'chimera-history-'));
        const nats = await startNats(binary);
        let system: System | null = null;
        try {
          system = await startSystem(nats.url, folder, { CHIMERA_DATASETS: 'folders' });
          const { home, bucket, reports } = system;
          /** The inventories of a dataset in the order in which their reports became current. */
          const current = (dataset: string) => [
            ...new Set(reports.all.filter((one) => one.dataset === dataset && one.status === 'current').map((one) => one.inventory)),
          ];
          const folderOf = (dataset: string) =>
            reports.all.findLast((one) => one.dataset === dataset && one.status === 'current')?.folder ?? '';
          /** A file more in one dataset, the same file anew in the other. */
          async function night(n: number): Promise<void> {
            layFiles({ [`run-${String(n).padStart(3, '0')}.json`]: vllmRun(throughput(n), n) }, join(bucket, 'growing'));
            layFiles({ 'runs.csv': csvRuns(repeats(steadily(n), 5, n)) }, join(bucket, 'still'));
            await until(`night ${n}`, () => ['growing', 'still'].every((dataset) => current(dataset).length === n + 1), RECOVERY_MS);
          }
          const historyOf = async (dataset: string) => {
            const { code, stdout, stderr } = await chimera(['history', dataset, '--json', '--home', home], { env: { CHIMERA_BLOBS: '' } });
            expect([code, stderr]).toEqual([0, '']);
            return JSON.parse(stdout) as Document;
          };
          const throughputIn = (document: Document) =>
            document.series.find(
              ({ metric, statistic, points }) => metric === 'output_token_throughput' && statistic === 'value' && points.length > 1,
            );
          for (let n = 0; n < NIGHTS; n++) await night(n);

          const inventories = current('growing');
          const told = await historyOf('growing');
          expect(told).toMatchObject({ schema: 'chimera.history/v1', dataset: 'growing', unread: [] });
          expect(told.inventories.map(({ inventory, sequence }) => [inventory, sequence])).toEqual(
            inventories.map((one, i) => [one, i + 1]),
          );
          const series = throughputIn(told);
          expect(series?.points.map(({ inventory, value, n }) => [inventory, value, n])).toEqual(
            inventories.map((one, n) => [one, throughput(n), 1]),
          );
          expect(series?.changes).toMatchObject([{ broughtBy: { inventory: inventories[STEP] }, until: null, verdict: 'worse' }]);
          expect(series?.levels.map(({ n }) => n)).toEqual([STEP, NIGHTS - STEP]);
          const listing = await chimera(['history', 'growing', '--metric', 'output_token_throughput', '--home', home], {
            env: { CHIMERA_BLOBS: '' },
          });
          expect(listing.stdout).toContain(`${inventories[STEP]?.slice(0, 12)}`);
          expect(listing.stdout).toMatch(/<- fell: worse\n/);

          const steady = throughputIn(await historyOf('still'));
          expect(steady?.points.map(({ value, n }) => [value, n])).toEqual(
            Array.from({ length: NIGHTS }, (_, n) => [
              Number(medianOf(repeats(steadily(n), 5, n).map((one) => Number(one.toFixed(3))))),
              5,
            ]),
          );
          expect(steady?.changes).toEqual([]);

          const printed = reportIn(folderOf('growing'));
          const change = changeIn(printed);
          expect(change).toMatchObject({
            unit: 'times',
            n: NIGHTS,
            change: { broughtBy: { inventory: inventories[STEP] }, until: null, verdict: 'worse', n: [NIGHTS - STEP, STEP] },
          });
          expect(change?.value).toBeCloseTo(meanOf(STEP, NIGHTS) / meanOf(0, STEP), 9);
          expect(change?.sources).toContainEqual({ observation: expect.stringContaining(`inventory ${inventories[STEP]} of `) });
          expect(pathsOf(change)).toEqual(Array.from({ length: NIGHTS - STEP }, (_, i) => `run-${String(STEP + i).padStart(3, '0')}.json`));
          for (const name of ['report.md', 'report.html']) {
            const page = readFileSync(join(folderOf('growing'), name), 'utf8');
            expect(page).toContain('History');
            expect(page).toContain(inventories[STEP]?.slice(0, 12));
            expect(page).toContain('Worse since');
          }
          expect(printed.record.account.numbers.withoutSource).toBe(0);
          const verified = await chimera([
            'verify',
            join(folderOf('growing'), 'report.md'),
            '--artifacts',
            join(bucket, 'growing'),
            '--json',
          ]);
          const { claims } = JSON.parse(verified.stdout) as { claims: { verdict: string; text: string; why: string }[] };
          expect(claims.filter(({ verdict }) => verdict === 'contradicted')).toEqual([]);
          const still = reportIn(folderOf('still'));
          expect(changeIn(still)).toBeUndefined();
          expect(JSON.stringify(still.page)).toContain('Without a change');

          // Everything that may go goes: superseded reports, and all blobs that nothing leads to.
          const gc = await chimera(['gc', '--home', home, '--nats', nats.url, '--keep-reports', '0', '--grace', '0s', '--json'], {
            env: { CHIMERA_BLOBS: '' },
          });
          expect([gc.code, (JSON.parse(gc.stdout) as { reports: unknown[] }).reports.length]).toEqual([0, 2 * (NIGHTS - 1)]);
          expect(await historyOf('growing')).toEqual(told);

          await nats.kill();
          await nats.wipe();
          await nats.restart();
          for (let n = NIGHTS; n < NIGHTS + MORE; n++) await night(n);
          const after = current('growing');
          expect(after.slice(0, NIGHTS)).toEqual(inventories);
          const later = await historyOf('growing');
          expect(later.inventories.map(({ inventory, sequence }) => [inventory, sequence])).toEqual(after.map((one, i) => [one, i + 1]));
          expect(throughputIn(later)?.points.map(({ value, n }) => [value, n])).toEqual(after.map((_, n) => [throughput(n), 1]));
          expect(throughputIn(later)?.changes.map(({ broughtBy }) => broughtBy)).toEqual(series?.changes.map(({ broughtBy }) => broughtBy));
          expect(changeIn(reportIn(folderOf('growing')))?.change).toMatchObject({ n: [NIGHTS + MORE - STEP, STEP] });
          expect(throughputIn(await historyOf('still'))?.changes).toEqual([]);

          // What is measured no more is so nowhere: the report and the command say the same.
          expect(throughputIn(later)).toMatchObject({ held: true, summary: expect.stringMatching(/ is \S+ tok\/s in the mean since /) });
          const known = current('growing').length;
          for (let n = STEP; n < NIGHTS + MORE; n++) rmSync(join(bucket, 'growing', `run-${String(n).padStart(3, '0')}.json`));
          layFiles({ 'other.csv': csvRuns([7], 'another:1b') }, join(bucket, 'growing'));
          await until('the inventory without them', () => current('growing').length > known, RECOVERY_MS);
          const without = throughputIn(await historyOf('growing'));
          expect(without).toMatchObject({
            held: false,
            summary: expect.stringMatching(/ was \S+ tok\/s in the mean since .*; the current inventory counts no runs of that level\.$/),
          });
          const lost = changeIn(reportIn(folderOf('growing')));
          expect(lost?.claim.replace('this inventory', 'the current inventory')).toBe(without?.changes[0]?.claim);
          expect(readFileSync(join(folderOf('growing'), 'report.md'), 'utf8')).toContain('no runs in this inventory');

          const unknown = await chimera(['history', 'gone', '--home', home], { env: { CHIMERA_BLOBS: '' } });
          expect(unknown).toMatchObject({ code: 1, stdout: '' });
          expect(unknown.stderr).toMatch(
            /^chimera: There is no history of dataset "gone" in .*: there are those of growing, still\. Name one, as in "chimera history growing"\./,
          );
          const metric = await chimera(['history', 'growing', '--metric', 'speed', '--home', home], { env: { CHIMERA_BLOBS: '' } });
          expect(metric).toMatchObject({
            code: 1,
            stdout: '',
            stderr: expect.stringContaining('has no series of metric "speed": it has '),
          });
        } finally {
          await system?.stop();
          await nats.close();
          rmSync(folder, { recursive: true, force: true });
        }
      },
      TEST_MS,
    );

    it(
      'is what a changed bucket is compared with where NATS lost all its state and every process is another',
      async () => {
        const folder = mkdtempSync(join(tmpdir(), 'chimera-history-'));
        const nats = await startNats(binary);
        let system: System | null = null;
        try {
          system = await startSystem(nats.url, folder);
          const first = await nightIn(system, 100, 0);
          const second = await nightIn(system, 100, 1);
          expect(baselineIn(second)).toEqual(comparedWith(first));
          await system.stop();
          await nats.kill();
          await nats.wipe();
          await nats.restart();
          // Dropped while nothing ran: the first that the new processes see.
          layFiles({ 'runs.csv': csvRuns(repeats(80, 8, 2)) }, join(folder, 'bucket'));
          system = await startSystem(nats.url, folder);
          const third = await currentOf(system, (one) => one.inventory !== second.inventory);
          expect(baselineIn(third)).toEqual(comparedWith(second));
          const { facts } = Observations.parse(JSON.parse(readFileSync(join(third.folder, 'observations.json'), 'utf8')));
          const fell = facts.filter(
            ({ kind, metric, comparison }) => kind === 'change' && metric === 'output_token_throughput' && comparison,
          );
          expect(fell).toMatchObject([
            { comparison: { verdict: 'worse' }, claim: expect.stringContaining(`now against ${comparedWith(second).name}: `) },
          ]);
          expect(fell[0]?.value).toBeCloseTo(medianOf(repeats(80, 8, 2)) / medianOf(repeats(100, 8, 1)), 2);
          expect(readFileSync(join(third.folder, 'report.md'), 'utf8')).toContain(comparedWith(second).name);
        } finally {
          await system?.stop();
          await nats.close();
          rmSync(folder, { recursive: true, force: true });
        }
      },
      TEST_MS,
    );
  },
  { concurrent: true },
);

type Printed = { inventory: string; folder: string };

/** The current report of an inventory that is wanted, as soon as it is told. */
function currentOf({ reports }: System, isWanted: (one: Printed) => boolean): Promise<Printed> {
  return until('a report', () => reports.all.find((one) => one.status === 'current' && isWanted(one)) ?? null, RECOVERY_MS);
}

/** Measures anew, and waits for the report of it. */
async function nightIn(system: System, middle: number, night: number): Promise<Printed> {
  const known = new Set(system.reports.all.map(({ inventory }) => inventory));
  layFiles({ 'runs.csv': csvRuns(repeats(middle, 8, night)) }, system.bucket);
  return currentOf(system, ({ inventory }) => !known.has(inventory));
}

function baselineIn({ folder }: Printed) {
  return Observations.parse(JSON.parse(readFileSync(join(folder, 'observations.json'), 'utf8'))).baseline;
}

const comparedWith = ({ inventory }: Printed) => ({
  inventory,
  kind: 'previous',
  name: `the previous inventory ${inventory.slice(0, 12)}`,
});

function meanOf(from: number, to: number): number {
  const values = Array.from({ length: to - from }, (_, i) => throughput(from + i));
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function reportIn(folder: string): Report {
  // What is told of the past is an observation, and no part of the evidence.
  const evidence = readFileSync(join(folder, 'evidence.json'), 'utf8');
  expect(evidence).not.toContain('"kind":"history"');
  const { facts } = Observations.parse(JSON.parse(readFileSync(join(folder, 'observations.json'), 'utf8')));
  expect(facts.some(({ kind }) => kind === 'history')).toBe(true);
  return Report.parse(JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')));
}

function changeIn({ facts }: Report): Fact | undefined {
  return Object.values(facts).find(
    ({ metric, change, statistic }) =>
      change !== undefined && metric === 'output_token_throughput' && statistic.startsWith('mean level over'),
  );
}

function pathsOf(fact: Fact | undefined): string[] {
  return (fact?.sources ?? []).flatMap((source) => ('path' in source ? [source.path] : [])).sort();
}
