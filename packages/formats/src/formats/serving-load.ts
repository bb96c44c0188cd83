import type { Extract } from '../extract.ts';
import { plainNumber } from '../fields.ts';
import type { JsonObject } from '../json-value.ts';

/** A server that keeps up serves as much of what was asked for. */
const LEAST_SHARE = 0.9;

/** The load of a run. */
export type Load = {
  /** requests a second that were asked for */
  asked: number | null;
  /** requests a second that were served */
  served: number | null;
  /** how many the client let out at once, at most */
  limit: number | null;
  /** what the run says of its answers; default: nothing */
  answers?: Answers;
};

/** How long answers were generated; times in seconds. */
export type Answers = {
  /** requests that completed */
  completed: number | null;
  /** of all answers together */
  tokens: number | null;
  /** mean time of each token behind the first */
  perToken: number | null;
  /** p99 of the whole request, and of the time to its first token */
  slowest: number | null;
  slowestFirst: number | null;
};

/** What the fields of a run, as vLLM's benchmark and those made after it name them, say of its answers. */
export function answersOf(object: JsonObject, completed: number | null): Answers {
  // InferenceX writes the same names for seconds, without an end.
  const seconds = (...stems: readonly string[]): number | null => {
    for (const stem of stems) {
      const [milliseconds, plain] = [plainNumber(object[`${stem}_ms`]), plainNumber(object[stem])];
      if (milliseconds !== null) return milliseconds / 1000;
      if (plain !== null) return plain;
    }
    return null;
  };
  return {
    completed,
    tokens: plainNumber(object.total_output_tokens),
    perToken: seconds('mean_tpot'),
    slowest: seconds('p99_e2el', 'p99_e2e_latency'),
    slowestFirst: seconds('p99_ttft'),
  };
}

/**
 * Labels a run that served less than 0.9 of the requests a second that were asked for: `yes`, its server fell behind, or `perhaps`.
 * A run goes on until its last answer is whole, which is no queue: in a short run with long answers that is most of the time. And of
 * few requests chance may explain as much.
 */
export function labelSaturation(extract: Extract, labels: Record<string, string>, load: Load, name: string): void {
  const { asked, served, limit } = load;
  if (asked === null || served === null || asked <= 0 || served <= 0 || served >= LEAST_SHARE * asked) return;
  const least = asked * leastShare(load.answers?.completed ?? null, Number(labels.burstiness ?? 1));
  const mayKeepUp = rateWhileAnswersBegan(served, load.answers) >= least;
  labels.saturated = mayKeepUp ? 'perhaps' : 'yes';
  const why = mayKeepUp
    ? 'perhaps saturated, but the time of its last answers and the chance of few requests explain as much'
    : limit === null
      ? 'an open-loop run that is saturated, so its latency is the length of the queue'
      : `a saturated run, whose client held requests back once ${limit} were under way`;
  extract.warnings.add('saturated', `${name}: ${asked} requests a second were asked for and ${served.toPrecision(3)} served: ${why}`);
}

/**
 * Of the rate asked for, what a server that keeps up serves at least. The gaps between requests are drawn: n of them together are
 * longer or shorter by the square root of n gaps (their deviation), and seldom by more than twice that.
 */
function leastShare(completed: number | null, burstiness: number): number {
  if (completed === null || completed <= 0 || !(burstiness > 0)) return LEAST_SHARE;
  return Math.min(LEAST_SHARE, 1 / (1 + 2 / Math.sqrt(completed * burstiness)));
}

/** Requests a second up to where the last answer began; of the whole run where it does not say how long answers took. */
function rateWhileAnswersBegan(served: number, answers: Answers | undefined): number {
  const { completed = null, tokens = null, perToken = null, slowest = null, slowestFirst = null } = answers ?? {};
  if (completed === null || completed <= 0) return served;
  const mean = tokens === null || perToken === null ? 0 : perToken * (tokens / completed - 1);
  // The wait for the first token is the queue, if there is one.
  const last = slowest === null || slowestFirst === null ? 0 : slowest - slowestFirst;
  const seconds = completed / served - Math.max(mean, last, 0);
  return seconds > 0 ? completed / seconds : Number.POSITIVE_INFINITY;
}
