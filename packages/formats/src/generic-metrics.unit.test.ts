import type { Measurement, Reading } from '@chimera/shared/domain';
import { describe, expect, it } from 'vitest';
import { readArtifact } from './read-artifact.ts';

function read(path: string, text: string): Extract<Reading, { status: 'read' }> {
  const reading = readArtifact({ path, bytes: Buffer.from(text) });
  if (reading.status !== 'read') throw new Error(reading.reason);
  return reading;
}

const csv = (text: string) => read('a.csv', text).measurements;
const page = (text: string) => read('a.md', text).measurements;
const json = (value: unknown) => read('a.json', JSON.stringify(value)).measurements;
const lines = (...values: unknown[]) => read('a.jsonl', values.map((value) => `${JSON.stringify(value)}\n`).join('')).measurements;

/** Pointer → metric, statistic, unit. */
const told = (all: readonly Measurement[]) => all.map(({ pointer, metric, statistic, unit }) => [pointer, metric, statistic, unit]);
const labelsAt = (all: readonly Measurement[], pointer: string) => all.find((one) => one.pointer === pointer)?.labels;

describe('a table whose names say what they are', () => {
  it('gives canonical metrics with the unit of the file, and leaves the rest alone', () => {
    const all = csv('model,ttft_ms,p95_ttft_ms,tokens_s,latency_ms,prompt_eval,fan_speed\na,120,150,101.5,9,0.5,30\n');
    expect(told(all)).toEqual([
      ['line 2 column ttft_ms', 'time_to_first_token', 'value', 'ms'],
      ['line 2 column p95_ttft_ms', 'time_to_first_token', 'p95', 'ms'],
      ['line 2 column tokens_s', 'output_token_throughput', 'value', 'tok/s'],
      ['line 2 column latency_ms', 'latency_ms', 'value', 'ms'],
      ['line 2 column prompt_eval', 'prompt_eval', 'value', null],
      ['line 2 column fan_speed', 'fan_speed', 'value', null],
    ]);
    expect(all[0]).toMatchObject({ value: 120, labels: { model: 'a' } });
  });

  it('takes the unit from a row of units, and a percent sign from the cells', () => {
    expect(told(csv('kernel,TTFT,n\n,ms,\nk,12.5,3\n'))).toContainEqual(['line 3 column TTFT', 'time_to_first_token', 'value', 'ms']);
    expect(told(csv('run,GPU utilization\na,87%\nb,90%\n'))[0]).toEqual(['line 2 column GPU utilization', 'gpu_utilization', 'value', '%']);
  });

  it('keeps two columns of one metric and statistic apart', () => {
    const all = csv('ttft_ms,Time to First Token (ms),p95_ttft_ms\n5,6,9\n');
    expect(all.map(({ metric, statistic, labels }) => [metric, statistic, labels])).toEqual([
      ['time_to_first_token', 'value', { place: 'ttft_ms' }],
      ['time_to_first_token', 'value', { place: 'Time to First Token (ms)' }],
      ['time_to_first_token', 'p95', {}],
    ]);
  });

  it('keeps the tables of a page apart', () => {
    const table = (ms: number) => `| TTFT (ms) |\n| --- |\n| ${ms} |\n`;
    const all = page(`# A\n\n${table(5)}\n# B\n\n${table(7)}`);
    expect(all.map(({ value, labels }) => [value, labels])).toEqual([
      [5, { place: 'table at line 3' }],
      [7, { place: 'table at line 9' }],
    ]);
    expect(page(table(5))[0]?.labels).toEqual({});
  });

  it('does not take a rate of all tokens, or of other phases, for that of generation', () => {
    expect(told(csv('tokens_per_second,output_tokens_per_second\n300,100\n')).map(([, metric]) => metric)).toEqual([
      'tokens_per_second',
      'output_token_throughput',
    ]);
    const byTest = csv('test,t/s\npp512,4000\ntg128,100\npp512+tg128,300\n');
    expect(byTest.map(({ metric, labels }) => [metric, labels.test])).toEqual([
      ['t/s', 'pp512'],
      ['output_token_throughput', 'tg128'],
      ['t/s', 'pp512+tg128'],
    ]);
    // vLLM's benchmark of throughput counts the tokens of the prompts too. With another name in it the file is no longer vLLM's own.
    const vllm = json({
      elapsed_time: 10.5,
      requests: 100,
      total_num_tokens: 4000,
      requests_per_second: 9.5,
      tokens_per_second: 380,
    });
    expect(vllm.map(({ metric }) => metric)).toEqual([
      '/elapsed_time',
      '/requests',
      '/total_num_tokens',
      'request_throughput',
      '/tokens_per_second',
    ]);
  });

  it('does not take namesakes that include the first token', () => {
    const llmperf = csv('inter_token_latency_s,ttft_s,request_output_throughput_token_per_s\n0.02,0.3,50\n');
    expect(llmperf.map(({ metric }) => metric)).toEqual([
      'inter_token_latency_s',
      'time_to_first_token',
      'request_output_throughput_token_per_s',
    ]);
    const guidellm = json({
      itl_mean_ms: 10,
      tokens_per_second_mean: 900,
      output_tokens_per_second_mean: 400,
      time_per_output_token_mean_ms: 12,
    });
    expect(guidellm.map(({ metric }) => metric)).toEqual([
      'inter_token_latency',
      '/tokens_per_second_mean',
      'output_token_throughput',
      '/time_per_output_token_mean_ms',
    ]);
  });

  it('takes no row of differences or targets for a result, and a row of means for one', () => {
    const all = page(
      '| Run | tok/s |\n| --- | --- |\n| base | 100 |\n| tuned | 120 |\n| Mean | 110 |\n| Improvement | 20 |\n| Target | 150 |\n',
    );
    expect(all.map(({ metric, statistic }) => [metric, statistic])).toEqual([
      ['output_token_throughput', 'value'],
      ['output_token_throughput', 'value'],
      ['output_token_throughput', 'mean'],
      ['tok/s', 'value'],
      ['tok/s', 'value'],
    ]);
  });

  it('does not take peaks of several memories for one', () => {
    expect(csv('vram_peak_mib,ram_peak_mib\n100,200\n').map(({ metric }) => metric)).toEqual(['vram_peak_mib', 'ram_peak_mib']);
    expect(csv('peak_vram_mib,tokens_s\n100,200\n')[0]?.metric).toBe('peak_memory');
  });
});

