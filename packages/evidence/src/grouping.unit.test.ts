import { type Artifact, type Evidence, type Fact, METRICS, type Measurement } from '@chimera/shared/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describe as describeArtifact } from './description.ts';
import { computeEvidence } from './evidence.ts';
import { EvidenceMemory } from './evidence-memory.ts';
import { samplesOf } from './samples.ts';
import { inOneGo } from './steps.ts';

type Metric = keyof typeof METRICS;
type File = { path: string; measurements: Measurement[]; more?: Partial<Artifact> };

const HASH = (n: number) => n.toString(16).padStart(64, '0');

/** Values of one metric under some labels, as a reader gives them. */
function values(metric: Metric, labels: Record<string, string>, list: readonly number[], more: Partial<Measurement> = {}): Measurement[] {
  return list.map((value, i) => ({
    ...{ metric, statistic: 'value', value, text: null, unit: METRICS[metric].unit, n: null, labels, failed: false },
    pointer: `line ${i + 2} column ${metric}`,
    ...more,
  }));
}

function evidenceOf(files: readonly File[], memory = new EvidenceMemory()): Evidence {
  const descriptions = files.map(({ path, measurements, more }, i) => {
    const artifact: Artifact = {
      ...{ path, kind: 'csv', format: 'generic', bytes: 1, sha256: HASH(i + 1), status: 'read', reason: null },
      ...{ warnings: [], measurements: measurements.length, records: 0, failed: [] },
      ...more,
    };
    return inOneGo(describeArtifact(artifact, [], true, samplesOf(measurements)));
  });
  const expected = { folders: null, kinds: [] };
  return inOneGo(computeEvidence({ dataset: 'bucket', inventory: HASH(0), title: null, descriptions, expected, memory })).evidence;
}

const ofKind = (evidence: Evidence, kind: Fact['kind']) => evidence.facts.filter((f) => f.kind === kind);
const around = (middle: number, n = 6) => Array.from({ length: n }, (_, i) => middle + (i - (n - 1) / 2) * 0.1);

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

