import { HistoryBook } from '@chimera/evidence';
import type { StoredHistory } from '@chimera/ingest';
import { EVIDENCE_SCHEMA, type Evidence, type Group } from '@chimera/shared/domain';
import { sha256 } from '@chimera/shared/store';
import { describe, expect, it } from 'vitest';
import { historyJson } from './history-json.ts';
import { historyListing } from './history-listing.ts';
import { type ToldHistory, tellHistory } from './told-history.ts';

const source = (at: number) => ({ path: `run-${at}.json`, sha256: sha256(`${at}`), pointer: '/x' });

/** The current inventory, in which the files of some nights are still there. */
function evidenceWith(nights: readonly number[], metrics: readonly string[] = ['output_token_throughput', 'power']): Evidence {
  const groups = metrics.map((metric): Group => {
    const labels = { model: 'm', engine_version: '0.7' };
    const of = { metric, statistic: 'value', unit: '', labels, derived: ['model'], pattern: 'run-*.json', sources: nights.map(source) };
    return { ...of, over: 'runs', scope: 'run-*.json', runs: [1], n: 1, samples: 1 };
  });
  const inventory = sha256('current');
  return { schema: EVIDENCE_SCHEMA, dataset: 'nightly', inventory, title: null, artifacts: [], facts: [], groups };
}

/** A series that falls from 98 to 82 with the inventory at `step`, in as many inventories as asked for, a day apart. */
function told(n: number, step: number, model = 'm', newest: StoredHistory['newest'] = evidenceWith([n - 1])): ToldHistory {
  const book = new HistoryBook({ keepsSources: true });
  for (let at = 0; at < n; at++) {
    const value = (at < step ? 98 : 82) + ((at * 7) % 5) / 10;
    const labels = { model, engine_version: at < step ? '0.6' : '0.7' };
    const series = {
      statistic: 'value',
      labels,
      derived: ['model'],
      pattern: 'run-*.json',
      n: 3,
      contents: [fingerprint(at)],
      sources: [source(at)],
    };
    book.add({
      ...{ schema: 'chimera.history/v1', dataset: 'nightly', inventory: sha256(`night ${at}`), sequence: at + 1, evidence: sha256('e') },
      after: at === 0 ? null : sha256(`night ${at - 1}`),
      takenAt: new Date(Date.UTC(2026, 9, 1 + at, 6)).toISOString(),
      arrivals: [
        { ...series, metric: 'output_token_throughput', unit: 'tok/s', value },
        { ...series, metric: 'power', unit: 'W', value: 300 },
      ],
    });
  }
  return tellHistory('nightly', { book, unread: [{ inventory: sha256('damaged'), reason: 'it is no JSON' }], newest });
}

/** As an entry has it of a source: 48 bits of a hash of what its content is known by. */
const fingerprint = (at: number) => Number.parseInt(sha256(JSON.stringify([source(at).sha256, '/x'])).slice(0, 12), 16);

async function text(pieces: AsyncIterable<string>): Promise<string> {
  let all = '';
  for await (const piece of pieces) all += piece;
  return all;
}
const moment = (at: number) => ({ inventory: sha256(`night ${at}`), takenAt: new Date(Date.UTC(2026, 9, 1 + at, 6)).toISOString() });

describe('historyJson', () => {
  it('is one document of the documented shape', async () => {
    const document = JSON.parse(await text(historyJson(told(14, 8))));
    expect(Object.keys(document)).toEqual(['schema', 'dataset', 'inventories', 'current', 'unread', 'series']);
    expect(document).toMatchObject({
      schema: 'chimera.history/v1',
      dataset: 'nightly',
      current: { inventory: sha256('current') },
      unread: [{ inventory: sha256('damaged'), reason: 'it is no JSON' }],
    });
    expect(document.inventories).toEqual(Array.from({ length: 14 }, (_, at) => ({ ...moment(at), sequence: at + 1 })));
    const [throughput, power] = document.series;
    expect(throughput).toMatchObject({
      ...{ metric: 'output_token_throughput', statistic: 'value', unit: 'tok/s', labels: { model: 'm' }, derivedLabels: ['model'] },
      ...{
        scope: 'run-*.json',
        needed: 0,
        name: expect.stringContaining('output token throughput of model m'),
        summary: expect.any(String),
      },
    });
    expect(throughput.points[8]).toEqual({ ...moment(8), value: 82.1, n: 3, versions: { engine_version: '0.7' }, sources: [source(8)] });
    expect(throughput.changes).toMatchObject([
      {
        ...{ broughtBy: moment(8), last: moment(7), until: null, verdict: 'worse' },
        ...{ before: { n: 8 }, after: { n: 6 }, versions: [{ name: 'engine_version', before: '0.6', now: '0.7' }] },
      },
    ]);
    expect(throughput.levels).toEqual([
      { since: moment(0), until: moment(8), ...throughput.changes[0].before },
      { since: moment(8), until: null, ...throughput.changes[0].after },
    ]);
    expect(power).toMatchObject({ changes: [], levels: [{ since: moment(0), until: null, n: 14, mean: 300, stddev: 0 }] });
  });

  it('has a level of all points so far where there are too few', async () => {
    const { series } = JSON.parse(await text(historyJson(told(3, 2))));
    expect(series[1]).toMatchObject({ needed: 7, changes: [], levels: [{ since: moment(0), until: null, n: 3, mean: 300 }] });
  });
});

