import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Measurement, Reading } from '@chimera/shared/domain';
import { describe, expect, it } from 'vitest';
import { readArtifact } from '../read-artifact.ts';

type Read = Extract<Reading, { status: 'read' }>;

function read(path: string, text: string): Read {
  const reading = readArtifact({ path, bytes: Buffer.from(text) });
  if (reading.status !== 'read') throw new Error(reading.reason);
  return reading;
}

/** A prompt test as a build of 2025 writes it, with five repetitions. */
const PROMPT = {
  build_commit: '5a6b7c8d',
  build_number: 6123,
  cpu_info: 'AMD EPYC 9354P 32-Core Processor',
  gpu_info: 'NVIDIA L40S',
  backends: 'CUDA',
  model_filename: 'models/mistral-7b.Q5_K_M.gguf',
  model_type: 'llama 7B Q5_K - Medium',
  model_size: 5130000384,
  model_n_params: 7248023552,
  n_batch: 2048,
  n_ubatch: 512,
  n_threads: 32,
  cpu_mask: '0x0',
  cpu_strict: false,
  poll: 50,
  type_k: 'f16',
  type_v: 'f16',
  n_gpu_layers: 99,
  split_mode: 'layer',
  main_gpu: 0,
  no_kv_offload: false,
  flash_attn: true,
  tensor_split: '0.00',
  use_mmap: true,
  embeddings: false,
  n_prompt: 512,
  n_gen: 0,
  n_depth: 0,
  test_time: '2025-08-02T09:14:00Z',
  avg_ns: 80020000,
  stddev_ns: 158114,
  avg_ts: 6398.41,
  stddev_ts: 12.65,
  samples_ns: [80000000, 80100000, 79900000, 80200000, 79900000],
  samples_ts: [6400, 6392.01, 6408.01, 6384.04, 6408.01],
};
const GENERATION = {
  ...PROMPT,
  n_prompt: 0,
  n_gen: 128,
  n_depth: 4096,
  avg_ns: 1500000000,
  stddev_ns: 3000000,
  avg_ts: 85.3335,
  stddev_ts: 0.1707,
  samples_ns: [1497000000, 1500000000, 1503000000],
  samples_ts: [85.5043, 85.3333, 85.163],
};

const rates = ({ measurements }: Read): Measurement[] => measurements.filter(({ unit }) => unit === 'tok/s');
const brief = ({ metric, statistic, value, n, pointer }: Measurement) => [metric, statistic, value, n, pointer];

