import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Measurement, Reading } from '@chimera/shared/domain';
import { describe, expect, it } from 'vitest';
import { readArtifact } from '../read-artifact.ts';

type Read = Extract<Reading, { status: 'read' }>;

function read(text: string, path = 'run.log'): Read {
  const reading = readArtifact({ path, bytes: Buffer.from(text) });
  if (reading.status !== 'read') throw new Error(reading.reason);
  return reading;
}

const RULER = '='.repeat(50);
const line = (label: string, value: string) => `${label.padEnd(40)} ${value.padEnd(10)}`;
const headed = (...lines: string[]) => ['============ Serving Benchmark Result ============', ...lines, RULER].join('\n');

/** What vLLM prints, with other values where they are given. */
function block(values: Readonly<Record<string, string>> = {}): string {
  const shown = {
    'Successful requests:': '200',
    'Failed requests:': '0',
    'Benchmark duration (s):': '51.25',
    'Total input tokens:': '102400',
    'Total generated tokens:': '25600',
    'Request throughput (req/s):': '3.90',
    'Output token throughput (tok/s):': '499.50',
    'Peak output token throughput (tok/s):': '812.00',
    'Peak concurrent requests:': '31.00',
    'Total Token throughput (tok/s):': '2497.60',
    'Mean TTFT (ms):': '81.50',
    'P99 TTFT (ms):': '161.00',
    'Median TPOT (ms):': '12.25',
    'P99.9 ITL (ms):': '40.25',
    'Mean E2EL (ms):': '1640.00',
    ...values,
  };
  return headed(...Object.entries(shown).map(([label, value]) => line(label, value)));
}

const SGLANG = headed(
  line('Backend:', 'sglang-oai'),
  line('Traffic request rate:', '8.0'),
  line('Max request concurrency:', 'not set'),
  line('Successful requests:', '64'),
  line('Benchmark duration (s):', '16.00'),
  line('Total generated tokens:', '8192'),
  line('Total generated tokens (retokenized):', '8150'),
  line('Request throughput (req/s):', '4.00'),
  line('Input token throughput (tok/s):', '1024.00'),
  line('Output token throughput (tok/s):', '512.00'),
  line('Concurrency:', '13.37'),
  line('Accept length:', '2.61'),
  '----------------End-to-End Latency----------------',
  line('Mean E2E Latency (ms):', '3342.50'),
  line('Median E2E Latency (ms):', '3300.00'),
  '---------------Time to First Token----------------',
  line('Mean TTFT (ms):', '120.00'),
  line('Median TTFT (ms):', '110.00'),
  '---------------Inter-Token Latency----------------',
  line('Mean ITL (ms):', '25.00'),
  line('Max ITL (ms):', '190.25'),
);

const ARGUMENTS =
  "Namespace(backend='openai', model='org/tiny-7b', dataset_name='random', random_input_len=512, random_output_len=128, random_range_ratio=0.0, " +
  "sharegpt_output_len=None, num_prompts=200, request_rate=3.999, max_concurrency=None, temperature=0.0, metadata=['gpu=H100', 'tp=4'], burstiness=1.0)";

const brief = (one: Measurement | undefined) => one && [one.metric, one.statistic, one.value, one.unit, one.n, one.over ?? null];
const at = (reading: Read, pointer: string): Measurement | undefined => reading.measurements.find((one) => one.pointer === pointer);
const labels = (reading: Read) => reading.measurements[0]?.labels;

