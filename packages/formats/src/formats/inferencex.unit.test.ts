import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Measurement, Reading } from '@chimera/shared/domain';
import { describe, expect, it } from 'vitest';
import { readArtifact } from '../read-artifact.ts';

type Read = Extract<Reading, { status: 'read' }>;

function read(text: string, path = 'point.json'): Read {
  const reading = readArtifact({ path, bytes: Buffer.from(text) });
  if (reading.status !== 'read') throw new Error(reading.reason);
  return reading;
}

const POINT = {
  date: '20260301-101112',
  model_id: 'org/tiny-7b',
  tokenizer_id: 'org/tiny-7b',
  num_prompts: 80,
  request_rate: 'inf',
  burstiness: 1.0,
  max_concurrency: 8,
  duration: 30.5,
  completed: 80,
  good_completed: null,
  total_input_tokens: 81920,
  total_output_tokens: 10240,
  request_throughput: 2.625,
  request_goodput: null,
  input_throughput: 2685.9,
  output_throughput: 335.7,
  median_ttft: 0.255,
  p99_ttft: 0.565,
  median_e2el: 3.45,
  p99_e2el: 4.46,
  median_tpot: 0.0245,
  p99_tpot: 0.0331,
};

const point = (changes: object = {}): Read => read(JSON.stringify({ ...POINT, ...changes }));
const at = (reading: Read, pointer: string): Measurement | undefined => reading.measurements.find((one) => one.pointer === pointer);
const brief = (one: Measurement | undefined) => one && [one.metric, one.statistic, one.value, one.unit, one.n, one.over ?? null];

describe('InferenceX', () => {
  it('gives times in seconds', () => {
    const reading = point({ mean_itl: 0.025, 'p99.9_ttft': 0.6 });
    expect(reading).toMatchObject({ format: 'inferencex', records: 1, failed: [], warnings: [] });
    expect(reading.measurements.map((one) => [one.pointer, ...(brief(one) ?? [])])).toEqual([
      ['/duration', 'duration', 'value', 30.5, 's', null, 'runs'],
      ['/completed', '/completed', 'value', 80, null, null, null],
      ['/total_input_tokens', '/total_input_tokens', 'value', 81920, 'tokens', null, null],
      ['/total_output_tokens', '/total_output_tokens', 'value', 10240, 'tokens', null, null],
      ['/request_throughput', 'request_throughput', 'value', 2.625, 'req/s', null, 'runs'],
      ['/input_throughput', 'prompt_token_throughput', 'value', 2685.9, 'tok/s', null, 'runs'],
      ['/output_throughput', 'output_token_throughput', 'value', 335.7, 'tok/s', null, 'runs'],
      ['/median_ttft', 'time_to_first_token', 'median', 0.255, 's', 80, 'requests'],
      ['/p99_ttft', 'time_to_first_token', 'p99', 0.565, 's', 80, 'requests'],
      ['/median_e2el', 'request_latency', 'median', 3.45, 's', 80, 'requests'],
      ['/p99_e2el', 'request_latency', 'p99', 4.46, 's', 80, 'requests'],
      ['/median_tpot', 'time_per_output_token', 'median', 0.0245, 's', 80, 'requests'],
      ['/p99_tpot', 'time_per_output_token', 'p99', 0.0331, 's', 80, 'requests'],
      ['/mean_itl', 'inter_token_latency', 'mean', 0.025, 's', null, 'gaps'],
      ['/p99.9_ttft', 'time_to_first_token', 'p99.9', 0.6, 's', 80, 'requests'],
    ]);
    expect(reading.measurements[0]?.labels).toEqual({
      ...{
        tool: 'InferenceX',
        model: 'org/tiny-7b',
        concurrency: '8',
        request_rate: 'inf',
        num_prompts: '80',
        timestamp: '20260301-101112',
      },
    });
  });

  it('keeps the requests within the goals under their own name', () => {
    expect(brief(at(point({ good_completed: 60, request_goodput: 1.96 }), '/good_completed'))).toEqual([
      '/good_completed',
      'value',
      60,
      null,
      null,
      null,
    ]);
  });

  it('keeps metadata as labels, and numbers that it does not know under their own names', () => {
    const reading = point({ hw: 'b200', tp: 8, precision: 'fp4', backend: 'vllm', tput_per_gpu: 41.5 });
    expect(reading.measurements[0]?.labels).toMatchObject({ hw: 'b200', tensor_parallel: '8', precision: 'fp4', engine: 'vllm' });
    expect(brief(at(reading, '/tput_per_gpu'))).toEqual(['/tput_per_gpu', 'value', 41.5, null, null, null]);
  });

  it('has no latency where nothing completed', () => {
    const reading = point({
      completed: 0,
      median_ttft: 0,
      p99_ttft: 0,
      median_e2el: 0,
      median_tpot: 0,
      request_throughput: 0,
      output_throughput: 0,
    });
    expect(reading.failed).toEqual([{ pointer: '/completed', reason: 'no request completed of 80' }]);
    expect(reading.measurements.map(({ metric }) => metric)).toEqual([
      'duration',
      '/completed',
      '/total_input_tokens',
      '/total_output_tokens',
    ]);
    expect(reading.measurements.every(({ failed }) => failed)).toBe(true);
  });

  it('labels a run as saturated, and counts what failed', () => {
    const reading = point({ request_rate: 5, max_concurrency: null, completed: 70 });
    expect(reading.measurements[0]?.labels.saturated).toBe('yes');
    expect(reading.warnings).toEqual([
      'the run: 10 of 80 requests failed; the statistics are over the 70 that completed',
      'the run: 5 requests a second were asked for and 2.63 served: an open-loop run that is saturated, so its latency is the length of the queue',
    ]);
  });

  it('is not what writes milliseconds', () => {
    expect(point({ median_ttft_ms: 255 }).format).not.toBe('inferencex');
    expect(read(JSON.stringify({ model_id: 'a', median_ttft: 1 })).format).toBe('generic');
  });
});

