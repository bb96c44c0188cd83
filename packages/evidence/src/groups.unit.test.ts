import { METRICS } from '@chimera/shared/domain';
import { describe, expect, it } from 'vitest';
import { around, evidenceOf, type File, type Metric, ofKind, values } from './testing.ts';

describe('groups', () => {
  it('hold the samples of one configuration over all files that only number its repeats', () => {
    const run = (i: number, value: number): File => ({
      path: `vllm-run${i}.json`,
      measurements: values('output_token_throughput', { model: 'm', concurrency: '8' }, [value], { over: 'runs' }),
    });
    const { groups } = evidenceOf([run(1, 105), run(2, 101), run(3, 103)]);
    expect(groups).toEqual([expect.objectContaining({ scope: 'vllm-run*.json', n: 3, samples: 3, runs: [101, 103, 105], unit: 'tok/s' })]);
    expect(groups[0]?.sources).toHaveLength(3);
  });

  it('keep apart what only the names of files tell apart', () => {
    const file = (path: string): File => ({ path, measurements: values('output_token_throughput', { model: 'm' }, [100, 101]) });
    expect(evidenceOf([file('h100/x.json'), file('a100/x.json')]).groups).toHaveLength(2);
  });

  it.each(['score', 'filter', 'scenario', 'method', 'url', 'task', 'task_version', 'num_fewshot', 'split', 'package', 'limit'])(
    'are of other work where they differ in %s: none of them is chosen, and they are not compared',
    (label) => {
      const of = (value: string, middle: number) =>
        values('accuracy', { model: 'm', test: 't', [label]: value }, around(middle), { over: 'repetitions' });
      const evidence = evidenceOf([{ path: 'a.json', measurements: [...of('one', 2), ...of('two', 4)] }]);
      expect(evidence.groups.map(({ labels, runs }) => [labels[label], runs.length])).toEqual([
        ['one', 6],
        ['two', 6],
      ]);
      expect([...ofKind(evidence, 'choice'), ...ofKind(evidence, 'comparison')]).toEqual([]);
    },
  );

  it.each(['dtype', 'device', 'runtime', 'os', 'quantization'])('are compared where they differ in %s', (label) => {
    const of = (value: string, middle: number) =>
      values('output_token_throughput', { model: 'm', test: 't', [label]: value }, around(middle), { over: 'repetitions' });
    const evidence = evidenceOf([{ path: 'a.json', measurements: [...of('one', 20), ...of('two', 40)] }]);
    expect(ofKind(evidence, 'comparison').length).toBeGreaterThan(0);
  });

  it('convert to the unit of the metric, and leave out what has none', () => {
    const labels = { model: 'm' };
    const { groups } = evidenceOf([
      {
        path: 'a.csv',
        measurements: [
          ...values('time_to_first_token', labels, [250, 500], { unit: 'ms' }),
          ...values('power', labels, [5], { unit: 'ms' }),
        ],
      },
    ]);
    expect(groups.map(({ metric, runs, unit }) => [metric, runs, unit])).toEqual([['time_to_first_token', [0.25, 0.5], 's']]);
  });

  it('count a run once, however many requests it holds', () => {
    const requests = (path: string, list: number[]): File => ({
      path,
      measurements: values('time_to_first_token', { model: 'm' }, list, { over: 'requests' }),
    });
    const { groups, facts } = evidenceOf([requests('run-1.jsonl', [1, 2, 9]), requests('run-2.jsonl', [3, 4, 5])]);
    expect(groups[0]).toMatchObject({ samples: 6, n: 2, runs: [2, 4] });
    const median = facts.find((f) => f.kind === 'group' && f.statistic === 'median');
    expect(median).toMatchObject({ value: 3.5, n: 6, runs: 2, interval: null });
  });

  it('count a file once, where several files of unnamed rows number the repeats', () => {
    const rows = (path: string, list: number[]): File => ({ path, measurements: values('time_to_first_token', { model: 'm' }, list) });
    expect(evidenceOf([rows('run-1.jsonl', [1, 2, 9]), rows('run-2.jsonl', [3, 4, 5])]).groups[0]).toMatchObject({
      samples: 6,
      runs: [2, 4],
    });
    expect(evidenceOf([rows('a.csv', [1, 2, 9])]).groups[0]).toMatchObject({ samples: 3, runs: [1, 2, 9] });
  });

  it('leave numbers of failed records out, and say n, interval and percentiles only where n allows', () => {
    const failed = values('output_token_throughput', { model: 'm' }, [0], { failed: true });
    const of = (n: number) =>
      evidenceOf([{ path: 'a.csv', measurements: [...values('output_token_throughput', { model: 'm' }, around(100, n)), ...failed] }])
        .facts;
    const statistics = (n: number) =>
      of(n)
        .filter(({ kind }) => kind === 'group')
        .map(({ statistic }) => statistic)
        .sort();
    expect(statistics(1)).toEqual(['value']);
    expect(statistics(6)).toEqual(['max', 'mean', 'median', 'min', 'stddev']);
    expect(statistics(20)).toContain('p95');
    expect(statistics(99)).not.toContain('p99');
    expect(statistics(100)).toContain('p99');
    const median = (n: number) => of(n).find((f) => f.kind === 'group' && f.statistic === 'median');
    expect(median(5)?.interval).toBeNull();
    // For six values the order statistics 1 and 6 are the interval of 96.9 %.
    expect(median(6)).toMatchObject({ n: 6, interval: [around(100)[0], around(100)[5]] });
  });

  it('take numbers that another file repeats in another shape once, and say so', () => {
    const list = [101.123, 99.5, 100.25];
    const labels = { model: 'gemma3:latest' };
    const evidence = evidenceOf([
      {
        path: 'r/gemma3_baseline.json',
        measurements: values(
          'output_token_throughput',
          labels,
          list.map((x) => x * (1 + 1e-15)),
        ),
      },
      { path: 'r/gemma3_baseline.csv', measurements: values('output_token_throughput', {}, list) },
    ]);
    expect(evidence.groups).toEqual([expect.objectContaining({ scope: 'r/gemma3_baseline.csv', samples: 3, labels, derived: ['model'] })]);
    expect(ofKind(evidence, 'duplicate')).toEqual([
      expect.objectContaining({ metric: 'repeated_numbers', scope: 'r/gemma3_baseline.json' }),
    ]);
  });

  it('take a console block beside the JSON of its run once, and two runs that only look alike twice', () => {
    const run = (path: string, tps: number, digits: number): File => {
      const round = (value: number) => Number(value.toFixed(digits));
      const stated = (metric: Metric, statistic: string, value: number) =>
        values(metric, { model: 'm', file: path }, [round(value)], {
          statistic,
          over: 'requests',
          unit: METRICS[metric].unit === 's' ? 'ms' : null,
        });
      return {
        path,
        measurements: [
          ...values('output_token_throughput', { model: 'm' }, [round(tps)], { over: 'runs' }),
          ...values('total_token_throughput', { model: 'm' }, [round(tps * 5.012_345)], { over: 'runs' }),
          ...(['time_to_first_token', 'time_per_output_token', 'inter_token_latency'] as const).flatMap((metric, i) => [
            ...stated(metric, 'mean', 98.962_832 / (i + 1)),
            ...stated(metric, 'median', 95.993_947 / (i + 1)),
          ]),
        ],
      };
    };
    const evidence = evidenceOf([run('a.log', 601.529_749, 2), run('b.json', 601.529_749, 12)]);
    expect(new Set(evidence.groups.map(({ scope }) => scope))).toEqual(new Set(['b.json']));
    expect(ofKind(evidence, 'duplicate')).toEqual([expect.objectContaining({ scope: 'a.log', labels: { repeats: 'b.json' }, value: 8 })]);
    const other = evidenceOf([run('a.log', 601.54, 2), run('b.json', 601.529_749, 12)]);
    expect(new Set(other.groups.map(({ scope }) => scope)).size).toBe(2);
    expect(ofKind(other, 'duplicate')).toEqual([]);
  });

  it('count the summary of a sweep and the files of its runs once', () => {
    const list = [601.1, 604.2, 597.9];
    const files = list.map(
      (value, i): File => ({
        path: `c=4/run=${i}.json`,
        measurements: values('output_token_throughput', { model: 'm' }, [value], { over: 'runs' }),
      }),
    );
    const summary: File = {
      path: 'c=4/summary.json',
      measurements: values('output_token_throughput', { model: 'm' }, list, { over: 'runs' }),
    };
    const evidence = evidenceOf([summary, ...files]);
    expect(evidence.groups).toEqual([expect.objectContaining({ scope: 'c=4/run=*.json', n: 3 })]);
    expect(ofKind(evidence, 'duplicate')).toEqual([
      expect.objectContaining({ scope: 'c=4/summary.json', labels: { repeats: 'c=4/run=*.json' } }),
    ]);
  });

  it('leave out what is less than nothing', () => {
    const list = [50, -1, 51, 52];
    expect(evidenceOf([{ path: 'a.csv', measurements: values('output_token_throughput', { model: 'm' }, list) }]).groups[0]?.runs).toEqual([
      50, 51, 52,
    ]);
  });

  it('never average percentiles', () => {
    const run = (i: number, p99: number): File => ({
      path: `run${i}.json`,
      measurements: values('time_to_first_token', { model: 'm' }, [p99], { statistic: 'p99', over: 'requests', n: 100 }),
    });
    const told = ofKind(evidenceOf([run(1, 1), run(2, 3)]), 'group').map(({ statistic, value }) => [statistic, value]);
    expect(told.sort()).toEqual([
      ['max of stated p99', 3],
      ['min of stated p99', 1],
    ]);
  });
});
