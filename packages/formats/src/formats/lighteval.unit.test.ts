import { describe, expect, it } from 'vitest';
import { expectNoFaultWhenMangled } from '../../../../test/support/mangling.ts';
import { readText } from './reading-for-test.ts';

const RESULTS = {
  config_general: {
    lighteval_sha: '6b9d193b',
    num_fewshot_seeds: 1,
    max_samples: 10,
    total_evaluation_time_secondes: '45.5',
    model_name: 'acme/tiny-1b',
    model_dtype: 'torch.bfloat16',
    model_size: '5.33 GB',
  },
  results: {
    'leaderboard|arc:challenge|25': { acc: 0.5, acc_stderr: 0.05, acc_norm: 0.55, acc_norm_stderr: 0.04 },
    'leaderboard|mmlu:_average|5': { acc: 0.3, acc_stderr: 0.01 },
    'helm|summarization|0': { rouge1: 21.5, em: 0.25 },
    all: { acc: 0.4, acc_stderr: 0.03 },
  },
  versions: {},
  config_tasks: { 'leaderboard|arc:challenge': { effective_num_docs: 10, original_num_docs: 1172, num_fewshots: 25 } },
};

describe('lighteval', () => {
  const reading = readText('results_2026.json', JSON.stringify(RESULTS));

  it('reads the scores of each task, averages apart', () => {
    expect(reading).toMatchObject({ format: 'lighteval', records: 4, failed: [] });
    expect(
      reading.measurements.map(({ metric, statistic, value, unit, n, labels }) => [
        metric,
        statistic,
        value,
        unit,
        n,
        labels.score,
        labels.aggregate,
      ]),
    ).toEqual([
      ['accuracy', 'mean', 0.5, 'ratio', 10, 'acc', undefined],
      ['accuracy', 'stderr', 0.05, 'ratio', 10, 'acc', undefined],
      ['accuracy', 'mean', 0.55, 'ratio', 10, 'acc_norm', undefined],
      ['accuracy', 'stderr', 0.04, 'ratio', 10, 'acc_norm', undefined],
      ['accuracy', 'mean', 0.3, 'ratio', null, 'acc', 'yes'],
      ['accuracy', 'stderr', 0.01, 'ratio', null, 'acc', 'yes'],
      ['rouge1', 'value', 21.5, null, null, 'rouge1', undefined],
      ['accuracy', 'mean', 0.25, 'ratio', null, 'em', undefined],
      ['accuracy', 'mean', 0.4, 'ratio', null, 'acc', 'yes'],
      ['accuracy', 'stderr', 0.03, 'ratio', null, 'acc', 'yes'],
      ['duration', 'value', 45.5, 's', null, undefined, undefined],
    ]);
    expect(reading.measurements[0]?.labels).toEqual({
      tool: 'lighteval',
      tool_version: '6b9d193b',
      model: 'acme/tiny-1b',
      dtype: 'torch.bfloat16',
      model_size: '5.33 GB',
      limit: '10',
      test: 'leaderboard|arc:challenge|25',
      num_fewshot: '25',
      score: 'acc',
    });
  });

  it('says that the run was limited', () => {
    expect(reading.warnings).toEqual([
      '/config_general/max_samples: at most 10 questions of a task were asked: a limited run compares with nothing else',
    ]);
  });

  it('is told from lm-eval, whose files have the same name', () => {
    expect(readText('results_x.json', JSON.stringify({ results: RESULTS.results, versions: {} })).format).toBe('generic');
  });

  it('never fails where values are of the wrong type', () => {
    expectNoFaultWhenMangled('r.json', JSON.stringify(RESULTS));
  });
});
