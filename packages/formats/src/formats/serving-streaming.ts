import type { Extract } from '../extract.ts';
import { type MetricName, plainNumber } from '../fields.ts';
import type { RunNumber } from './serving-run.ts';

/** Numbers without the times to the first token, where these are the times of whole requests: SGLang writes them so where nothing was streamed. */
export function withoutWholeRequests(extract: Extract, numbers: readonly RunNumber[], name: string): readonly RunNumber[] {
  const all = (metric: MetricName) =>
    new Map(numbers.filter((one) => one.meaning.metric === metric).map((one) => [one.meaning.statistic, plainNumber(one.value)]));
  const [first, whole] = [all('time_to_first_token'), all('request_latency')];
  const shared = [...first].filter(([statistic, value]) => value !== null && value > 0 && whole.has(statistic));
  if (shared.length < 2 || shared.some(([statistic, value]) => whole.get(statistic) !== value)) return numbers;
  extract.warnings.add(
    'not streamed',
    `${name}: the time to first token equals the latency of the whole request in every statistic: nothing was streamed, and it is absent`,
  );
  return numbers.filter(({ meaning }) => meaning.metric !== 'time_to_first_token');
}