describe('studies', () => {
  const quantized = (quantization: string, middle: number, n = 6) =>
    values('output_token_throughput', { model: `llama3.1:8b-${quantization}`, tag: quantization }, around(middle, n));

  it('choose the best configuration, and say against which it is shown to be better', () => {
    const evidence = evidenceOf([
      { path: 'quant.csv', measurements: [...quantized('q4_0', 77), ...quantized('q8_0', 46), ...quantized('q5_K_M', 65)] },
    ]);
    const best = ofKind(evidence, 'choice').find(({ statistic }) => statistic.startsWith('best by'));
    expect(best).toMatchObject({
      labels: { model: 'llama3.1:8b', quantization: 'q4_0' },
      value: 77,
      n: 6,
      derivedLabels: ['quantization'],
    });
    expect(best?.comparison).toMatchObject({ label: 'quantization', of: 'q4_0', to: 'q5_K_M', verdict: 'better' });
    const verdicts = ofKind(evidence, 'comparison').map(({ comparison }) => [comparison?.of, comparison?.to, comparison?.verdict]);
    expect(verdicts).toEqual([
      ['q4_0', 'q5_K_M', 'better'],
      ['q4_0', 'q8_0', 'better'],
    ]);
  });

  it('say how many runs are missing, and choose all the same', () => {
    const grid = [20, 40, 60].flatMap((gpu) => values('output_token_throughput', { model: 'm', num_gpu: String(gpu) }, [100 + gpu / 100]));
    const evidence = evidenceOf([{ path: 'tuning.csv', measurements: grid }]);
    const choice = ofKind(evidence, 'choice');
    expect(choice.find(({ statistic }) => statistic.startsWith('best by'))).toMatchObject({ labels: { num_gpu: '60' }, value: 100.6 });
    expect(choice.find(({ statistic }) => statistic.startsWith('more runs'))).toMatchObject({ value: 3, n: 3 });
    expect(choice.find(({ statistic }) => statistic.startsWith('range'))?.value).toBeCloseTo((100.6 / 100.2 - 1) * 100, 9);
    expect(ofKind(evidence, 'comparison')).toEqual([]);
  });

  it('compare nothing that differs in two labels, did other work, or has a label that the other lacks', () => {
    const file = (path: string, labels: Record<string, string>, middle: number): File => ({
      path,
      measurements: values('output_token_throughput', labels, around(middle)),
    });
    const none = (a: Record<string, string>, b: Record<string, string>) =>
      ofKind(evidenceOf([file('a.json', a, 100), file('b.json', b, 50)]), 'comparison');
    expect(none({ model: 'm', num_gpu: '1', num_ctx: '1' }, { model: 'm', num_gpu: '2', num_ctx: '2' })).toEqual([]);
    expect(none({ model: 'm' }, { model: 'n' })).toEqual([]);
    expect(none({ model: 'm', prompt_length: '128' }, { model: 'm', prompt_length: '512' })).toEqual([]);
    expect(none({ model: 'm', gpu: 'H100' }, { model: 'm' })).toEqual([]);
    expect(none({ model: 'm', gpu: 'H100' }, { model: 'm', gpu: 'A100' })).toHaveLength(1);
    expect(none({ model: 'm' }, { model: 'm' })).toEqual([
      expect.objectContaining({ comparison: expect.objectContaining({ label: 'file', of: 'a.json', to: 'b.json' }) }),
    ]);
  });

  it('weigh the warm first tokens, and say what the choice costs', () => {
    const configuration = (gpu: string, tps: number, ttft: number) => [
      ...values('output_token_throughput', { model: 'm', num_gpu: gpu }, around(tps)),
      ...values('time_to_first_token', { model: 'm', num_gpu: gpu, start: 'warm' }, around(ttft, 5)),
      ...values('time_to_first_token', { model: 'm', num_gpu: gpu, start: 'cold' }, [99]),
    ];
    const evidence = evidenceOf([{ path: 'a.csv', measurements: [...configuration('1', 100, 4), ...configuration('2', 80, 2)] }]);
    expect(ofKind(evidence, 'choice').find(({ statistic }) => statistic === 'cost of the choice')).toMatchObject({
      metric: 'time_to_first_token',
      value: 2,
    });
    expect(ofKind(evidence, 'comparison').map(({ metric, comparison }) => [metric, comparison?.verdict])).toEqual([
      ['output_token_throughput', 'better'],
      ['time_to_first_token', 'worse'],
    ]);
  });

  it('judge the best against the next as their comparison does, over all metrics that both have', () => {
    const configuration = (gpu: string, tps: number) => [
      ...values('output_token_throughput', { model: 'm', num_gpu: gpu }, around(tps, 4)),
      ...(['time_to_first_token', 'request_latency', 'peak_memory'] as const).flatMap((metric) =>
        values(metric, { model: 'm', num_gpu: gpu }, around(5, 4)),
      ),
    ];
    const evidence = evidenceOf([{ path: 'a.csv', measurements: [...configuration('1', 100), ...configuration('2', 80)] }]);
    const best = ofKind(evidence, 'choice').find(({ statistic }) => statistic.startsWith('best by'));
    const compared = ofKind(evidence, 'comparison').find(({ metric }) => metric === 'output_token_throughput');
    // Four runs a side are enough for one metric alone, and not for one of four.
    expect(compared?.comparison).toMatchObject({ verdict: 'not enough samples', needed: 1 });
    expect(best?.comparison).toEqual(compared?.comparison);
  });

  it('ask for as many runs as comparisons will', () => {
    const configuration = (gpu: string, tps: number) => [
      ...values('output_token_throughput', { model: 'm', num_gpu: gpu }, around(tps, 2)),
      ...values('time_to_first_token', { model: 'm', num_gpu: gpu }, around(5, 2)),
    ];
    const evidence = evidenceOf([{ path: 'a.csv', measurements: [...configuration('1', 100), ...configuration('2', 80)] }]);
    const choice = ofKind(evidence, 'choice');
    const needed = choice.find(({ statistic }) => statistic.startsWith('best by'))?.comparison?.needed;
    expect(choice.find(({ statistic }) => statistic.startsWith('more runs'))?.value).toBe(needed);
    expect(needed).toBe(3);
  });

  it('compare in a label only what files do not set apart besides', () => {
    const file = (path: string, concurrency: string, middle: number): File => ({
      path,
      measurements: values('output_token_throughput', { model: 'm', concurrency }, around(middle)),
    });
    const pairs = (...files: File[]) =>
      ofKind(evidenceOf(files), 'comparison')
        .map(({ statistic }) => statistic.replace('ratio of medians: ', ''))
        .sort();
    expect(
      pairs(
        file('h100/c8.json', '8', 170),
        file('h100/c32.json', '32', 510),
        file('a100/c8.json', '8', 100),
        file('a100/c32.json', '32', 300),
      ),
    ).toEqual([
      'concurrency 32 to 8 in a100/c8.json',
      'concurrency 32 to 8 in h100/c8.json',
      'file h100/c32.json to a100/c32.json',
      'file h100/c8.json to a100/c8.json',
    ]);
    expect(pairs(file('h100-8.json', '8', 170), file('h100-32.json', '32', 510), file('a100-32.json', '32', 300))).toEqual([
      'concurrency 32 to 8 in h100-8.json',
      'file h100-32.json to a100-32.json',
    ]);
    // Where every file says something else, names need not tell.
    expect(pairs(file('x/one.json', '8', 170), file('y/two.json', '32', 510))).toEqual(['concurrency 32 to 8 in x/one.json']);
  });

  it('compare quantizations that stand in the name of the model and in that of its file', () => {
    const of = (quantization: string, middle: number) =>
      values(
        'output_token_throughput',
        { model: `llama 8B ${quantization}`, quantization, model_filename: `${quantization}.gguf`, test: 'tg128' },
        around(middle),
      );
    const [first] = ofKind(evidenceOf([{ path: 'a.json', measurements: [...of('Q4_K - Medium', 140), ...of('Q8_0', 84)] }]), 'comparison');
    expect(first?.comparison).toMatchObject({ label: 'quantization', of: 'Q4_K - Medium', to: 'Q8_0', verdict: 'better' });
    expect(first?.comparison?.caveats).toContain('model_filename differs with it');
    expect(first?.labels.model).toBe('llama 8B');
  });

  it('weigh no stated mean against a median', () => {
    const configuration = (gpu: string, tps: number, ttft: number, statistic: string) => [
      ...values('output_token_throughput', { model: 'm', num_gpu: gpu }, around(tps)),
      ...values('time_to_first_token', { model: 'm', num_gpu: gpu }, [ttft], { statistic }),
    ];
    const cost = (statistic: string) =>
      ofKind(
        evidenceOf([{ path: 'a.csv', measurements: [...configuration('1', 100, 4, 'median'), ...configuration('2', 80, 2, statistic)] }]),
        'choice',
      ).find((f) => f.statistic === 'cost of the choice')?.value;
    expect([cost('median'), cost('mean')]).toEqual([2, undefined]);
  });

  it('choose nothing that took no time', () => {
    const evidence = evidenceOf([
      {
        path: 'a.csv',
        measurements: [
          ['1', 0],
          ['2', 3],
          ['3', 4],
        ].flatMap(([gpu, value]) => values('execution_time', { name: 'x', num_gpu: String(gpu) }, Array(4).fill(Number(value)))),
      },
    ]);
    expect(ofKind(evidence, 'choice').find(({ statistic }) => statistic.startsWith('best by'))).toMatchObject({ value: 3 });
  });

  it('warn where outputs differ in length', () => {
    const configuration = (gpu: string, tokens: number) => [
      ...values('output_token_throughput', { model: 'm', num_gpu: gpu }, around(gpu === '1' ? 100 : 80)),
      ...values('output_token_throughput', { model: 'm', num_gpu: gpu }, Array(6).fill(tokens)).map(
        (one): Measurement => ({ ...one, metric: 'eval_count', unit: null }),
      ),
    ];
    const [first] = ofKind(
      evidenceOf([{ path: 'a.csv', measurements: [...configuration('1', 100), ...configuration('2', 300)] }]),
      'comparison',
    );
    expect(first?.comparison?.caveats).toContainEqual(expect.stringContaining('outputs differ in length'));
  });
});

