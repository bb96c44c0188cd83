import type { Over } from '@chimera/shared/domain';
import type { Start } from '../cold-start.ts';
import type { Extract } from '../extract.ts';
import type { Labels } from '../fields.ts';

/** Ollama measures each request on its own, one after the other: they are repetitions of each other. */
export const OLLAMA_OVER: Over = 'repetitions';

/** No GPU generates, or evaluates, more tokens a second for one request. */
const MOST_TOKENS = 100_000;
/** A prompt is evaluated faster than tokens are generated, but not by so much. */
const MOST_TIMES = 1_000;

/** The label of a prompt's rate that can only be so high because much of the prompt was not evaluated, or not timed. */
const SUSPECTED: Labels = { prompt_cache: 'suspected' };

/** A rate of tokens with what it is judged by. */
export type Rate = {
  /** in tok/s */
  rate: number;
  /** tokens that were timed; null where the file does not say how many */
  tokens: number | null;
  labels: Labels;
  /** where the rate stands, or the numbers it is made of */
  pointer: string;
  failed?: boolean;
};

/** Adds the rate of generation, unless it says nothing: of one token, of none. Returns it where it was added. */
export function addOutputRate(extract: Extract, { rate, tokens, labels, pointer, failed = false }: Rate): number | null {
  const why = outputFault(rate, tokens);
  if (why !== null) {
    extract.warnings.add('rates left out', `${pointer}: the rate of generation (${shown(rate)}) was left out: ${why}`);
    return null;
  }
  const metric = 'output_token_throughput';
  extract.add({ metric, statistic: 'value', value: rate, text: null, unit: 'tok/s', n: null, over: OLLAMA_OVER, labels, pointer, failed });
  return rate;
}

/**
 * Adds the rate at which the prompt was evaluated, unless it says nothing. One that is absurd, because a part of the prompt came from
 * the cache or only its last batch was timed, is kept apart by a label, and a warning says so.
 * @param output the rate of generation of the same request, if known
 */
export function addPromptRate(extract: Extract, { rate, tokens, labels, pointer, failed = false }: Rate, output: number | null): void {
  const why = faultOf(rate, tokens);
  if (why !== null) {
    extract.warnings.add('rates left out', `${pointer}: the rate of the prompt (${shown(rate)}) was left out: ${why}`);
    return;
  }
  const absurd = isAbsurd(rate, output);
  if (absurd) {
    const reason = 'part of the prompt came from the cache, or only its last batch was timed';
    extract.warnings.add('absurd rates', `${pointer}: ${shown(rate)} for the prompt is not to be believed: ${reason}`);
  }
  extract.add({
    metric: 'prompt_token_throughput',
    statistic: 'value',
    value: rate,
    text: null,
    unit: 'tok/s',
    n: null,
    over: OLLAMA_OVER,
    labels: absurd ? { ...labels, ...SUSPECTED } : labels,
    pointer,
    failed,
  });
}

/** Says that the rate of a prompt is unknown: where all of it came from the cache, Ollama leaves its count out. */
export function warnAboutUncounted(extract: Extract, pointer: string): void {
  const why = 'its tokens were not counted, because they came from the cache';
  extract.warnings.add('uncounted prompts', `${pointer}: the rate of the prompt is unknown: ${why}`);
}

/** Why a rate of generation says nothing; null where it does. */
export function outputFault(rate: number, tokens: number | null): string | null {
  return faultOf(rate, tokens) ?? (rate > MOST_TOKENS ? 'no request generates so fast' : null);
}

/** Whether no prompt is evaluated so fast, beside the rate of generation of the same request. */
export function isAbsurd(rate: number, output: number | null): boolean {
  return rate > MOST_TOKENS || (output !== null && rate > MOST_TIMES * output);
}

/** Why a rate says nothing; null where it does. */
export function faultOf(rate: number, tokens: number | null): string | null {
  if (!Number.isFinite(rate) || rate <= 0 || tokens === 0) return 'no token was timed';
  return tokens === 1 ? 'one token makes no rate' : null;
}

function shown(rate: number): string {
  return `${Number(rate.toPrecision(6))} tok/s`;
}

/** Labels of what includes the loading. */
export function startedLabels(labels: Labels, start: Start | null | undefined): Labels {
  return start === null || start === undefined ? labels : { ...labels, start };
}