describe('a table whose rows say what they are', () => {
  it('names each number by its row, with the unit that stands there', () => {
    const all = csv('model,metric,value,unit\na,ttft,80.5,ms\na,throughput,45,tok/s\na,latency,1.2,s\na,error_rate,2,%\na,steps,7,\n');
    expect(told(all)).toEqual([
      ['line 2 column value', 'time_to_first_token', 'value', 'ms'],
      ['line 3 column value', 'output_token_throughput', 'value', 'tok/s'],
      ['line 4 column value', 'latency', 'value', 's'],
      ['line 5 column value', 'error_rate', 'value', '%'],
      ['line 6 column value', 'steps', 'value', null],
    ]);
    expect(all[0]).toMatchObject({ value: 80.5, labels: { model: 'a' } });
  });

  it('reads columns of statistics, and pages', () => {
    expect(told(csv('Metric,avg,p99\nTTFT (ms),80,120\np50 ITL (ms),9,10\n'))).toEqual([
      ['line 2 column avg', 'time_to_first_token', 'mean', 'ms'],
      ['line 2 column p99', 'time_to_first_token', 'p99', 'ms'],
      ['line 3 column avg', 'p50 ITL (ms)', 'mean', 'ms'],
      ['line 3 column p99', 'p50 ITL (ms)', 'p99', 'ms'],
    ]);
    expect(told(page('| Metric | Value |\n|---|---|\n| **TTFT (ms)** | 80.5 |\n'))).toEqual([
      ['line 3 column Value', 'time_to_first_token', 'value', 'ms'],
    ]);
  });

  it('reads a column of another name as one of a configuration, which is a label', () => {
    const all = page(
      '| Metric | engine-a 1.2 | engine-b |\n|---|---|---|\n| TTFT p50 (ms) | **80.5** | 95 |\n| Time to First Token (TTFT) | 1.2s | 900ms |\n| Total token throughput | 450 tok/s | ~500 tok/s |\n| Steps | 7 | 9 |\n',
    );
    expect(told(all)).toEqual([
      ['line 3 column engine-a 1.2', 'time_to_first_token', 'median', 'ms'],
      ['line 3 column engine-b', 'time_to_first_token', 'median', 'ms'],
      ['line 4 column engine-a 1.2', 'time_to_first_token', 'value', 's'],
      ['line 4 column engine-b', 'time_to_first_token', 'value', 'ms'],
      ['line 5 column engine-a 1.2', 'total_token_throughput', 'value', 'tok/s'],
      ['line 6 column engine-a 1.2', 'Steps', 'value', null],
      ['line 6 column engine-b', 'Steps', 'value', null],
    ]);
    expect(all.map(({ labels }) => labels.column)).toEqual(all.map(({ pointer }) => pointer.slice('line 3 column '.length)));
  });

  it.each([
    'Target',
    'Count',
    'Speedup',
    'Δ',
    '% change',
    'SLO',
    'Runs',
    'Rank',
    'After (s)',
    'Time',
    'column 3',
    'batch_size',
    'Ceiling',
    'Cutoff',
    'Critical',
    'Advantage',
    'pval',
    'Failed',
    'Number',
  ])('keeps a column of %s under its own name and without the unit of the row, apart by the metric of the row', (name) => {
    const all = csv(`Metric,Baseline,${name === 'column 3' ? '' : name}\nTTFT (ms),80.5,70\nThroughput (tok/s),45,50\n`);
    const own = all.filter(({ pointer }) => pointer.endsWith(` column ${name}`));
    expect(own.map(({ metric, value }) => [metric, value])).toEqual([
      [name, 70],
      [name, 50],
    ]);
    expect(own.map(({ unit }) => unit)).toEqual(Array(2).fill(name === 'After (s)' ? 's' : null));
    expect(own.map(({ labels }) => labels.metric)).toEqual(['TTFT (ms)', 'Throughput (tok/s)']);
  });

  it('has the statistic that another word of the row states', () => {
    expect(
      told(csv('Metric,Percentile,engine-a\nTTFT (ms),p50,80\nTTFT (ms),p99,120\nTTFT p95 (ms),mean,9\nThroughput (tok/s),,45\n')),
    ).toEqual([
      ['line 2 column engine-a', 'time_to_first_token', 'median', 'ms'],
      ['line 3 column engine-a', 'time_to_first_token', 'p99', 'ms'],
      ['line 4 column engine-a', 'TTFT p95 (ms)', 'p95', 'ms'],
      ['line 5 column engine-a', 'output_token_throughput', 'value', 'tok/s'],
    ]);
    expect(told(csv('Model,Stat,TTFT (ms)\na,p50,80\na,p99,120\n'))).toEqual([
      ['line 2 column TTFT (ms)', 'time_to_first_token', 'median', 'ms'],
      ['line 3 column TTFT (ms)', 'time_to_first_token', 'p99', 'ms'],
    ]);
  });

  it.each(['Target', 'Requirement', 'Change', 'SLO'])('names no results by a column %s', (name) => {
    const all = page(`| ${name} | Prod | Lab |\n|---|---|---|\n| TTFT (ms) | 200 | 300 |\n| ITL (ms) | 20 | 30 |\n`);
    expect(all.map(({ metric }) => metric)).toEqual(['Prod', 'Lab', 'Prod', 'Lab']);
  });

  it('takes no other column for a configuration where one holds the values', () => {
    const all = csv('metric,value,unit,lane\nttft,80.5,ms,3\ntpot,9,ms,4\n');
    expect(told(all).filter(([pointer]) => pointer?.endsWith('lane'))).toEqual([
      ['line 2 column lane', 'lane', 'value', null],
      ['line 3 column lane', 'lane', 'value', null],
    ]);
  });

  it('finds the names in a first column without a header, where most of them say metrics', () => {
    const table = (first: string) => `| | old | new |\n|---|---|---|\n| TTFT p50 | 80 ms | 70 ms |\n| ${first} | 45 tok/s | 50 tok/s |\n`;
    expect(told(page(table('Output throughput')))).toEqual([
      ['line 3 column old', 'time_to_first_token', 'median', 'ms'],
      ['line 3 column new', 'time_to_first_token', 'median', 'ms'],
      ['line 4 column old', 'output_token_throughput', 'value', 'tok/s'],
      ['line 4 column new', 'output_token_throughput', 'value', 'tok/s'],
    ]);
    expect(page(table('engine-b'))).toEqual([]);
  });

  it('finds the names in a first column of another name, where they state units too', () => {
    expect(told(page('| Context | 128 | 2 048 |\n|---|---|---|\n| TTFT (ms) | 80 | 95 |\n| decode (tok/s) | 45.5 | 40 |\n'))).toEqual([
      ['line 3 column 128', 'time_to_first_token', 'value', 'ms'],
      ['line 3 column 2 048', 'time_to_first_token', 'value', 'ms'],
      ['line 4 column 128', 'output_token_throughput', 'value', 'tok/s'],
      ['line 4 column 2 048', 'output_token_throughput', 'value', 'tok/s'],
    ]);
    const phases = page('| Phase | tok/s | Time (ms) |\n|---|---|---|\n| Prefill | 900 | 12 |\n| Decode | 45 | 800 |\n');
    expect(told(phases).map(([, metric]) => metric)).toEqual(['tok/s', 'Time (ms)', 'output_token_throughput', 'Time (ms)']);
  });

  it('reads what pandas describes, with its columns as rows', () => {
    expect(told(csv(',count,mean,std,50%\nttft_ms,100,80.5,4,79\ntpot_ms,100,9.5,1,9\n'))).toEqual([
      ['line 2 column count', 'count', 'value', null],
      ['line 2 column mean', 'time_to_first_token', 'mean', 'ms'],
      ['line 2 column std', 'time_to_first_token', 'stddev', 'ms'],
      ['line 2 column 50%', 'time_to_first_token', 'median', 'ms'],
      ['line 3 column count', 'count', 'value', null],
      ['line 3 column mean', 'time_per_output_token', 'mean', 'ms'],
      ['line 3 column std', 'time_per_output_token', 'stddev', 'ms'],
      ['line 3 column 50%', 'time_per_output_token', 'median', 'ms'],
    ]);
  });

  it('finds a contradiction within a configuration', () => {
    const rows = 'Metric,a,b\nTTFT (ms),80,90\nRequest latency (ms),900,9\n';
    expect(told(csv(rows)).map(([pointer, metric]) => [pointer, metric])).toEqual([
      ['line 2 column a', 'time_to_first_token'],
      ['line 2 column b', 'TTFT (ms)'],
      ['line 3 column a', 'request_latency'],
      ['line 3 column b', 'Request latency (ms)'],
    ]);
  });

  it('calls no load duration beside that of another configuration a cold one', () => {
    const all = page('| Metric | a | b | c |\n|---|---|---|---|\n| Model load time (s) | 50 | 2 | 2 |\n');
    expect(all.map(({ metric, labels }) => [metric, labels])).toEqual(['a', 'b', 'c'].map((column) => ['load_duration', { column }]));
  });

  it.each([
    ['two units that differ', 'ttft_ms,80,s', ['ttft_ms', null]],
    ['a unit that is not known', 'ttft,80,parsecs', ['ttft', null]],
    ['what was aimed at', 'target ttft,80,ms', ['target ttft', 'ms']],
    ['no unit', 'ttft,80,', ['ttft', null]],
    ['the rate of another phase', 'pp512 throughput,80,tok/s', ['pp512 throughput', 'tok/s']],
  ])('judges nothing by %s', (_, row, meant) => {
    expect(csv(`metric,value,unit\n${row}\n`).map(({ metric, unit }) => [metric, unit])).toEqual([meant]);
  });
});

