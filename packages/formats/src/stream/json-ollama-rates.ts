import { faultOf, isAbsurd, outputFault } from '../formats/ollama-rates.ts';
import type { Computed } from './json-lines-of.ts';

const NANOSECONDS = 1e9;

/** In `numbers`. */
const [TOTAL, LOAD, COUNT, TIME, PROMPT, CACHED, PROMPT_TIME] = [0, 1, 2, 3, 4, 5, 6] as const;
/** In `results`. */
const [OUTPUT_RATE, PROMPT_RATE, RATE_OF_REST] = [0, 1, 2] as const;

/**
 * The rates of a response of Ollama, as `ollama-api.ts` reads them. A line is to be read by itself where anything of it is out of the
 * ordinary: a load of a second, a duration of zero, no token or one, a count below zero, a rate that is absurd.
 */
export const OLLAMA_RATES: Computed = {
  of: [
    '/total_duration',
    '/load_duration',
    '/eval_count',
    '/eval_duration',
    '/prompt_eval_count',
    '/prompt_eval_cached_count',
    '/prompt_eval_duration',
  ],
  tails: [
    ' /eval_count ÷ /eval_duration',
    ' /prompt_eval_count ÷ /prompt_eval_duration',
    ' (/prompt_eval_count − /prompt_eval_cached_count) ÷ /prompt_eval_duration',
  ],
  compute(numbers, results) {
    results.fill(Number.NaN);
    const [total, load] = [at(numbers, TOTAL), at(numbers, LOAD)];
    // Below the least load of a cold start, which is a second, all are alike.
    if (total <= 0 || load <= 0 || load >= NANOSECONDS) return false;
    const [count, time] = [at(numbers, COUNT), at(numbers, TIME)];
    const silent = Number.isNaN(count) && Number.isNaN(time);
    if (!silent && !(count > 0 && time > 0)) return false;
    const output = (count * NANOSECONDS) / time;
    if (!silent && outputFault(output, count) !== null) return false;
    results[OUTPUT_RATE] = output;
    const promptTime = at(numbers, PROMPT_TIME);
    if (Number.isNaN(promptTime)) return true;
    const [prompt, cached] = [at(numbers, PROMPT), at(numbers, CACHED)];
    const evaluated = prompt - (Number.isNaN(cached) ? 0 : cached);
    const rate = (evaluated * NANOSECONDS) / promptTime;
    if (silent || !(promptTime > 0) || !(prompt > 0) || cached < 0) return false;
    if (faultOf(rate, evaluated) !== null || isAbsurd(rate, output)) return false;
    results[cached > 0 ? RATE_OF_REST : PROMPT_RATE] = rate;
    return true;
  },
};

function at(numbers: Float64Array, index: number): number {
  return numbers[index] ?? Number.NaN;
}