describe('the printed result of vllm bench serve', () => {
  it('gives each line with metric, statistic, unit, n and the line', () => {
    const reading = read(`$ vllm bench serve\n${block()}\n`);
    expect(reading).toMatchObject({ format: 'vllm-serve-console', records: 1, failed: [], warnings: [] });
    expect(reading.measurements.map((one) => [one.pointer, ...(brief(one) ?? [])])).toEqual([
      ['line 3', 'Successful requests', 'value', 200, null, null, null],
      ['line 4', 'Failed requests', 'value', 0, null, null, null],
      ['line 5', 'duration', 'value', 51.25, 's', null, 'runs'],
      ['line 6', 'Total input tokens', 'value', 102400, 'tokens', null, null],
      ['line 7', 'Total generated tokens', 'value', 25600, 'tokens', null, null],
      ['line 8', 'request_throughput', 'value', 3.9, 'req/s', null, 'runs'],
      ['line 9', 'output_token_throughput', 'value', 499.5, 'tok/s', null, 'runs'],
      ['line 10', 'Peak output token throughput', 'max', 812, 'tok/s', null, null],
      ['line 11', 'Peak concurrent requests', 'max', 31, null, null, null],
      ['line 12', 'total_token_throughput', 'value', 2497.6, 'tok/s', null, 'runs'],
      ['line 13', 'time_to_first_token', 'mean', 81.5, 'ms', 200, 'requests'],
      ['line 14', 'time_to_first_token', 'p99', 161, 'ms', 200, 'requests'],
      ['line 15', 'time_per_output_token', 'median', 12.25, 'ms', 200, 'requests'],
      ['line 16', 'inter_token_latency', 'p99.9', 40.25, 'ms', null, 'gaps'],
      ['line 17', 'request_latency', 'mean', 1640, 'ms', 200, 'requests'],
    ]);
    expect(labels(reading)).toEqual({ tool: 'vllm bench serve' });
  });

  it('takes its labels from the command before it, as the JSON file of the run gives them', () => {
    expect(labels(read(`${ARGUMENTS}\n${block({ 'Request rate configured (RPS):': '4.00' })}`))).toEqual({
      ...{ tool: 'vllm bench serve', model: 'org/tiny-7b', backend: 'openai', dataset: 'random', num_prompts: '200' },
      ...{ request_rate: '3.999', prompt_length: '512', output_length: '128', random_range_ratio: '0', temperature: '0' },
      ...{ gpu: 'H100', tensor_parallel: '4' },
    });
  });

  it('takes no length of a data set that was not used', () => {
    const shared = ARGUMENTS.replace("'random'", "'sharegpt'").replace('sharegpt_output_len=None', 'sharegpt_output_len=300');
    const { prompt_length, output_length, dataset } = labels(read(`${shared}\n${block()}`)) ?? {};
    expect([dataset, prompt_length, output_length]).toEqual(['sharegpt', undefined, '300']);
  });

  it('takes its labels from its own lines too, and from those that the tool prints before it', () => {
    const before = 'Traffic request rate: 6.5\nMaximum request concurrency: 32\n';
    expect(labels(read(before + block()))).toMatchObject({ request_rate: '6.5', concurrency: '32' });
    const within = block({ 'Maximum request concurrency:': '16', 'Request rate configured (RPS):': '5.00' });
    expect(labels(read(before + within))).toMatchObject({ request_rate: '5', concurrency: '16' });
    expect(labels(read(`Traffic request rate: inf\nMaximum request concurrency: None\n${block()}`))).toEqual({
      ...{ tool: 'vllm bench serve', request_rate: 'inf' },
    });
  });

  it('is one of several in a log: arguments are those of the next one only', () => {
    const reading = read(
      `${ARGUMENTS}\n${block()}\nsome more\n${block({ 'Mean TTFT (ms):': '99.00' })}\nTraffic request rate: 1.0\n${block()}`,
    );
    expect(reading.records).toBe(3);
    const times = reading.measurements.filter((one) => one.metric === 'time_to_first_token' && one.statistic === 'mean');
    expect(times.map((one) => [one.pointer, one.value, one.labels.model, one.labels.request_rate])).toEqual([
      ['line 13', 81.5, 'org/tiny-7b', '3.999'],
      ['line 31', 99, undefined, undefined],
      ['line 49', 81.5, undefined, '1'],
    ]);
  });

  it('is found behind the prefixes of a log, colours, carriage returns and quotes', () => {
    const plain = read(block()).measurements;
    const all = (change: (one: string) => string) => read(block().split('\n').map(change).join('\n')).measurements;
    expect(all((one) => `bench-1  | ${one}`)).toEqual(plain);
    expect(all((one) => `2026-03-01T10:11:12.5Z ${one}`)).toEqual(plain);
    expect(all((one) => `\u001b[32m${one}\u001b[0m`)).toEqual(plain);
    expect(all((one) => `${one}\r`)).toEqual(plain);
    expect(all((one) => `    ${one}`)).toEqual(plain);
    expect(all((one) => one.trimEnd())).toEqual(plain);
    expect(all((one) => `  0%|   | 0/200\r 50%|#  | 100/200\r${one}`)).toEqual(plain);
  });

  it('is found in Markdown, beside the tables of the page', () => {
    const page = ['# Runs', '', '| run | latency_ms |', '| --- | --- |', '| a | 12.5 |', '', '```', block(), '```', ''].join('\n');
    const reading = read(page, 'notes.md');
    expect(reading).toMatchObject({ format: 'vllm-serve-console', kind: 'markdown' });
    expect(at(reading, 'line 10')?.value).toBe(0);
    expect(brief(at(reading, 'line 19'))).toEqual(['time_to_first_token', 'mean', 81.5, 'ms', 200, 'requests']);
    expect(reading.measurements.find(({ pointer }) => pointer.startsWith('line 5'))).toMatchObject({ value: 12.5, unit: 'ms' });
  });

  it('states its unit: in seconds where it is printed so', () => {
    const reading = read(block({ 'Median TTFT (s):': '3.4349', 'Input token throughput (tok/s):': '27234.81' }));
    expect(brief(reading.measurements.find(({ unit, statistic }) => unit === 's' && statistic === 'median'))).toEqual([
      ...['time_to_first_token', 'median', 3.4349, 's', 200, 'requests'],
    ]);
    expect(reading.measurements.find(({ metric }) => metric === 'prompt_token_throughput')?.value).toBe(27234.81);
    expect(labels(reading)?.tool).toBeUndefined();
  });

  it('names no tool where the block is that of TensorRT-LLM, or of one made after it', () => {
    const reading = read(block({ 'User throughput (tok/s):': '58.50' }));
    expect(labels(reading)).toEqual({});
    expect(brief(reading.measurements.find(({ value }) => value === 58.5))).toEqual([
      'User throughput',
      'value',
      58.5,
      'tok/s',
      null,
      null,
    ]);
  });

  it('keeps lines that it does not know, and times without a unit, under their own names', () => {
    const reading = read(
      block({ 'Cache hit rate:': '85.3%', 'Novel thing (ms):': '7.5', 'Median TTFT:': '5.00', 'Drafts:': '12', 'Note:': 'all well' }),
    );
    expect(reading.measurements.slice(-4).map((one) => brief(one))).toEqual([
      ['Cache hit rate', 'value', 85.3, '%', null, null],
      ['Novel thing', 'value', 7.5, 'ms', null, null],
      ['Median TTFT', 'value', 5, null, null, null],
      ['Drafts', 'value', 12, null, null, null],
    ]);
  });
});