describe('a value below zero', () => {
  it('is kept as it stands, and said to count nowhere', () => {
    const reading = read('a.csv', 'model,ttft_ms,temp_c\na,80,-3\nb,-1,-4\nc,-1,5\n');
    expect(reading.measurements.filter(({ metric }) => metric === 'time_to_first_token').map(({ value }) => value)).toEqual([80, -1, -1]);
    expect(reading.warnings).toEqual([
      'line 3 column ttft_ms: -1 is below zero, which no time, rate or size can be: it is kept as the file has it, and counts nowhere',
      '… and 1 more (below zero)',
    ]);
  });
});

describe('labels', () => {
  it('have one name, whatever a tool calls them', () => {
    const [cell] = csv('n_gpu_layers,Batch Size,quant,ttft_ms\n40,8,q4_0,5\n').slice(-1);
    expect(cell?.labels).toEqual({ num_gpu: '40', batch: '8', quantization: 'q4_0' });
    expect(json([{ ngl: 40, n_ctx: 4096, ttft_ms: 5 }]).at(-1)?.labels).toEqual({ num_gpu: '40', num_ctx: '4096' });
  });

  it('of one name and two values keep both', () => {
    expect(csv('num_gpu,n_gpu_layers,ttft_ms\n40,50,5\n').at(-1)?.labels).toEqual({ num_gpu: '40', n_gpu_layers: '50' });
  });

  it('are texts that repeat, and no texts that number, date or quote a row', () => {
    const all = csv('variant_id,build,prompt,started_at,tok_s\n1,a,hello,x,1\n2,a,hello,x,2\n3,b,hello,x,3\n4,b,hello,x,4\n');
    expect(all.filter(({ metric }) => metric === 'output_token_throughput').map(({ labels }) => labels)).toEqual([
      { build: 'a' },
      { build: 'a' },
      { build: 'b' },
      { build: 'b' },
    ]);
    // Each row has its own: then it is no configuration.
    expect(csv('note2,tok_s\na,1\nb,2\n').map(({ labels }) => labels)).toEqual([{}, {}]);
  });

  it('do not repeat what settings say', () => {
    expect(csv('config_name,num_gpu,tok_s\ng1,1,5\ng1,1,6\n').at(-1)?.labels).toEqual({ num_gpu: '1' });
  });

  it('take temp beside sampling settings for the temperature, and elsewhere for heat', () => {
    expect(csv('num_ctx,temp,tok_s\n1024,0.4,5\n').at(-1)?.labels).toEqual({ num_ctx: '1024', temperature: '0.4' });
    expect(csv('gpu_id,temp,tok_s\n0,61,5\n').at(-1)?.labels).toEqual({});
  });

  it('name the rows of a table of a page by its first column, if nothing else does', () => {
    expect(page('| Setup A/B | tok/s |\n| --- | --- |\n| old | 5 |\n| new | 6 |\n').map(({ labels }) => labels)).toEqual([
      { 'setup_a/b': 'old' },
      { 'setup_a/b': 'new' },
    ]);
    expect(page('| Prompt | tok/s |\n| --- | --- |\n| hello | 5 |\n')[0]?.labels).toEqual({});
  });

  it('of JSON come from the objects around, and from their parts that hold a configuration', () => {
    const all = json({
      model: 'm',
      runs: [
        { options: { num_gpu: 20, seed: 1 }, result: { tok_s: 5 } },
        { model: 'n', result: { tok_s: 6 } },
      ],
    });
    expect(labelsAt(all, '/runs/0/result/tok_s')).toEqual({ model: 'm', num_gpu: '20' });
    expect(labelsAt(all, '/runs/1/result/tok_s')).toEqual({ model: 'n' });
  });

  it('of JSON lines are texts that repeat over the lines', () => {
    const all = lines(
      { variant: 'a', kind: 'x', tok_s: 1 },
      { variant: 'b', kind: 'x', tok_s: 2 },
      { variant: 'a', kind: 'y', tok_s: 3 },
      { kind: 'y', tok_s: 4 },
    );
    expect(all.map(({ labels }) => labels)).toEqual([
      { variant: 'a', kind: 'x' },
      { variant: 'b', kind: 'x' },
      { variant: 'a', kind: 'y' },
      { kind: 'y' },
    ]);
  });
});

