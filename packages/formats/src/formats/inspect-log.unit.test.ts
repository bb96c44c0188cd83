import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { expectNoFaultWhenMangled } from '../../../../test/support/mangling.ts';
import { readSample, readText, SAMPLES } from './reading-for-test.ts';

const metrics = (...names: string[]) =>
  Object.fromEntries(names.map((name, index) => [name, { name, value: 0.5 - index / 10, params: {} }]));
const LOG = {
  version: 2,
  status: 'success',
  eval: {
    created: '2026-02-01T10:00:00+00:00',
    task: 'acme/quiz',
    task_version: 1,
    dataset: { name: 'quiz', samples: 50 },
    model: 'vllm/tiny-1b',
    model_generate_config: { temperature: 0.5 },
    config: { limit: null, epochs: 1 },
    packages: { inspect_ai: '0.3.100' },
  },
  plan: { name: 'plan', config: {} },
  results: {
    total_samples: 50,
    completed_samples: 50,
    scores: [
      { name: 'match', scorer: 'match', scored_samples: 48, metrics: metrics('accuracy', 'stderr') },
      { name: 'grade', scorer: 'grade', reducer: 'mean', scored_samples: 50, metrics: metrics('mean', 'stderr') },
    ],
  },
  stats: { model_usage: { 'vllm/tiny-1b': { input_tokens: 100, output_tokens: 200, total_tokens: 300 } } },
  samples: [{ id: 1, scores: { match: { value: 1 } } }],
};
const read = (over: object = {}) => readText('log.json', JSON.stringify({ ...LOG, ...over }));

describe('a log of Inspect', () => {
  it('has the scores of each scorer', () => {
    const reading = read();
    expect(reading).toMatchObject({ format: 'inspect', records: 1, failed: [], warnings: [] });
    expect(
      reading.measurements.map(({ metric, statistic, value, unit, n, labels }) => [metric, statistic, value, unit, n, labels.score]),
    ).toEqual([
      ['accuracy', 'mean', 0.5, 'ratio', 48, 'match'],
      ['accuracy', 'stderr', 0.4, 'ratio', 48, 'match'],
      ['mean', 'value', 0.5, null, null, 'grade'],
      ['stderr', 'stderr', 0.4, null, null, 'grade'],
      ['/stats/model_usage/*/input_tokens', 'value', 100, 'tokens', null, undefined],
      ['/stats/model_usage/*/output_tokens', 'value', 200, 'tokens', null, undefined],
      ['/stats/model_usage/*/total_tokens', 'value', 300, 'tokens', null, undefined],
    ]);
    expect(reading.measurements[0]).toMatchObject({
      pointer: '/results/scores/0/metrics/accuracy/value',
      labels: {
        tool: 'inspect',
        tool_version: '0.3.100',
        model: 'vllm/tiny-1b',
        test: 'acme/quiz',
        task_version: '1',
        dataset: 'quiz',
        temperature: '0.5',
        epochs: '1',
        timestamp: '2026-02-01T10:00:00+00:00',
        score: 'match',
      },
    });
  });

  it('that is no success failed, whether it has scores or none', () => {
    const error = read({ status: 'error', error: { message: 'server gone' } });
    expect(error.failed).toEqual([{ pointer: '/status', reason: 'status is error: server gone' }]);
    expect(error.measurements.every(({ failed }) => failed)).toBe(true);
    const cancelled = read({ status: 'cancelled', results: null });
    expect(cancelled).toMatchObject({ format: 'inspect', failed: [{ reason: 'status is cancelled' }] });
    expect(cancelled.measurements.every(({ failed }) => failed)).toBe(true);
  });

  it('says where questions were left out', () => {
    const reading = read({ eval: { ...LOG.eval, config: { limit: 10 } }, results: { ...LOG.results, completed_samples: 49 } });
    expect(reading.warnings).toEqual([
      '/eval/config/limit: at most 10 questions were asked: a limited run compares with nothing else',
      '/results: 49 of 50 questions were completed; the scores are over those',
    ]);
    expect(reading.measurements[0]?.labels.limit).toBe('10');
    expect(read({ eval: { ...LOG.eval, config: { limit: 50 } } }).warnings).toEqual([]);
  });

  it('is not claimed without a task, a model and scores', () => {
    expect(read({ eval: { task: 'x' } }).format).toBe('generic');
    expect(read({ results: {} }).format).toBe('generic');
  });

  it('never fails where values are of the wrong type', () => {
    expectNoFaultWhenMangled('log.json', JSON.stringify({ ...LOG, samples: [] }));
  });
});

const SAMPLE = 'inspect/1-data_arc_qwen.json';
const absent = !existsSync(`${SAMPLES}${SAMPLE}`);

describe.skipIf(absent)(`Inspect, a real log${absent ? ' (left out: it is not there)' : ''}`, () => {
  it('has its accuracy, of three questions', () => {
    const reading = readSample(SAMPLE);
    expect(reading).toMatchObject({ format: 'inspect', records: 1, failed: [] });
    expect(reading.measurements).toHaveLength(5);
    expect(reading.at('/results/scores/0/metrics/accuracy/value')).toMatchObject({
      metric: 'accuracy',
      statistic: 'mean',
      value: 0.3333333333333333,
      n: 3,
    });
    expect(reading.at('/results/scores/0/metrics/stderr/value')).toMatchObject({
      metric: 'accuracy',
      statistic: 'stderr',
      value: 0.33333333333333337,
    });
    expect(reading.at('/stats/model_usage/ollama~1qwen2.5:0.5b/output_tokens')).toMatchObject({ value: 526, unit: 'tokens' });
    expect(reading.measurements[0]?.labels).toMatchObject({ model: 'ollama/qwen2.5:0.5b', limit: '3', test: 'inspect_evals/arc_easy' });
  });
});