describe('consistency', () => {
  it('tells of a stated mean that its raw values contradict, and of outliers', () => {
    const labels = { model: 'm' };
    const stated = (mean: number) => values('output_token_throughput', labels, [mean], { statistic: 'mean', n: 8 });
    const raw = values('output_token_throughput', labels, around(100, 8));
    expect(ofKind(evidenceOf([{ path: 'a.json', measurements: [...raw, ...stated(100)] }]), 'conflict')).toEqual([]);
    expect(ofKind(evidenceOf([{ path: 'a.json', measurements: [...raw, ...stated(110)] }]), 'conflict')).toEqual([
      expect.objectContaining({ value: expect.closeTo(1.1, 9), n: 8 }),
    ]);
    const far = values('output_token_throughput', labels, [...around(100, 9), 150]);
    expect(ofKind(evidenceOf([{ path: 'a.json', measurements: far }]), 'doubt')).toEqual([
      expect.objectContaining({ statistic: 'outliers', value: 1, n: 10 }),
    ]);
  });
});

describe('spellings', () => {
  it('of one model that differ in capitals or in the tag latest are named', () => {
    const file = (model: string, i: number): File => ({
      path: `${i}x.csv`,
      measurements: values('output_token_throughput', { model }, [i]),
    });
    const told = (...models: string[]) =>
      ofKind(evidenceOf(models.map(file)), 'doubt').map(({ metric, value, labels }) => [metric, value, labels.value]);
    expect(told('gemma3', 'gemma3:latest', 'Gemma3', 'gemma3:1b')).toEqual([['label_spelling', 3, 'gemma3']]);
    expect(told('gemma3', 'gemma3:1b')).toEqual([]);
  });
});