describe('JSON whose names say what they are', () => {
  it('finds the name, the unit and the statistic among the keys around a number', () => {
    const all = json({
      ttft_ms: { mean: 5, p95: 9, percentiles: { p99: 11 }, count: 3 },
      e2e_latency: { mean_ms: 50 },
      p95: { itl_ms: 2 },
      eval_rate: { unit: 'tokens/s', value: 101.5, n: 7 },
      tokens_s: [100, 101],
    });
    expect(told(all)).toEqual([
      ['/ttft_ms/mean', 'time_to_first_token', 'mean', 'ms'],
      ['/ttft_ms/p95', 'time_to_first_token', 'p95', 'ms'],
      ['/ttft_ms/percentiles/p99', 'time_to_first_token', 'p99', 'ms'],
      ['/ttft_ms/count', '/ttft_ms/count', 'value', null],
      ['/e2e_latency/mean_ms', 'request_latency', 'mean', 'ms'],
      ['/p95/itl_ms', 'inter_token_latency', 'p95', 'ms'],
      ['/eval_rate/value', 'output_token_throughput', 'value', 'tok/s'],
      ['/eval_rate/n', '/eval_rate/n', 'value', null],
      ['/tokens_s/0', 'output_token_throughput', 'value', 'tok/s'],
      ['/tokens_s/1', 'output_token_throughput', 'value', 'tok/s'],
    ]);
  });

  it('takes no target, difference or interval for a result', () => {
    const all = json({
      slo: { ttft_ms: 200 },
      improvement: { tokens_s: 5 },
      config: { ttft_ms: 1 },
      ttft_ms_ci: [1, 2],
      mean_ttft_ms: { p95: 3 },
    });
    expect(all.map(({ metric }) => metric)).toEqual([
      '/slo/ttft_ms',
      '/improvement/tokens_s',
      '/config/ttft_ms',
      '/ttft_ms_ci/*',
      '/ttft_ms_ci/*',
      '/mean_ttft_ms/p95',
    ]);
  });

  it('keeps places of one metric and statistic apart, unless a label says the same', () => {
    const all = json({ before: { ttft_ms: 5 }, after: { ttft_ms: 4 }, summary: { mean_ttft_ms: 4.5 } });
    expect(all.map(({ labels }) => labels)).toEqual([{ place: '/before' }, { place: '/after' }, {}]);
    const same = json({ ttft_ms: 5, time_to_first_token_s: 0.005 });
    expect(same.map(({ labels }) => labels)).toEqual([{ place: '/ttft_ms' }, { place: '/time_to_first_token_s' }]);
    const byConcurrency = json({ 1: { concurrency: 1, ttft_ms: 5 }, 8: { concurrency: 8, ttft_ms: 9 } });
    expect(byConcurrency.filter(({ metric }) => metric === 'time_to_first_token').map(({ labels }) => labels)).toEqual([
      { concurrency: '1' },
      { concurrency: '8' },
    ]);
  });

  it.each(['prefill', 'pp512', 'prompt_processing', 'training', 'finetune'])(
    'reads a rate by the phase that a key around says: %s',
    (key) => {
      expect(told(json({ [key]: { stats: { tokens_per_second: 900 } }, decode: { tokens_per_second: 45 } }))).toEqual([
        [`/${key}/stats/tokens_per_second`, `/${key}/stats/tokens_per_second`, 'value', 'tok/s'],
        ['/decode/tokens_per_second', 'output_token_throughput', 'value', 'tok/s'],
      ]);
    },
  );

  it('reads a rate by the phase that its record is of', () => {
    const all = lines({ mode: 'pp', tokens_per_sec: 900 }, { mode: 'tg', tokens_per_sec: 20 });
    expect(all.map(({ metric }) => metric)).toEqual(['/tokens_per_sec', 'output_token_throughput']);
    expect(json([{ tokens_per_sec: 20, raw: { n_prompt: 512, n_gen: 0 } }])[0]?.metric).toBe('/*/tokens_per_sec');
  });
});