describe('failed and doubtful printed results', () => {
  it('have no latency where nothing completed', () => {
    const zeros = Object.fromEntries(
      ['Successful requests:', 'Request throughput (req/s):', 'Output token throughput (tok/s):', 'Mean TTFT (ms):', 'P99 TTFT (ms):'].map(
        (one) => [one, '0.00'],
      ),
    );
    const reading = read(`${ARGUMENTS}\n${block({ ...zeros, 'Successful requests:': '0', 'Failed requests:': '200' })}`);
    expect(reading.failed).toEqual([{ pointer: 'line 3', reason: 'no request completed of 200' }]);
    expect(reading.measurements.map(({ metric, failed }) => [metric, failed])).toEqual([
      ['Successful requests', true],
      ['Failed requests', true],
      ['duration', true],
      ['Total input tokens', true],
      ['Total generated tokens', true],
    ]);
  });

  it('are labelled as saturated', () => {
    const reading = read(block({ 'Request rate configured (RPS):': '10.00' }));
    expect(labels(reading)?.saturated).toBe('yes');
    expect(reading.warnings).toEqual([expect.stringContaining('line 1: 10 requests a second were asked for and 3.90 served')]);
  });

  it('are perhaps saturated where the last answers took that long', () => {
    // 200 answers of 128 tokens: 200 / (200 / 3.9 - 127 * 0.25) = 10.24 requests a second.
    const slow = { 'Request rate configured (RPS):': '10.00', 'Mean TPOT (ms):': '250.00' };
    expect(labels(read(block(slow)))?.saturated).toBe('perhaps');
    // 200 / (200 / 3.9 - (32.161 - 0.161)) = 10.37.
    const slowest = { 'Request rate configured (RPS):': '10.00', 'P99 E2EL (ms):': '32161.00' };
    expect(labels(read(block(slowest)))?.saturated).toBe('perhaps');
    expect(labels(read(block({ ...slowest, 'P99 TTFT (ms):': '31000.00' })))?.saturated).toBe('yes');
  });

  it('say how many requests failed', () => {
    expect(read(block({ 'Failed requests:': '5' })).warnings).toEqual([
      'line 1: 5 of its requests failed; the statistics are over the 200 that completed',
    ]);
  });

  it('are read up to where the text ends, without a number that may be half', () => {
    const cut = block().split('\n').slice(0, 12).join('\n').trimEnd().slice(0, -2);
    const reading = read(cut);
    expect(reading.measurements.at(-1)?.pointer).toBe('line 11');
    expect(reading.cut).toBe(true);
    expect(reading.warnings).toEqual([
      'line 1: the printed result has no last line of =: it may be cut off; the text ends within line 12, which was not read',
    ]);
    expect(read(`${cut}\n`).measurements.at(-1)?.pointer).toBe('line 12');
  });

  it('end where something else begins', () => {
    const open = block().split('\n').slice(0, -1).join('\n');
    const noise = Array.from({ length: 6 }, (_, index) => `INFO something went on ${index}`).join('\n');
    const reading = read(`${open}\n${noise}\nLatency: 99\n${open}\n${block()}\n`);
    expect(reading.records).toBe(3);
    expect(reading.measurements.filter(({ metric }) => metric === 'Latency')).toEqual([]);
    expect(reading.warnings).toHaveLength(2);
    expect(reading.cut).toBeUndefined();
  });

  it.each([
    ['nan', null],
    ['1,234.5', 'its comma may be a decimal one'],
    ['1e999', 'a double cannot hold it'],
    ['-4.00', 'below zero'],
    ['fast', null],
    ['12.5 s', 'is stated in ms and in s'],
  ])('have no time where it says %s', (value, warning) => {
    const reading = read(block({ 'Mean TTFT (ms):': value }));
    expect(at(reading, 'line 12')).toBeUndefined();
    expect(at(reading, 'line 13')?.value).toBe(161);
    if (warning === null) expect(reading.warnings).toEqual([]);
    else expect(reading.warnings.join('')).toContain(warning);
  });

  it('are not taken for talk of them', () => {
    for (const text of [
      '============ Serving Benchmark Result ============\n',
      'the Serving Benchmark Result says\nSuccessful requests: 3\n',
      '==== Serving Benchmark Result ====\nnothing here\n',
    ])
      expect(read(text, 'a.txt'), text).toMatchObject({ format: 'unknown', measurements: [] });
  });
});

