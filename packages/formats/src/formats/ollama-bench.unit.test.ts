import type { Reading } from '@chimera/shared/domain';
import { describe, expect, it } from 'vitest';
import { looksCut, readArtifact } from '../read-artifact.ts';

type Read = Extract<Reading, { status: 'read' }>;

function read(text: string, path = 'bench.csv'): Read {
  const reading = readArtifact({ path, bytes: Buffer.from(text) });
  if (reading.status !== 'read') throw new Error(reading.reason);
  return reading;
}

const HEADER = 'NAME,STEP,COUNT,NS_PER_COUNT,TOKEN_PER_SEC\n';
const INFO = '# Model: qwen3:4b | Params: 4.0B | Quant: Q4_K_M | Family: qwen3 | Size: 3500000000 | VRAM: 3000000000 | NumCtx: 4096\n';
/** One epoch: 100 tokens of prompt at 2 ms, 200 tokens at 20 ms. */
const epoch = (model = 'qwen3:4b', load = 50_000_000, ttft = 260_000_000) =>
  `${model},prefill,100,2000000.00,500.00\n${model},generate,200,20000000.00,50.00\n` +
  `${model},ttft,1,${ttft},0\n${model},load,1,${load},0\n${model},total,1,${4_200_000_000 + load},0\n`;

const brief = (reading: Read) => reading.measurements.map(({ metric, value, unit, pointer }) => [metric, value, unit, pointer]);
const valuesOf = (reading: Read, metric: string) => reading.measurements.filter((one) => one.metric === metric).map(({ value }) => value);

