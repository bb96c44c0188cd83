import { canonicalValue, type Over } from '@chimera/shared/domain';
import { type Start, startsOf } from '../cold-start.ts';
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
  const why = faultOf(rate, tokens) ?? (rate > MOST_TOKENS ? 'no request generates so fast' : null);
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
  const absurd = rate > MOST_TOKENS || (output !== null && rate > MOST_TIMES * output);
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

function faultOf(rate: number, tokens: number | null): string | null {
  if (!Number.isFinite(rate) || rate <= 0 || tokens === 0) return 'no token was timed';
  return tokens === 1 ? 'one token makes no rate' : null;
}

function shown(rate: number): string {
  return `${Number(rate.toPrecision(6))} tok/s`;
}

/** What of a request includes the loading of the model. */
export type Loading = { value: number; unit: string | null } | null;

/** A load that takes this part of the whole shows by itself that the model was not there. */
const LEAST_PART = 0.5;

/** A request's durations; `first` is its time to first token, where the file has one. */
export type RequestTimes = { load: Loading; total: Loading; first?: Loading };

/**
 * Which requests of a file found the model loaded. Where no other request shows it, one whose loading takes a second and half of the
 * whole is cold. Of a loading that is longer than the time to first token nothing can be told: it was not waited for.
 */
export function startsOfRequests(requests: readonly RequestTimes[]): (Start | null)[] {
  const loads = requests.map(({ load, first = null }) => {
    const [loaded, token] = [secondsOf(load), secondsOf(first)];
    return loaded !== null && token !== null && token < loaded ? null : loaded;
  });
  const starts = startsOf(loads);
  if (starts.some((start) => start !== null)) return starts;
  return requests.map(({ total }, index) => {
    const [load, whole] = [loads[index] ?? null, secondsOf(total)];
    return load !== null && whole !== null && load >= 1 && load >= LEAST_PART * whole ? 'cold' : null;
  });
}

/** Labels of what includes the loading. */
export function startedLabels(labels: Labels, start: Start | null | undefined): Labels {
  return start === null || start === undefined ? labels : { ...labels, start };
}

function secondsOf(loading: Loading): number | null {
  return loading === null ? null : canonicalValue('load_duration', loading.value, loading.unit);
}
