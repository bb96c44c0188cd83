import type { Reading } from '@chimera/shared/domain';
import { describe, expect, it } from 'vitest';
import { readArtifact } from '../read-artifact.ts';

type Read = Extract<Reading, { status: 'read' }>;

function read(value: unknown): Read {
  const reading = readArtifact({ path: 'summary.json', bytes: Buffer.from(JSON.stringify(value)) });
  if (reading.status !== 'read') throw new Error(reading.reason);
  return reading;
}

const RESULT = {
  date: '20260301-101112',
  backend: 'vllm',
  model_id: 'org/tiny-7b',
  num_prompts: 100,
  request_rate: 'inf',
  max_concurrency: 8,
  duration: 20.5,
  completed: 100,
  failed: 0,
  request_throughput: 4.875,
  output_throughput: 620.5,
  mean_ttft_ms: 60.5,
  median_ttft_ms: 58.25,
  mean_e2el_ms: 1600.5,
};
const ran = (run_number: number, settings: object, result: object = {}) => ({ ...RESULT, ...result, run_number, ...settings });
const labelSets = (reading: Read) => [...new Set(reading.measurements.map(({ labels }) => JSON.stringify(labels)))];

describe('the summary of vllm bench sweep', () => {
  it('gives the repeats of one configuration the same labels', () => {
    const reading = read([0, 1, 2].map((number) => ran(number, { max_num_seqs: 4 }, { mean_ttft_ms: 60 + number })));
    expect(reading).toMatchObject({ format: 'vllm-sweep', records: 3, failed: [], warnings: [] });
    expect(labelSets(reading)).toHaveLength(1);
    expect(reading.measurements[0]?.labels).toEqual({
      ...{ tool: 'vllm bench serve', engine: 'vllm', backend: 'vllm', model: 'org/tiny-7b', num_prompts: '100' },
      ...{ request_rate: 'inf', concurrency: '8', timestamp: '20260301-101112', max_num_seqs: '4' },
    });
    const times = reading.measurements.filter(({ pointer }) => pointer.endsWith('/mean_ttft_ms'));
    expect(times.map(({ pointer, value, unit }) => [pointer, value, unit])).toEqual([
      ['/0/mean_ttft_ms', 60, 'ms'],
      ['/1/mean_ttft_ms', 61, 'ms'],
      ['/2/mean_ttft_ms', 62, 'ms'],
    ]);
  });

  it('has no measurement of what was set, nor of the number of a run', () => {
    const reading = read([ran(0, { max_num_seqs: 4, gpu_memory_utilization: 0.9, 'enable-chunked-prefill': true })]);
    expect(reading.measurements.filter(({ pointer }) => /run_number|max_num|gpu_memory|chunked/.test(pointer))).toEqual([]);
    expect(reading.measurements[0]?.labels).toMatchObject({
      max_num_seqs: '4',
      gpu_memory_utilization: '0.9',
      enable_chunked_prefill: 'true',
    });
  });

  it.each([
    [{ gpu_memory_utilization: 0.8 }, { gpu_memory_utilization: 0.9 }],
    [{ speculative_config: null }, { speculative_config: { method: 'ngram', num_speculative_tokens: 4 } }],
    [{ cuda_graph_sizes: [1, 2] }, { cuda_graph_sizes: [1, 2, 4] }],
    [{ max_concurrency: 8 }, { max_concurrency: 16 }],
    [{ temperature: 0 }, { temperature: 1 }],
  ])('sets %j apart from %j', (one, other) => {
    expect(labelSets(read([ran(0, one), ran(0, other)]))).toHaveLength(2);
  });

  it('is known by a setting where the number of the run is missing', () => {
    const { run_number: _, ...rest } = ran(0, { max_num_seqs: 4 });
    expect(read([rest])).toMatchObject({ format: 'vllm-sweep', records: 1 });
    expect(read([rest]).measurements[0]?.labels.max_num_seqs).toBe('4');
  });

  it('says which of its runs failed', () => {
    const reading = read([ran(0, { max_num_seqs: 4 }), ran(1, { max_num_seqs: 4 }, { completed: 0, failed: 100, mean_ttft_ms: 0 })]);
    expect(reading.failed).toEqual([{ pointer: '/1/completed', reason: 'no request completed of 100' }]);
    expect(reading.measurements.filter(({ metric, failed }) => metric === 'time_to_first_token' && failed)).toEqual([]);
  });

  it('is not a list of runs without settings, nor a run alone, which has the same labels', () => {
    expect(read([RESULT, RESULT]).format).toBe('vllm-serve');
    const alone = read(ran(2, { gpu_memory_utilization: 0.9 }));
    expect(alone.format).toBe('vllm-serve');
    expect(alone.measurements[0]?.labels).toEqual(read([ran(2, { gpu_memory_utilization: 0.9 })]).measurements[0]?.labels);
  });

  it('says so where a setting is too long for a label', () => {
    const reading = read([ran(0, { compilation_config: { passes: 'x'.repeat(300) } })]);
    expect(reading.warnings.join('')).toContain('the label compilation_config was shortened');
  });
});