describe('texts that were made to be slow', () => {
  it('are read, or not, in one pass', () => {
    const headlines = '=== Serving Benchmark Result ===\n'.repeat(100_000);
    expect(read(headlines).measurements).toEqual([]);
    const reading = read(`${block()}\n${headlines}`);
    expect(reading.records).toBe(1);
    expect(reading.warnings.at(-1)).toBe('… and 99995 more (headlines)');
    expect(read(`Namespace(${'a=('.repeat(200_000)}\n${block()}`).records).toBe(1);
    expect(read(`${'='.repeat(2_000_000)}\n${block()}`).records).toBe(1);
  });
});

describe("SGLang's printed result", () => {
  it('is told apart, with its own lines', () => {
    const reading = read(`benchmark_args=Namespace(model='org/tiny-7b', backend='sglang-oai')\n${SGLANG}\n`);
    expect(reading).toMatchObject({ format: 'vllm-serve-console', records: 1 });
    expect(labels(reading)).toEqual({
      ...{
        tool: 'sglang.bench_serving',
        engine: 'sglang',
        backend: 'sglang-oai',
        model: 'org/tiny-7b',
        request_rate: '8',
        saturated: 'yes',
      },
    });
    expect(reading.measurements.slice(-9).map((one) => [one.pointer, ...(brief(one) ?? [])])).toEqual([
      ['line 12', 'output_token_throughput', 'value', 512, 'tok/s', null, 'runs'],
      ['line 13', 'Concurrency', 'mean', 13.37, null, null, null],
      ['line 14', 'Accept length', 'mean', 2.61, 'tokens', null, null],
      ['line 16', 'request_latency', 'mean', 3342.5, 'ms', 64, 'requests'],
      ['line 17', 'request_latency', 'median', 3300, 'ms', 64, 'requests'],
      ['line 19', 'time_to_first_token', 'mean', 120, 'ms', 64, 'requests'],
      ['line 20', 'time_to_first_token', 'median', 110, 'ms', 64, 'requests'],
      ['line 22', 'inter_token_latency', 'mean', 25, 'ms', null, 'gaps'],
      ['line 23', 'inter_token_latency', 'max', 190.25, 'ms', null, 'gaps'],
    ]);
  });

  it('names the server that its backend names', () => {
    expect(labels(read(SGLANG.replace('sglang-oai', 'vllm')))).toMatchObject({ tool: 'sglang.bench_serving', engine: 'vllm' });
    const { engine, backend } = labels(read(SGLANG.replace(/^Backend:.*\n/m, ''))) ?? {};
    expect([engine, backend]).toEqual(['sglang', undefined]);
  });

  it('has a total of tokens under its shorter name too', () => {
    const reading = read(SGLANG.replace(line('Concurrency:', '13.37'), line('Total throughput (tok/s):', '1536.00')));
    expect(brief(at(reading, 'line 12'))).toEqual(['total_token_throughput', 'value', 1536, 'tok/s', null, 'runs']);
  });

  it('has no time to first token where nothing was streamed', () => {
    const whole = SGLANG.replace('120.00 ', '3342.50').replace('110.00 ', '3300.00').replace('25.00 ', '0.00 ').replace('190.25', '0.00  ');
    const reading = read(whole);
    const metrics = new Set(reading.measurements.map(({ metric }) => metric));
    expect(metrics.has('time_to_first_token') || metrics.has('inter_token_latency')).toBe(false);
    expect(metrics.has('request_latency')).toBe(true);
    expect(reading.warnings.join('\n')).toContain('nothing was streamed');
  });
});

