import { describe, expect, it } from 'vitest';
import { isAccuracy, numberText, scoreMeaning } from './scores.ts';

describe('scores of accuracy harnesses', () => {
  it.each(['acc', 'acc_norm', 'exact_match', 'quasi_exact_match@5', 'pass@1', 'pass@k:k=1&n=1', 'prompt_level_strict_acc', 'em', 'mc1'])(
    '%s is a share of right answers',
    (name) => {
      expect(isAccuracy(name)).toBe(true);
      expect(scoreMeaning(name, 'mean')).toEqual({ metric: 'accuracy', statistic: 'mean', unit: 'ratio', over: 'requests' });
    },
  );

  it.each(['f1', 'bleu', 'rouge1', 'perplexity', 'word_perplexity', 'accuracy_drop', 'acc_loss', 'xacc', 'constructor', ''])(
    '%s is none',
    (name) => {
      expect(isAccuracy(name)).toBe(false);
      expect(scoreMeaning(name, 'mean')).toEqual({ metric: 'own', statistic: 'value', unit: null });
    },
  );

  it('is none where less is better', () => {
    expect(scoreMeaning('acc', 'mean', false).metric).toBe('own');
    expect(scoreMeaning('acc', 'stderr', true)).toMatchObject({ metric: 'accuracy', statistic: 'stderr' });
  });

  it('takes only plain numbers for numbers', () => {
    expect(['12.5', '7', '-1', '1e5', '', ' 1', '1,5', 12].map(numberText)).toEqual(['12.5', '7', null, null, null, null, null, null]);
  });
});
