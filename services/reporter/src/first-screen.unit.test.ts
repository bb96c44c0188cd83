import {
  changeFacts,
  changesBetween,
  computeEvidence,
  describe as describeArtifact,
  inOneGo,
  samplesOf,
  seriesOf,
} from '@chimera/evidence';
import { type Artifact, type Fact, type Group, type Inline, indexFacts, METRICS, type Measurement } from '@chimera/shared/domain';
import { describe, expect, it } from 'vitest';
import { createCitations } from './citations.ts';
import { configurationTables } from './configuration-tables.ts';
import { draftScreen, firstScreen } from './first-screen.ts';

const HASH = (n: number) => n.toString(16).padStart(64, '0');
const around = (middle: number, n = 6) => Array.from({ length: n }, (_, i) => middle * (1 + (i - (n - 1) / 2) / 1000));

function values(metric: string, labels: Record<string, string>, list: readonly number[]): Measurement[] {
  const unit = Object.hasOwn(METRICS, metric) ? METRICS[metric as keyof typeof METRICS].unit : null;
  return list.map((value, i) => ({
    ...{ metric, statistic: 'value', value, text: null, unit, n: null, labels, failed: false },
    pointer: `line ${i + 2} column ${metric}`,
  }));
}

function subjectOf(files: Record<string, Measurement[]>, more: readonly Fact[] = []) {
  const artifacts = Object.entries(files).map(
    ([path, measurements], i): Artifact => ({
      ...{ path, kind: 'csv', format: 'generic', bytes: 1, sha256: HASH(i + 1), status: 'read', reason: null },
      ...{ warnings: [], measurements: measurements.length, records: 0, failed: [] },
    }),
  );
  const descriptions = artifacts.map((artifact) => {
    const own = files[artifact.path] ?? [];
    return inOneGo(describeArtifact(artifact, seriesOf(own), true, samplesOf(own)));
  });
  const expected = { folders: null, kinds: [] };
  const { facts } = inOneGo(computeEvidence({ dataset: 'bucket', inventory: HASH(0), title: null, descriptions, expected })).evidence;
  return { ...indexFacts([...facts, ...more]), artifacts };
}

const plain = (line: readonly Inline[]) => line.map(({ text }) => text).join('');

function screenOf(files: Record<string, Measurement[]>, more: readonly Fact[] = []): Record<string, string> {
  const subject = subjectOf(files, more);
  const rows = firstScreen(draftScreen(subject), [], 0, createCitations(subject, null));
  return Object.fromEntries(rows.map(({ label, line }) => [label, plain(line)]));
}

/** The tables of configurations as lists of rows, each a list of cells. */
function tablesOf(files: Record<string, Measurement[]>): string[][][] {
  const subject = subjectOf(files);
  return configurationTables(subject, createCitations(subject, null)).flatMap((block) =>
    block.type === 'table' ? [[block.head.map((cell) => cell), ...block.rows.map((row) => row.map(plain))]] : [],
  );
}

