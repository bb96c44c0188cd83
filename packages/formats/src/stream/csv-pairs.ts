import { canonicalValue, type Measurement } from '@chimera/shared/domain';

/** Numbers of a request of which the first ends no earlier than the second: settled by the ordinary reader, for each record. */
const WHOLE = 'request_latency';
const FIRST = 'time_to_first_token';

/** A whole request and its first token: the columns, their units, and their factors to one unit. */
export type Pair = { whole: Side; first: Side };
type Side = { slot: number; unit: string | null; factor: number };

/** The half that the ordinary reader allows, and with what its roundings may be. */
const WITHIN = 0.5;
const SUSPICIOUS = WITHIN * (1 + 1e-9);

/** More pairs are not told apart. */
const MOST_PAIRS = 30;

/** Which pairs contradict each other, as bits; -1 where there are too many of them. */
export function violationsOf(pairs: readonly Pair[], values: Float64Array): number {
  if (pairs.length > MOST_PAIRS) return -1;
  let bits = 0;
  for (let index = 0; index < pairs.length; index += 1) {
    const { whole, first } = pairs[index] as Pair;
    const [a, b] = [values[whole.slot] as number, values[first.slot] as number];
    if (!(a * whole.factor < b * first.factor * SUSPICIOUS)) continue;
    const seconds = canonicalValue('request_latency', a, whole.unit);
    const least = canonicalValue('time_to_first_token', b, first.unit);
    if (seconds !== null && least !== null && seconds < least * WITHIN) bits |= 1 << index;
  }
  return bits;
}

/** The pairs among the numbers of a row. */
export function pairsAmong(measurements: readonly Measurement[], slotOf: (measurement: Measurement) => number | undefined): Pair[] {
  const of = (wanted: typeof WHOLE | typeof FIRST): (Side & { statistic: string })[] =>
    measurements.flatMap((measurement) => {
      const { metric, statistic, unit, failed } = measurement;
      const factor = metric === wanted && !failed ? canonicalValue(wanted, 1, unit) : null;
      return factor === null ? [] : [{ slot: slotOf(measurement) ?? -1, unit, statistic, factor }];
    });
  return of(WHOLE).flatMap((whole) =>
    of(FIRST)
      .filter(({ statistic }) => statistic === whole.statistic)
      .map((first) => ({ whole: sideOf(whole), first: sideOf(first) })),
  );
}

function sideOf({ slot, unit, factor }: Side): Side {
  return { slot, unit, factor };
}