describe('printed results within JSON', () => {
  const wrapped = (value: unknown, path = 'a.json') => read(JSON.stringify(value), path);

  it('lead to the text and the line in it', () => {
    const reading = wrapped({ success: true, raw_output: `Starting…\n${block()}` });
    expect(reading).toMatchObject({ format: 'vllm-serve-console', kind: 'json', records: 1, failed: [], warnings: [] });
    expect(brief(at(reading, '/raw_output line 13'))).toEqual(['time_to_first_token', 'mean', 81.5, 'ms', 200, 'requests']);
  });

  it('stand anywhere in it, with the settings around them', () => {
    const reading = wrapped({
      model: 'org/tiny-7b',
      config: { tensor_parallel_size: 4, note: 'x' },
      runs: [
        { max_concurrency: 8, out: { stdout: block() } },
        { max_concurrency: 16, out: { stdout: block({ 'Mean TTFT (ms):': '99.00' }) } },
      ],
    });
    const times = reading.measurements.filter((one) => one.metric === 'time_to_first_token' && one.statistic === 'mean');
    expect(times.map((one) => [one.pointer, one.value, one.labels])).toEqual([
      ['/runs/0/out/stdout line 12', 81.5, { tool: 'vllm bench serve', model: 'org/tiny-7b', tensor_parallel: '4', concurrency: '8' }],
      ['/runs/1/out/stdout line 12', 99, { tool: 'vllm bench serve', model: 'org/tiny-7b', tensor_parallel: '4', concurrency: '16' }],
    ]);
  });

  it('may be one a line', () => {
    const reading = read([0, 1].map((run) => JSON.stringify({ run, output: block() })).join('\n'), 'a.jsonl');
    expect(reading).toMatchObject({ format: 'vllm-serve-console', records: 2 });
    expect(at(reading, 'line 2 /output line 12')?.value).toBe(81.5);
  });

  it('may stand on a line among others', () => {
    const reading = read(`started\n${JSON.stringify({ raw: block() })} and done\n`, 'a.txt');
    expect(reading).toMatchObject({ format: 'vllm-serve-console', records: 1 });
    expect(at(reading, 'line 2 /raw line 12')?.value).toBe(81.5);
  });

  it('without an end are no sign that the file is cut', () => {
    const reading = wrapped({ raw_output: block().slice(0, -52) });
    expect(reading.warnings.join('')).toContain('has no last line of =');
    expect(reading.cut).toBeUndefined();
  });

  it('are of a failed run where the object says so, printed result or not', () => {
    const reading = wrapped([
      { success: false, raw_output: block() },
      { success: false, raw_output: 'Traceback', error: 'CUDA out of memory' },
      { success: true, raw_output: block() },
    ]);
    expect(reading.records).toBe(3);
    expect(reading.failed).toEqual([
      { pointer: '/0', reason: 'success is false' },
      { pointer: '/1', reason: 'CUDA out of memory' },
    ]);
    expect([...new Set(reading.measurements.filter(({ failed }) => failed).map(({ pointer }) => pointer.split('/')[1]))]).toEqual(['0']);
  });

  it('are read, and the numbers beside them are not, which is said', () => {
    const reading = wrapped({ raw_output: block(), parsed: { mean_ttft_ms: 81.5 }, max_concurrency: 8 });
    expect(at(reading, '/parsed/mean_ttft_ms')).toBeUndefined();
    expect(labels(reading)?.concurrency).toBe('8');
    expect(reading.warnings).toEqual(['only the printed results were read, and not the numbers beside them (1)']);
  });

  it('are not looked for under any other headline', () => {
    expect(wrapped({ raw_output: 'Serving Benchmark Result', value_ms: 3 })).toMatchObject({ format: 'generic' });
  });
});