describe('firstScreen', () => {
  const gpu = (n: string, tps: number, more: Measurement[] = []) => [
    ...values('output_token_throughput', { model: 'm', num_gpu: n }, around(tps)),
    ...more,
  ];

  it('says what the choice costs in everything that was weighed', () => {
    const weighed = (n: string, ttft: number, accuracy: number) => [
      ...values('time_to_first_token', { model: 'm', num_gpu: n }, around(ttft)),
      ...values('accuracy', { model: 'm', num_gpu: n }, around(accuracy)),
    ];
    const { Choose } = screenOf({ 'a.csv': [...gpu('1', 100, weighed('1', 2, 0.5)), ...gpu('2', 80, weighed('2', 1, 0.8))] });
    expect(Choose).toContain('2 times the best time to first token');
    expect(Choose).toContain('0.625 times the best accuracy');
  });

  it('says that outputs differ in length, and that quality without a unit was not weighed', () => {
    const screen = screenOf({
      'a.csv': [
        ...gpu('1', 100, values('eval_count', { model: 'm', num_gpu: '1' }, Array(6).fill(100))),
        ...gpu('2', 80, values('eval_count', { model: 'm', num_gpu: '2' }, Array(6).fill(300))),
        ...values('quality_score', { model: 'm' }, [3, 4]),
      ],
    });
    expect(screen.Choose).toContain('their outputs differ in length');
    expect(screen['Cannot be told']).toContain('it was weighed in no choice');
    expect(screenOf({ 'a.csv': [...gpu('1', 100), ...gpu('2', 80)] }).Choose).not.toContain('length');
  });

  it('says how many runs are missing once, and of which', () => {
    const few = values('output_token_throughput', { model: 'm', num_gpu: '1' }, around(100, 2));
    const all = screenOf({ 'a.csv': [...few, ...values('output_token_throughput', { model: 'm', num_gpu: '2' }, around(80, 2))] });
    expect(all.Choose).toContain('2 more of each needed');
    expect(all['Cannot be told']).not.toContain('more of each');
    expect(screenOf({ 'a.csv': [...few, ...gpu('2', 80)] }).Choose).toContain('2 more of those that ran least needed');
  });

  it('says of a change what it was, how many runs are missing, and what is no longer measured', () => {
    const group = (metric: 'output_token_throughput' | 'time_to_first_token', runs: number[]): Group => ({
      ...{ metric, statistic: 'value', unit: METRICS[metric].unit, over: 'runs', labels: { model: 'm' }, derived: [] },
      ...{ scope: 'a.csv', pattern: 'a.csv', runs, n: runs.length, samples: runs.length, sources: [] },
    });
    const changed = (now: Group[], then: Group[]) =>
      screenOf({ 'a.csv': gpu('1', 100) }, changeFacts(changesBetween({ name: 'now', groups: now }, { name: 'main', groups: then })))
        .Changed;
    const before = [group('output_token_throughput', around(100)), group('time_to_first_token', around(1))];
    expect(changed([group('output_token_throughput', around(90))], before)).toMatch(
      /^1 worse, 1 no longer measured.* is 0\.9 times what it was\.$/,
    );
    expect(changed([group('output_token_throughput', [90, 91])], before)).toContain('too few runs to tell (2 more a side needed)');
  });
});

describe('firstScreen on changes', () => {
  it('names of a change what it is of and what sets it apart, not every label', () => {
    const group = (concurrency: string, middle: number, commit: string): Group => ({
      ...{ metric: 'output_token_throughput', statistic: 'value', unit: 'tok/s', over: 'runs', derived: [] },
      labels: { model: 'm', concurrency, poll: '50', use_mmap: 'true', engine_commit: commit },
      ...{ scope: 'a.csv', pattern: 'a.csv', runs: around(middle), n: 6, samples: 6, sources: [] },
    });
    const now = { name: 'now', groups: [group('1', 90, 'b2'), group('8', 500, 'b2')] };
    const then = { name: 'main', groups: [group('1', 100, 'a1'), group('8', 500, 'a1')] };
    const { Changed } = screenOf({ 'a.csv': values('power', {}, [1]) }, changeFacts(changesBetween(now, then)));
    expect(Changed).toContain(
      'Worse: output token throughput of model m, concurrency 1 is 0.9 times what it was (engine_commit was a1 and is b2).',
    );
  });
});

describe('configurationTables', () => {
  it('tell configurations apart by their files where labels do not', () => {
    const file = (concurrency: string, tps: number) => values('output_token_throughput', { model: 'm', concurrency }, around(tps));
    const [table] = tablesOf({ 'h100/8.csv': file('8', 170), 'h100/32.csv': file('32', 510), 'a100/32.csv': file('32', 300) });
    expect(table?.map((row) => [row[0], row[1], row.at(-1)])).toEqual([
      ['concurrency', 'File', 'Against the best'],
      ['32', 'h100/32.csv', 'the best'],
      ['32', 'a100/32.csv', '1.7 times, better'],
      ['8', 'h100/8.csv', '3 times, better'],
    ]);
  });

  it('hold each build once, with its verdict, where its number changes with its commit', () => {
    const build = (engine_commit: string, engine_version: string, tps: number) => [
      ...values('output_token_throughput', { model: 'm', engine_commit, engine_version }, around(tps)),
      ...values('output_token_throughput', { model: 'm', engine_commit, engine_version }, [tps]).map((one) => ({
        ...one,
        statistic: 'mean',
      })),
    ];
    const [table] = tablesOf({ 'a.csv': build('aa', '1', 100), 'b.csv': build('bb', '2', 80) });
    expect(table?.slice(1).map((row) => [row[0], row.at(-1)])).toEqual([
      ['aa', 'the best'],
      ['bb', '1.25 times, better'],
    ]);
  });
});