describe('grouping as a whole', () => {
  const label = fc.dictionary(
    fc.constantFrom('model', 'num_gpu', 'quantization', 'start', 'tag', 'test', 'file', 'x'),
    fc.constantFrom('a', 'b', 'a-q4_0', 'cold'),
    { maxKeys: 4 },
  );
  const one = fc.record({
    metric: fc.constantFrom<Metric>('output_token_throughput', 'time_to_first_token', 'request_latency', 'accuracy'),
    statistic: fc.constantFrom('value', 'mean', 'median', 'p99', 'max'),
    over: fc.constantFrom('runs', 'requests', undefined),
    labels: label,
    list: fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 7 }),
  });
  const file = fc.record({
    path: fc.constantFrom('a.json', 'b.json', 'run-1.json', 'run-2.json', 'r-1.csv', 'r-2.csv', 'r-3.csv', 'd/a.json'),
    parts: fc.array(one, { maxLength: 5 }),
  });
  const dataset = fc.uniqueArray(file, { minLength: 1, maxLength: 5, selector: ({ path }) => path });
  type Drawn = {
    path: string;
    parts: { metric: Metric; statistic: string; over: 'runs' | 'requests' | undefined; labels: Record<string, string>; list: number[] }[];
  }[];
  const filesOf = (drawn: Drawn): File[] =>
    drawn.map(({ path, parts }) => ({
      path,
      measurements: parts.flatMap(({ metric, statistic, over, labels, list }) =>
        values(metric, { ...labels }, list, { statistic, ...(over ? { over } : {}) }),
      ),
    }));

  it('gives no two facts one id, whatever files say, and depends on no order', () => {
    fc.assert(
      fc.property(dataset, (drawn) => {
        const files = filesOf(drawn);
        const evidence = evidenceOf(files);
        expect(new Set(evidence.facts.map(({ id }) => id)).size).toBe(evidence.facts.length);
        const hashes = new Map(files.map(({ path }, i) => [path, HASH(i + 1)]));
        const back = [...files].reverse().map((one): File => ({ ...one, more: { sha256: hashes.get(one.path) ?? null } }));
        expect(JSON.stringify(evidenceOf(back))).toBe(JSON.stringify(evidence));
      }),
      { numRuns: 300 },
    );
  });

  it('is the same with what it remembers of other inventories as without', () => {
    fc.assert(
      fc.property(dataset, dataset, (before, after) => {
        const memory = new EvidenceMemory();
        evidenceOf(filesOf(before), memory);
        const files = filesOf(after);
        expect(JSON.stringify(evidenceOf(files, memory))).toBe(JSON.stringify(evidenceOf(files)));
        expect(JSON.stringify(evidenceOf(files, memory))).toBe(JSON.stringify(evidenceOf(files)));
      }),
      { numRuns: 100 },
    );
  });
});