describe('llama-bench, JSON', () => {
  it('reads the rates of a prompt test with its samples', () => {
    const reading = read('r.json', JSON.stringify([PROMPT]));
    expect(reading).toMatchObject({ format: 'llama-bench', records: 1, warnings: [], failed: [] });
    expect(rates(reading).map(brief)).toEqual([
      ['prompt_token_throughput', 'mean', 6398.41, 5, '/0/avg_ts'],
      ['prompt_token_throughput', 'stddev', 12.65, 5, '/0/stddev_ts'],
      ...[6400, 6392.01, 6408.01, 6384.04, 6408.01].map((rate, i) => [
        'prompt_token_throughput',
        'value',
        rate,
        null,
        `/0/samples_ts/${i}`,
      ]),
    ]);
    expect(rates(reading).every(({ over }) => over === 'repetitions')).toBe(true);
  });

  it('keeps times in nanoseconds, of a repetition and under their own names', () => {
    const times = read('r.json', JSON.stringify([PROMPT])).measurements.filter(({ unit }) => unit === 'ns');
    expect(times.slice(0, 3).map(brief)).toEqual([
      ['/*/avg_ns', 'mean', 80020000, 5, '/0/avg_ns'],
      ['/*/stddev_ns', 'stddev', 158114, 5, '/0/stddev_ns'],
      ['/*/samples_ns/*', 'value', 80000000, null, '/0/samples_ns/0'],
    ]);
  });

  it('makes labels of all settings', () => {
    const { measurements } = read('r.json', JSON.stringify([{ ...PROMPT, type_v: 'q8_0', load_mode: 'lazy', no_op_offload: 0 }]));
    expect(measurements[0]?.labels).toEqual({
      engine: 'llama.cpp',
      tool: 'llama-bench',
      engine_commit: '5a6b7c8d',
      engine_version: '6123',
      cpu: 'AMD EPYC 9354P 32-Core Processor',
      gpu: 'NVIDIA L40S',
      backend: 'CUDA',
      model: 'llama 7B Q5_K - Medium',
      model_filename: 'models/mistral-7b.Q5_K_M.gguf',
      quantization: 'Q5_K - Medium',
      parameters: '7.25 B',
      batch: '2048',
      ubatch: '512',
      threads: '32',
      num_gpu: '99',
      kv_cache: 'f16/q8_0',
      flash_attention: 'true',
      test: 'pp512',
      prompt_length: '512',
      output_length: '0',
      depth: '0',
      timestamp: '2025-08-02T09:14:00Z',
      cpu_mask: '0x0',
      cpu_strict: 'false',
      poll: '50',
      split_mode: 'layer',
      main_gpu: '0',
      no_kv_offload: 'false',
      tensor_split: '0.00',
      use_mmap: 'true',
      embeddings: 'false',
      load_mode: 'lazy',
      no_op_offload: 'false',
    });
  });

  it('reads the size of the model in bytes and its parameters', () => {
    const { measurements } = read('r.json', JSON.stringify([PROMPT]));
    expect(measurements.find(({ metric }) => metric === '/*/model_size')).toMatchObject({ value: 5130000384, unit: 'bytes' });
    expect(measurements.find(({ metric }) => metric === '/*/model_n_params')).toMatchObject({ value: 7248023552, unit: null });
  });

  it('knows a generation test at a depth', () => {
    const reading = read('r.json', JSON.stringify([PROMPT, GENERATION]));
    const [mean] = rates(reading).filter(({ metric }) => metric === 'output_token_throughput');
    expect(mean).toMatchObject({ value: 85.3335, n: 3, pointer: '/1/avg_ts', labels: { test: 'tg128 @ d4096', depth: '4096' } });
  });

  it('keeps a test of both as neither', () => {
    const reading = read('r.json', JSON.stringify([{ ...GENERATION, n_prompt: 512, n_depth: 0 }]));
    expect(new Set(rates(reading).map(({ metric }) => metric))).toEqual(new Set(['/*/avg_ts', '/*/stddev_ts', '/*/samples_ts/*']));
    expect(rates(reading)[0]).toMatchObject({ value: 85.3335, labels: { test: 'pp512+tg128' } });
  });

  it.each([
    [true, 'true'],
    [1, 'true'],
    [0, 'false'],
    [-1, 'auto'],
    ['auto', 'auto'],
  ])('says of flash_attn %j the same in all versions', (flash_attn, label) => {
    expect(read('r.json', JSON.stringify([{ ...PROMPT, flash_attn }])).measurements[0]?.labels.flash_attention).toBe(label);
  });

  it.each([
    ['qwen35moe 35B.A3B Q4_K - Medium', 'Q4_K - Medium'],
    ['gpt-oss 20B MXFP4 MoE', 'MXFP4 MoE'],
    ['llama 7B mostly Q4_0', 'Q4_0'],
    ['llama 13B IQ2_XS - 2.3125 bpw', 'IQ2_XS - 2.3125 bpw'],
    ['bitnet 3B TQ1_0 - 1.69 bpw ternary', 'TQ1_0 - 1.69 bpw ternary'],
    ['gemma3 4B BF16', 'BF16'],
    ['llama 8B all F32', 'F32'],
    ['llama 8B', undefined],
    ['Q4_K', undefined],
  ])('finds the quantization that the type %s states', (model_type, quantization) => {
    expect(read('r.json', JSON.stringify([{ ...PROMPT, model_type }])).measurements[0]?.labels.quantization).toBe(quantization);
  });

  it('warns where one repetition makes a deviation of 0, and where two deviations disagree', () => {
    const once = { ...PROMPT, stddev_ns: 0, stddev_ts: 0, samples_ns: [80020000], samples_ts: [6398.41] };
    const odd = { ...PROMPT, stddev_ns: 3520880, stddev_ts: 83.2 };
    expect(read('r.json', JSON.stringify([once, odd])).warnings).toEqual([
      '/0: one repetition only: its deviation of 0 says nothing of how rates spread',
      '/1: stddev_ns is 4.40 % of avg_ns and stddev_ts 1.30 % of avg_ts: the two deviations of one test disagree; that of the rate is the one to use',
    ]);
  });

  it('does not call an outlier a disagreement: rates and times spread differently then', () => {
    // Times of 1, 1, 1, 1 and 2 s for 512 tokens.
    const outlier = {
      ...PROMPT,
      avg_ns: 1.2e9,
      stddev_ns: 447213595,
      avg_ts: 460.8,
      stddev_ts: 114.487,
      samples_ns: [],
      samples_ts: [512, 512, 512, 512, 256],
    };
    expect(read('r.json', JSON.stringify([outlier])).warnings).toEqual([]);
  });

  it('does not take a test without a result for a fast one', () => {
    const reading = read('r.json', JSON.stringify([{ ...PROMPT, avg_ts: 0 }, { ...PROMPT, samples_ts: [], samples_ns: [] }, PROMPT]));
    expect(reading.failed).toEqual([
      { pointer: '/0', reason: 'avg_ts is 0: nothing was measured' },
      { pointer: '/1', reason: 'samples_ts is empty: no repetition was measured' },
    ]);
    expect(reading.records).toBe(3);
    expect(reading.measurements.every(({ pointer }) => pointer.startsWith('/2/'))).toBe(true);
  });

  it('reads no text, null or NaN as a rate', () => {
    const text = JSON.stringify([{ ...PROMPT, avg_ts: '6398.41', stddev_ts: null, samples_ts: ['1', null, 6400] }]).replace(
      '80020000',
      'NaN',
    );
    const reading = read('r.json', text);
    expect(rates(reading).map(brief)).toEqual([['prompt_token_throughput', 'value', 6400, null, '/0/samples_ts/2']]);
    expect(reading.warnings).toContain('/0: avg_ts is no number: the test has no rate');
  });

  it('keeps the rate of a test of unknown sort under its own name', () => {
    const reading = read(
      'r.json',
      JSON.stringify([
        { ...PROMPT, n_gen: 'none' },
        { ...PROMPT, n_prompt: 0 },
        { ...PROMPT, n_prompt: -1 },
      ]),
    );
    expect(new Set(rates(reading).map(({ metric }) => metric))).toEqual(new Set(['/*/avg_ts', '/*/stddev_ts', '/*/samples_ts/*']));
    expect(reading.warnings.filter((warning) => warning.includes('do not say what was tested'))).toHaveLength(3);
  });

  it('keeps what a fork measures under its own name, and takes other new numbers for settings', () => {
    const reading = read('r.json', JSON.stringify([{ ...PROMPT, avg_power_w: 210.5, samples_cycles: [7, 8], fit_min_ctx: 4096 }]));
    expect(reading.measurements.find(({ pointer }) => pointer === '/0/avg_power_w')).toMatchObject({ metric: '/*/avg_power_w', unit: 'W' });
    expect(reading.measurements.filter(({ metric }) => metric === '/*/samples_cycles/*').map(({ value }) => value)).toEqual([7, 8]);
    expect(reading.measurements[0]?.labels).toMatchObject({ fit_min_ctx: '4096' });
    expect(reading.measurements[0]?.labels).not.toHaveProperty('avg_power_w');
  });

  it('survives keys of prototypes and hostile values', () => {
    const hostile = JSON.stringify([{ ...PROMPT, constructor: 'x', toString: 1, n_depth: {}, devices: [1], model_type: 'a\u0000b' }]);
    const reading = read('r.json', hostile.replace('{', '{"__proto__": {"avg_ts": 1}, '));
    expect(rates(reading)[0]).toMatchObject({ value: 6398.41, pointer: '/0/avg_ts' });
    expect(reading.measurements[0]?.labels.model).toBe('a\\u{0}b');
  });
});