describe('cmd/bench as CSV', () => {
  it('gives rates of tokens and whole durations, and takes no 0 for a rate', () => {
    const reading = read(HEADER + INFO + epoch());
    expect(reading).toMatchObject({ format: 'ollama-bench', records: 1, failed: [], warnings: [] });
    expect(brief(reading).sort((a, b) => String(a[3]).localeCompare(String(b[3])))).toEqual([
      ['Size', 3_500_000_000, 'bytes', 'line 2 column Size'],
      ['VRAM', 3_000_000_000, 'bytes', 'line 2 column VRAM'],
      ['prompt_eval_count', 100, 'tokens', 'line 3 column COUNT'],
      ['NS_PER_COUNT', 2_000_000, 'ns/token', 'line 3 column NS_PER_COUNT'],
      ['prompt_token_throughput', 500, 'tok/s', 'line 3 column TOKEN_PER_SEC'],
      ['eval_count', 200, 'tokens', 'line 4 column COUNT'],
      ['NS_PER_COUNT', 20_000_000, 'ns/token', 'line 4 column NS_PER_COUNT'],
      ['output_token_throughput', 50, 'tok/s', 'line 4 column TOKEN_PER_SEC'],
      ['time_to_first_token', 260_000_000, 'ns', 'line 5 column NS_PER_COUNT'],
      ['load_duration', 50_000_000, 'ns', 'line 6 column NS_PER_COUNT'],
      ['request_latency', 4_250_000_000, 'ns', 'line 7 column NS_PER_COUNT'],
    ]);
    expect(reading.measurements.find(({ metric }) => metric === 'output_token_throughput')).toMatchObject({
      statistic: 'value',
      over: 'repetitions',
      labels: {
        engine: 'ollama',
        tool: 'ollama bench',
        model: 'qwen3:4b',
        parameters: '4.0B',
        quantization: 'Q4_K_M',
        family: 'qwen3',
        num_ctx: '4096',
      },
    });
  });

  it('takes a step that comes again for the next epoch, and knows each model’s line', () => {
    const other = '# Model: hf.co/org/Model:Q8_0 | Params: unknown | Quant: unknown | Family: unknown\n';
    const reading = read(HEADER + INFO + epoch() + epoch() + other + epoch('hf.co/org/Model:Q8_0') + epoch('hf.co/org/Model:Q8_0'));
    expect(reading.records).toBe(4);
    const labels = reading.measurements.filter(({ metric }) => metric === 'output_token_throughput').map((one) => one.labels);
    expect(labels.map(({ model, quantization }) => [model, quantization])).toEqual([
      ['qwen3:4b', 'Q4_K_M'],
      ['qwen3:4b', 'Q4_K_M'],
      ['hf.co/org/Model:Q8_0', undefined],
      ['hf.co/org/Model:Q8_0', undefined],
    ]);
  });

  it('labels cold and warm what includes the loading', () => {
    const reading = read(HEADER + epoch('m', 3_000_000_000, 3_300_000_000) + epoch('m') + epoch('m'));
    const starts = (metric: string) => reading.measurements.filter((one) => one.metric === metric).map(({ labels }) => labels.start);
    for (const metric of ['time_to_first_token', 'load_duration', 'request_latency'])
      expect(starts(metric)).toEqual(['cold', 'warm', 'warm']);
    expect(starts('prompt_token_throughput')).toEqual([undefined, undefined, undefined]);
    // A loading that is longer than the time to first token was not waited for.
    expect(read(HEADER + epoch('m', 3_000_000_000)).measurements.every(({ labels }) => labels.start === undefined)).toBe(true);
  });

  it('leaves out what was not measured', () => {
    const reading = read(
      `${HEADER}m,prefill,0,0.00,0.00\nm,generate,1,1000.00,1000000.00\nm,ttft,1,0,0\nm,load,1,0,0\nm,total,1,5000000,0\n`,
    );
    expect(brief(reading).map(([metric]) => metric)).toEqual(['eval_count', 'NS_PER_COUNT', 'prompt_eval_count', 'request_latency']);
    expect(reading.warnings).toEqual([
      expect.stringContaining('line 3 column TOKEN_PER_SEC: the rate of generation (1000000 tok/s) was left out: one token makes no rate'),
      expect.stringContaining('line 2 column TOKEN_PER_SEC: the rate of the prompt (0 tok/s) was left out: no token was timed'),
      'line 4: ttft is 0, so it was not measured; it was left out',
      'line 5: load is 0, so it was not measured; it was left out',
    ]);
  });

  it('counts the errors in a log as failed epochs, and names what does not fit', () => {
    const log = `WARNING: Could not fetch model info for 'm': timeout\n${HEADER}${epoch('m')}ERROR: Request timed out with model 'm' after 300s\nm,warmup,1,5,0\nm,total,1,abc,0\nm,total\n`;
    const reading = read(log, 'out.txt');
    expect(reading).toMatchObject({
      format: 'ollama-bench',
      failed: [{ pointer: 'line 8', reason: "Request timed out with model 'm' after 300s" }],
    });
    expect(reading.warnings).toEqual([
      expect.stringContaining('line 10, column NS_PER_COUNT: "abc" is no number'),
      expect.stringContaining('line 11 has 2 cells where the header has 5'),
      expect.stringContaining('line 9: "warmup" is no step that is known here'),
      expect.stringContaining('line 10: total is 0'),
    ]);
  });

  it('is read as a spreadsheet saves it, and with further columns', () => {
    const saved = (HEADER + epoch()).replace(/[^\n,]+/g, '"$&"').replaceAll(',', ';');
    expect(valuesOf(read(saved), 'output_token_throughput')).toEqual([50]);
    const more = (HEADER + epoch()).replaceAll('\n', ',x\n');
    expect(valuesOf(read(more), 'time_to_first_token')).toEqual([260_000_000]);
  });

  it('reads the newest versions, which count what came from the cache apart', () => {
    const rows = 'm,prefill,38,2000000.00,500.00,9\nm,generate,200,20000000.00,50.00,\nm,total,1,4250000000,0,\n';
    const header = HEADER.replace('\n', ',CACHED_PROMPT_COUNT\n');
    const reading = read(header + rows);
    expect(reading.warnings).toEqual([]);
    expect(valuesOf(reading, 'processed_prompt_count')).toEqual([38]);
    expect(valuesOf(reading, 'prompt_eval_cached_count')).toEqual([9]);
    expect(valuesOf(reading, 'prompt_eval_count')).toEqual([]);
    expect(valuesOf(reading, 'prompt_token_throughput')).toEqual([500]);
    expect(valuesOf(read(header + rows.replace(',9\n', ',\n')), 'processed_prompt_count')).toEqual([38]);
  });

  it('gives no other number when it is cut at any byte', () => {
    const text = HEADER + INFO + epoch();
    const whole = new Map(read(text).measurements.map(({ pointer, value, unit }) => [pointer, `${value} ${unit}`]));
    for (let end = 0; end < text.length; end += 1) {
      const reading = readArtifact({ path: 'bench.csv', bytes: Buffer.from(text.slice(0, end)) });
      for (const { pointer, value, unit } of reading.status === 'read' ? reading.measurements : [])
        expect(`${value} ${unit}`, `${pointer}, cut at ${end}`).toBe(whole.get(pointer));
    }
    expect(looksCut(read(text.slice(0, -3)))).toBe(true);
  });
});