describe('the present level', () => {
  it('is told as what was where the current inventory counts none of its runs, in both', async () => {
    // Of the throughput only files of the level before are left, of the power none at all.
    const gone = told(14, 8, 'm', evidenceWith([2, 3], ['output_token_throughput']));
    const { series } = JSON.parse(await text(historyJson(gone)));
    expect(series.map(({ held }: { held: boolean }) => held)).toEqual([false, false]);
    expect(series[0].changes[0].claim).toMatch(
      /, and stayed so for 6 inventories: .*; the current inventory counts no runs of that level\.$/,
    );
    expect(series[1].summary).toMatch(/; the current inventory counts no runs of that level\.$/);
    const listing = await text(historyListing(gone, false));
    expect(listing).not.toContain('is so since');
    expect(listing).toContain(series[0].summary);
    expect(listing).toContain(series[1].summary);
  });

  it('is told as what is where it counts one of them', async () => {
    const here = told(14, 8, 'm', evidenceWith([2, 9]));
    const { series } = JSON.parse(await text(historyJson(here)));
    expect(series.map(({ held }: { held: boolean }) => held)).toEqual([true, true]);
    expect(await text(historyListing(here, false))).toMatch(/, and is so since, 6 inventories: worse/);
  });

  it('is not claimed where nobody knows what the current inventory holds, and the reason is said', async () => {
    const unknown = told(14, 8, 'm', { reason: 'its name leads nowhere' });
    const document = JSON.parse(await text(historyJson(unknown)));
    expect(document.current).toEqual({ reason: 'its name leads nowhere' });
    expect(document.series.map(({ held }: { held: null }) => held)).toEqual([null, null]);
    const listing = await text(historyListing(unknown, false));
    expect(listing).toContain('what the current inventory holds is not known: its evidence cannot be read (its name leads nowhere)\n');
    expect(listing).not.toContain('is so since');
    expect(listing).toContain('; whether the current inventory counts runs of that level is not known.');
  });
});

describe('historyListing', () => {
  it('marks the inventory that brought a change, and ends each series with what holds now', async () => {
    const lines = (await text(historyListing(told(14, 8), false))).split('\n');
    expect(lines[0]).toBe('nightly: 14 inventories since 2026-10-01 06:00:00 UTC, 2 series, 1 change of level');
    expect(lines[1]).toContain('is left out: what is kept of it cannot be read (it is no JSON)');
    expect(lines.filter((line) => line.includes('<-'))).toEqual([
      `  ${sha256('night 8').slice(0, 12)}  2026-10-09 06:00:00 UTC  82.1 tok/s  3  engine_version 0.7  <- fell: worse`,
    ]);
    expect(lines.find((line) => line.includes(' fell from '))).toContain('engine_version was 0.6 and is 0.7.');
    expect(lines.at(-2)).toMatch(/^ {2}power .* shows no change since inventory .* of 2026-10-01, over 14 inventories/);
  });

  it('shows the newest points unless all are asked for', async () => {
    const [some, all] = [await text(historyListing(told(25, 12), false)), await text(historyListing(told(25, 12), true))];
    expect(some).toContain('… 5 earlier inventories; --all lists them, and --json gives them');
    expect(some).not.toContain(`${sha256('night 4').slice(0, 12)}  2026`);
    expect(all).toContain(`${sha256('night 0').slice(0, 12)}  2026-10-01`);
  });

  it('lets no label drive the terminal', async () => {
    const listing = await text(historyListing(told(3, 2, '\u001b[2J\u202e'), true));
    for (const hidden of ['\u001b', '\u202e']) expect(listing).not.toContain(hidden);
    expect(listing).toContain('\\x1b[2J');
  });
});
