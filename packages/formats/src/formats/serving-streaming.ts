import type { Extract } from '../extract.ts';
import { type MetricName, plainNumber } from '../fields.ts';
import type { RunNumber } from './serving-run.ts';

/** Of the time of a whole request: where nothing was streamed, times to the first token are no less, but for what a client needs. */
const NEARLY_WHOLE = 0.95;

/** What is measured by the first token, and by those behind it. */
export const OF_STREAMS: readonly MetricName[] = ['time_to_first_token', 'time_per_output_token'];

/**
 * Numbers without the times to the first token, where these are the times of whole requests: SGLang writes them so where nothing
 * was streamed. They are the same in every statistic, or nearly, and no gap between tokens was seen.
 * @param tokens of output that a request has on average: one of a single token is whole with its first
 */
export function withoutWholeRequests(
  extract: Extract,
  numbers: readonly RunNumber[],
  name: string,
  tokens: number | null,
): readonly RunNumber[] {
  const all = (metric: MetricName) =>
    new Map(numbers.filter((one) => one.meaning.metric === metric).map((one) => [one.meaning.statistic, plainNumber(one.value)]));
  const [first, whole] = [all('time_to_first_token'), all('request_latency')];
  const shared = [...first].filter(([statistic, value]) => value !== null && value > 0 && whole.has(statistic));
  const gaps = [...all('inter_token_latency').values()];
  const least = gaps.length > 0 && gaps.every((gap) => gap === 0) ? NEARLY_WHOLE : 1;
  const isWhole = ([statistic, value]: [string, number | null]): boolean => {
    const latency = whole.get(statistic) ?? 0;
    return least < 1 ? (value ?? 0) >= least * latency : value === latency;
  };
  if (shared.length < 2 || (tokens !== null && tokens <= 1) || !shared.every(isWhole)) return numbers;
  extract.warnings.add(
    'not streamed',
    `${name}: the time to first token is the latency of the whole request in every statistic: nothing was streamed, and it is absent, as is the time per token behind it`,
  );
  return numbers.filter(({ meaning }) => !OF_STREAMS.includes(meaning.metric));
}