describe('cmd/bench for benchstat', () => {
  const name = (model: string, step: string) => `BenchmarkModel/name=${model}/step=${step}`;
  const lines = (model: string) =>
    `${name(model, 'prefill')} 1 2000000.00 ns/token 500.00 token/sec\n${name(model, 'generate')} 1 20000000.00 ns/token 50.00 token/sec\n` +
    `${name(model, 'ttft')} 1 260000000 ns/op\n${name(model, 'load')} 1 50000000 ns/op\n${name(model, 'total')} 1 4250000000 ns/op\n`;

  it('reads two numbers of a line, each by its unit', () => {
    const reading = read(`goos: linux\ngoarch: amd64\n${INFO}${lines('qwen3:4b')}`, 'qwen.bench');
    expect(reading).toMatchObject({ format: 'ollama-bench', records: 1, warnings: [] });
    expect(brief(reading).filter(([metric]) => metric !== 'Size' && metric !== 'VRAM')).toEqual([
      ['NS_PER_COUNT', 20_000_000, 'ns/token', 'line 5 column ns/token'],
      ['output_token_throughput', 50, 'tok/s', 'line 5 column token/sec'],
      ['NS_PER_COUNT', 2_000_000, 'ns/token', 'line 4 column ns/token'],
      ['prompt_token_throughput', 500, 'tok/s', 'line 4 column token/sec'],
      ['time_to_first_token', 260_000_000, 'ns', 'line 6 column ns/op'],
      ['load_duration', 50_000_000, 'ns', 'line 7 column ns/op'],
      ['request_latency', 4_250_000_000, 'ns', 'line 8 column ns/op'],
    ]);
    expect(reading.measurements.at(-1)?.labels).toMatchObject({
      model: 'qwen3:4b',
      quantization: 'Q4_K_M',
      os: 'linux',
      architecture: 'amd64',
    });
  });

  it.each(['hf.co/bartowski/Qwen3-8B-GGUF:Q4_K_M', 'gpt-oss:20b', 'a/step=x:1'])('knows the model %s', (model) => {
    expect(read(lines(model), 'x.txt').measurements.every(({ labels }) => labels.model === model)).toBe(true);
  });

  it('reads what the first versions wrote: a count for iterations, ns/request, and a total without a step', () => {
    const old =
      'sysname: linux\nmachine: amd64\nBenchmarkModel/name=m/step=prefill 128 78125.00 ns/token 12800.00 token/sec\n' +
      'BenchmarkModel/name=m/step=generate 1 1000.00 ns/token 1000000.00 token/sec\nBenchmarkModel/name=m/step=load 1 1500000000 ns/request\n' +
      'BenchmarkModel/name=m 1 2861047625 ns/request\n';
    const reading = read(old, 'old.txt');
    expect(brief(reading)).toEqual([
      ['eval_count', 1, 'tokens', 'line 4 column N'],
      ['NS_PER_COUNT', 1000, 'ns/token', 'line 4 column ns/token'],
      ['prompt_eval_count', 128, 'tokens', 'line 3 column N'],
      ['NS_PER_COUNT', 78_125, 'ns/token', 'line 3 column ns/token'],
      ['prompt_token_throughput', 12_800, 'tok/s', 'line 3 column token/sec'],
      ['load_duration', 1_500_000_000, 'ns', 'line 5 column ns/request'],
      ['request_latency', 2_861_047_625, 'ns', 'line 6 column ns/request'],
    ]);
    expect(reading.warnings).toEqual([expect.stringContaining('one token makes no rate')]);
  });

  it('reads the counts of a prompt behind its rate, and names a unit or a step it does not know', () => {
    const prompt = `${name('m', 'prefill')} 1 2000000.00 ns/token 500.00 token/sec 38 processed-prompt-token 9 cached-prompt-token\n`;
    const reading = read(prompt, 'x.txt');
    expect(brief(reading)).toEqual([
      ['processed_prompt_count', 38, 'tokens', 'line 1 column processed-prompt-token'],
      ['prompt_eval_cached_count', 9, 'tokens', 'line 1 column cached-prompt-token'],
      ['NS_PER_COUNT', 2_000_000, 'ns/token', 'line 1 column ns/token'],
      ['prompt_token_throughput', 500, 'tok/s', 'line 1 column token/sec'],
    ]);
    expect(reading.warnings).toEqual([]);
    expect(read(`${name('m', 'total')} 1 5000 ns/op 3 B/op\n`, 'x.txt').warnings).toEqual([expect.stringContaining('"B/op"')]);
    const unknown = read(`${name('m', 'load_server')} 1 5000 ns/op\n${name('m', 'total')} 1 9000 ns/op\n`, 'x.txt');
    expect(brief(unknown)).toEqual([['request_latency', 9000, 'ns', 'line 2 column ns/op']]);
    expect(unknown.warnings).toEqual([expect.stringContaining('"load_server" is no step')]);
  });

  it('takes 0 ns/token for absent', () => {
    const reading = read(`${name('m', 'generate')} 1 0 ns/token 0 token/sec\n${name('m', 'total')} 1 5000 ns/op\n`, 'x.txt');
    expect(brief(reading)).toEqual([['request_latency', 5000, 'ns', 'line 2 column ns/op']]);
  });

  it('gives no other number when it is cut at any byte', () => {
    const text = INFO + lines('m');
    const whole = new Map(read(text, 'x.txt').measurements.map(({ pointer, value, unit }) => [pointer, `${value} ${unit}`]));
    for (let end = 0; end < text.length; end += 1) {
      const reading = readArtifact({ path: 'x.txt', bytes: Buffer.from(text.slice(0, end)) });
      for (const { pointer, value, unit } of reading.status === 'read' ? reading.measurements : [])
        expect(`${value} ${unit}`, `${pointer}, cut at ${end}`).toBe(whole.get(pointer));
    }
  });

  it('leaves other Go benchmarks alone', () => {
    expect(read('BenchmarkDecode-8  100  19531 ns/op\n', 'x.txt').format).toBe('go-bench');
    expect(read('BenchmarkModels/name=x/step=ttft 1 5 ns/op\n', 'x.txt').format).toBe('go-bench');
  });
});