describe('llama-bench, JSON lines and logs', () => {
  it('points at the line of each test', () => {
    const reading = read('r.jsonl', `${JSON.stringify(PROMPT)}\n${JSON.stringify(GENERATION)}\n`);
    expect(reading).toMatchObject({ format: 'llama-bench', records: 2, warnings: [] });
    expect(
      rates(reading)
        .filter(({ statistic }) => statistic === 'mean')
        .map(({ pointer }) => pointer),
    ).toEqual(['line 1 /avg_ts', 'line 2 /avg_ts']);
  });

  it('reads JSON behind what the tool prints while it loads', () => {
    const log = `ggml_cuda_init: found 1 CUDA devices:\n  Device 0: NVIDIA L40S, compute capability 8.9, VMM: yes\n${JSON.stringify([PROMPT], null, 2)}\n`;
    for (const path of ['r.json', 'r.log', 'r']) {
      const reading = read(path, log);
      expect(reading.format, path).toBe('llama-bench');
      expect(rates(reading)[0], path).toMatchObject({ value: 6398.41, pointer: 'line 3 /0/avg_ts' });
    }
  });

  it('reads the whole tests of a run that was killed, and says that it is cut off', () => {
    const whole = JSON.stringify([PROMPT, PROMPT, GENERATION], null, 2);
    const reading = read('r.json', whole.slice(0, whole.indexOf('"n_gen": 128')));
    expect(reading).toMatchObject({ format: 'llama-bench', records: 2, cut: true });
    expect(reading.warnings.join()).toContain('the document is cut off at line');
  });

  it('names other objects among the tests', () => {
    const reading = read('r.jsonl', `{"event": "start"}\n${JSON.stringify(PROMPT)}\n`);
    expect(reading).toMatchObject({ format: 'llama-bench', records: 1, warnings: ['line 1: no test of llama-bench: it was not read'] });
  });

  it.each([
    ['a wrapper that holds a test', { bench_raw: PROMPT }],
    ['a row without a commit', [{ avg_ts: 1, n_prompt: 1, n_gen: 0 }]],
    ['an object of another tool', { build_commit: 'a', avg_ts: 1 }],
  ])('does not claim %s', (_, value) => {
    expect(read('r.json', JSON.stringify(value)).format).toBe('generic');
  });
});