const SAMPLES = fileURLToPath(new URL('../../../../../shared/data/formats/inferencex/', import.meta.url));

// Expected values are from the raw files.
describe.skipIf(!existsSync(SAMPLES))('sample files of InferenceX', () => {
  it.each([
    [
      '1-minimax_m25_vllm_isl4096_conc48.json',
      'MiniMaxAI/MiniMax-M2.5',
      '48',
      480,
      3.4349140468984842,
      0.06233178152358086,
      851.0877327336782,
    ],
    [
      '2-minimax_m25_vllm_isl4096_conc8.json',
      'MiniMaxAI/MiniMax-M2.5',
      '8',
      80,
      0.7127655250951648,
      0.020470620671243177,
      363.9399688260429,
    ],
    ['3-glm5_fp8_isl1024_conc8.json', 'zai-org/GLM-5-FP8', '8', 80, 0.26314436737447977, 0.03309713848873855, 294.1032075597504],
  ])('%s', (name, model, concurrency, n, median, p99, throughput) => {
    const reading = read(readFileSync(`${SAMPLES}${name}`, 'utf8'));
    expect(reading).toMatchObject({ format: 'inferencex', records: 1, failed: [], warnings: [] });
    expect(brief(at(reading, '/median_ttft'))).toEqual(['time_to_first_token', 'median', median, 's', n, 'requests']);
    expect(brief(at(reading, '/p99_tpot'))).toEqual(['time_per_output_token', 'p99', p99, 's', n, 'requests']);
    expect(brief(at(reading, '/output_throughput'))).toEqual(['output_token_throughput', 'value', throughput, 'tok/s', null, 'runs']);
    expect(reading.measurements[0]?.labels).toMatchObject({ model, concurrency, request_rate: 'inf', num_prompts: String(n) });
    expect(reading.measurements).toHaveLength(13);
  });
});