describe('cmd/bench as the table of its first versions', () => {
  const TABLE =
    '| Model | Step | Count | Duration | nsPerToken | tokensPerSec |\n|-------|------|-------|----------|------------|--------------|\n' +
    '| gpt-oss:20b | prefill | 124 | 30.006458ms | 241987.56 | 4132.44 |\n| gpt-oss:20b | generate | 200 | 2.646843954s | 13234219.77 | 75.56 |\n' +
    '| gpt-oss:20b | load | 1 | 121.674208ms | - | - |\n| gpt-oss:20b | total | 1 | 1m2.861047625s | - | - |\n';

  it.each(['a.md', 'a.txt'])('is read: %s', (path) => {
    const reading = read(TABLE, path);
    expect(reading).toMatchObject({ format: 'ollama-bench', records: 1, warnings: [] });
    expect(brief(reading).filter(([metric]) => metric !== 'NS_PER_COUNT')).toEqual([
      ['eval_count', 200, 'tokens', 'line 4 column Count'],
      ['output_token_throughput', 75.56, 'tok/s', 'line 4 column tokensPerSec'],
      ['prompt_eval_count', 124, 'tokens', 'line 3 column Count'],
      ['prompt_token_throughput', 4132.44, 'tok/s', 'line 3 column tokensPerSec'],
      ['load_duration', 121.674208, 'ms', 'line 5 column Duration'],
      ['request_latency', 62.861047625, 's', 'line 6 column Duration'],
    ]);
  });

  it('leaves a page with other tables, or that only quotes lines, to those who read tables', () => {
    expect(read(`${TABLE}\n| a | b |\n|---|---|\n| 1 | 2 |\n`, 'a.md').format).toBe('generic');
    expect(read(`# Manual\n\n\`\`\`\n${HEADER}${epoch()}\`\`\`\n`, 'README.md').format).toBe('generic');
  });
});