describe('JSON whose objects say what their value is of', () => {
  it('is named by it, with the unit that stands beside it', () => {
    const all = json([
      { metric: 'ttft', value: 80.5, unit: 'ms' },
      { metric: 'tokens_per_second', value: 45 },
      { metric: 'latency', value: 1.2, unit: 's' },
      { metric: 'target ttft', value: 70, unit: 'ms' },
      { metric: 'ttft', value: 90, unit: 'parsecs' },
    ]);
    expect(told(all)).toEqual([
      ['/0/value', 'time_to_first_token', 'value', 'ms'],
      ['/1/value', 'output_token_throughput', 'value', 'tok/s'],
      ['/2/value', '/*/value', 'value', 's'],
      ['/3/value', '/*/value', 'value', 'ms'],
      ['/4/value', '/*/value', 'value', null],
    ]);
    expect(all.map(({ labels }) => labels.metric)).toEqual(['ttft', 'tokens_per_second', 'latency', 'target ttft', 'ttft']);
  });
});

describe('a latency below the time to first token', () => {
  it('keeps both under their own names, and says so', () => {
    const reading = read('a.json', JSON.stringify({ ttft_mean_ms: 1006.2, request_latency_mean_ms: 2.33, itl_mean_ms: 10.4 }));
    expect(reading.measurements.map(({ metric, value, unit }) => [metric, value, unit])).toEqual([
      ['/ttft_mean_ms', 1006.2, 'ms'],
      ['/request_latency_mean_ms', 2.33, 'ms'],
      ['inter_token_latency', 10.4, 'ms'],
    ]);
    expect(reading.warnings).toEqual([expect.stringContaining('/request_latency_mean_ms: 2.33 ms for a whole request is less than')]);
  });

  it('is judged row by row, statistic by statistic, and in the units that are stated', () => {
    const all = csv('ttft_ms,e2e_latency_s\n500,2\n500,0.1\n');
    expect(all.map(({ metric }) => metric)).toEqual(['time_to_first_token', 'request_latency', 'ttft_ms', 'e2e_latency_s']);
    expect(csv('p99_ttft_ms,mean_e2el_ms\n500,100\n').map(({ metric }) => metric)).toEqual(['time_to_first_token', 'request_latency']);
  });
});