const SAMPLES = fileURLToPath(new URL('../../../../../shared/data/formats/llama-bench/', import.meta.url));

// Expected values were taken from the raw files, by eye and with another program.
describe.skipIf(!existsSync(SAMPLES))('llama-bench, real samples', () => {
  const reading = (name: string): Reading => readArtifact({ path: name, bytes: readFileSync(`${SAMPLES}${name}`) });
  const good = (name: string): Read => {
    const one = reading(name);
    if (one.status !== 'read') throw new Error(one.reason);
    return one;
  };

  it.each([
    ['12-readme-2023-ragged.csv', 'none of the 2 rows below the header (line 1) has its 26 cells (line 2 has 27)'],
    ['13-readme-fork-2026-ragged.csv', 'none of the 2 rows below the header (line 1) has its 42 cells (line 2 has 41)'],
    ['14-readme-2023-ragged.sql', 'none of the 2 rows has a value for each of its columns (line 30 has 27 values for 26 columns)'],
  ])('%s is refused, not shifted', (name, reason) => {
    expect(reading(name)).toMatchObject({ status: 'refused', format: 'llama-bench', reason });
  });

  it('17-readme-2025-native.csv', () => {
    const { measurements, format, records } = good('17-readme-2025-native.csv');
    expect({ format, records }).toEqual({ format: 'llama-bench', records: 2 });
    expect(measurements.filter(({ unit }) => unit === 'tok/s').map(brief)).toEqual([
      ['prompt_token_throughput', 'mean', 7285.676949, null, 'line 2 column avg_ts'],
      ['prompt_token_throughput', 'stddev', 100.064434, null, 'line 2 column stddev_ts'],
      ['output_token_throughput', 'mean', 119.915244, null, 'line 3 column avg_ts'],
      ['output_token_throughput', 'stddev', 0.430617, null, 'line 3 column stddev_ts'],
    ]);
    expect(measurements[0]?.labels).toMatchObject({
      gpu: 'NVIDIA GeForce RTX 4080',
      engine_version: '5163',
      use_mmap: 'true',
      test: 'pp512',
    });
  });

  it.each([
    ['3-jsonl-gpt-oss-20b.default-hip.jsonl', 10, 1472.012844, '1c1409e1'],
    ['4-jsonl-gpt-oss-20b.lhl-tune-tile.jsonl', 10, 1495.966441, 'a45e1cd6'],
    ['5-jsonl-llama32-1b-single-row.jsonl', 1, 192.744119, '1c1409e1'],
  ])('%s', (name, records, first, commit) => {
    const read = good(name);
    expect(read).toMatchObject({ format: 'llama-bench', records, failed: [] });
    expect(read.measurements[0]).toMatchObject({ value: first, n: 1, pointer: 'line 1 /avg_ts', labels: { engine_commit: commit } });
    expect(read.measurements.filter(({ metric, statistic }) => metric.endsWith('token_throughput') && statistic === 'value')).toHaveLength(
      records,
    );
  });
});
