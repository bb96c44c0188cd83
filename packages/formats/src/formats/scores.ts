import type { FieldMeaning } from '../fields.ts';

/**
 * Scores that are a share of right answers, between 0 and 1, in the harnesses that write them. F1, BLEU, perplexity and the like are
 * something else: they keep their names.
 */
const ACCURACY =
  /^(?:acc|accuracy|acc_norm|acc_norm_nospace|acc_bytes|acc_mutual_info|acc_per_byte|acc_per_char|exact_match|quasi_exact_match|prefix_exact_match|quasi_prefix_exact_match|exact_match_strict|em|qem|pem|pqem|extractive_match|mc1|mc1_targets|loglikelihood_acc|loglikelihood_acc_norm|loglikelihood_acc_norm_nospace|(?:prompt|inst)_level_(?:strict|loose)_acc|(?:exact_match|quasi_exact_match|prefix_exact_match|quasi_prefix_exact_match)@\d{1,3}|pass@\d{1,4}|pass@k:k=\d{1,4}(?:&n=\d{1,4})?)$/;

/** Whether a score is a share of right answers, by its name. */
export function isAccuracy(name: string): boolean {
  return name.length <= 64 && ACCURACY.test(name);
}

/**
 * What a score means.
 * @param higher whether more is better, where the file says so
 */
export function scoreMeaning(name: string, statistic: string, higher: unknown = true): FieldMeaning {
  return isAccuracy(name) && higher !== false
    ? { metric: 'accuracy', statistic, unit: 'ratio', over: 'requests' }
    : { metric: 'own', statistic: statistic === 'mean' ? 'value' : statistic, unit: null };
}

/** A number that a harness writes as a text: `"2677.73"`; null where a text is none. */
export function numberText(value: unknown): string | null {
  return typeof value === 'string' && /^\d{1,12}(?:\.\d{1,18})?$/.test(value) ? value : null;
}