describe('lines of a printed result that say a number again', () => {
  it('are no second median', () => {
    const values = { 'Median TTFT (ms):': '74.25', 'P50 TTFT (ms):': '74.25', 'P50 ITL (ms):': '12.00' };
    const reading = read(block(values));
    expect(reading.measurements.filter(({ statistic }) => statistic === 'median').map(({ pointer }) => pointer)).toEqual([
      ...['line 14', 'line 17', 'line 19'],
    ]);
    expect(at(reading, 'line 18')).toMatchObject({ metric: 'time_to_first_token', statistic: 'p50', value: 74.25 });
  });
});

const SAMPLE = fileURLToPath(
  new URL('../../../../../shared/data/formats/vllm-serve-console/3-gemma4-short-rate16-console.log', import.meta.url),
);

// Expected values are from the raw file.
describe.skipIf(!existsSync(SAMPLE))('the sample of a printed result', () => {
  it('is read, behind a progress bar of a thousand carriage returns', () => {
    const reading = read(readFileSync(SAMPLE, 'utf8'));
    expect(reading).toMatchObject({ format: 'vllm-serve-console', records: 1, failed: [] });
    expect(brief(at(reading, 'line 25'))).toEqual(['time_to_first_token', 'mean', 131942.64, 'ms', 1000, 'requests']);
    expect(brief(at(reading, 'line 30'))).toEqual(['time_per_output_token', 'median', 114.7, 'ms', 1000, 'requests']);
    expect(brief(at(reading, 'line 34'))).toEqual(['inter_token_latency', 'median', 61.61, 'ms', null, 'gaps']);
    expect(brief(at(reading, 'line 20'))).toEqual(['output_token_throughput', 'value', 740.14, 'tok/s', null, 'runs']);
    expect(reading.measurements).toHaveLength(19);
    expect(labels(reading)).toEqual({
      ...{ tool: 'vllm bench serve', backend: 'openai', model: 'google/gemma-4-31B-it', dataset: 'random', num_prompts: '1000' },
      ...{ request_rate: '16', prompt_length: '1024', output_length: '256', random_range_ratio: '0', saturated: 'yes' },
    });
  });
});