describe('cold and warm', () => {
  const HEADER = 'model,load_s,ttft_s,e2e_latency_s,tokens_s,error\n';

  it('label what includes the loading, in a table', () => {
    const all = csv(`${HEADER}m,4,4.5,9,100,\nm,0.1,0.2,5,101,\nm,0.1,0.2,5,102,\nm,0,0,0,0,timed out\n`);
    const starts = (column: string) =>
      all.filter(({ pointer }) => pointer.endsWith(` ${column}`)).map(({ labels, failed }) => [labels.start, failed]);
    const expected = [
      ['cold', false],
      ['warm', false],
      ['warm', false],
      [undefined, true],
    ];
    expect([starts('load_s'), starts('ttft_s'), starts('e2e_latency_s')]).toEqual([expected, expected, expected]);
    expect(starts('tokens_s').map(([start]) => start)).toEqual([undefined, undefined, undefined, undefined]);
    expect(labelsAt(all, 'line 2 column ttft_s')).toEqual({ model: 'm', start: 'cold' });
  });

  it('are told in a list of records and in JSON lines, and not of one record alone', () => {
    const record = (load: number) => ({ load_s: load, ttft_s: load + 0.1, tokens_s: 100 });
    const starts = (all: readonly Measurement[]) =>
      all.filter(({ metric }) => metric === 'time_to_first_token').map(({ labels }) => labels.start);
    expect(starts(json({ results: [record(3), record(0.1), record(0.1)] }))).toEqual(['cold', 'warm', 'warm']);
    expect(starts(lines(record(3), record(0.1)))).toEqual(['cold', 'warm']);
    expect(starts(json(record(3)))).toEqual([undefined]);
    expect(starts(json({ results: [record(3), record(2)] }))).toEqual([undefined, undefined]);
  });

  it('are told by the mean of a summary too', () => {
    const all = csv('num_gpu,mean_load_s,mean_ttft_s\n40,3.05,3.2\n60,0.08,0.09\n80,0.07,0.08\n');
    expect(all.filter(({ metric }) => metric === 'time_to_first_token').map(({ labels }) => labels.start)).toEqual([
      'cold',
      'warm',
      'warm',
    ]);
  });
});
