import { type CanonicalMetric, type Measurement, unitOfMetric } from '@chimera/shared/domain';

/** A number that a guard looks at: by its place among the numbers of a meaning, and what makes it one of its metric's own unit. */
type Watched = { at: number; times: number; over: number };

/** Half of the time to the first token: what `canonical-notes.ts` takes for the least time of a whole request. */
const WITHIN = 0.5;

/**
 * Numbers by whose size a record would mean something else: a load duration that makes it a cold one, a request that ends before
 * its first token. Where one may, the record is read by itself.
 */
export class JsonGuards {
  readonly #coldFrom: number;
  readonly #loads: readonly Watched[];
  /** of one statistic each */
  readonly #pairs: readonly { whole: Watched; first: Watched }[];

  /**
   * @param measurements of the record, with the place of each among its numbers
   * @param coldFrom seconds
   */
  constructor(measurements: readonly { at: number; measurement: Measurement }[], coldFrom: number) {
    this.#coldFrom = coldFrom;
    this.#loads = coldFrom < Number.POSITIVE_INFINITY ? [...watched(measurements, 'load_duration').values()].flat() : [];
    const firsts = watched(measurements, 'time_to_first_token');
    const wholes = watched(measurements, 'request_latency');
    this.#pairs = [...wholes].flatMap(([statistic, all]) =>
      all.flatMap((whole) => (firsts.get(statistic) ?? []).map((first) => ({ whole, first }))),
    );
  }

  /** The places of the numbers that are looked at. */
  get watched(): number[] {
    return [...new Set([...this.#loads, ...this.#pairs.flatMap(({ whole, first }) => [whole, first])].map(({ at }) => at))];
  }

  /**
   * Whether the record means what others of its kind mean.
   * @param least by place, the least of a list of numbers, and most the largest one; of a single number both are it
   */
  hold(least: Float64Array, most: Float64Array): boolean {
    for (let index = 0; index < this.#loads.length; index += 1)
      if (sizeOf(this.#loads[index] as Watched, most) >= this.#coldFrom) return false;
    for (let index = 0; index < this.#pairs.length; index += 1) {
      const { whole, first } = this.#pairs[index] as { whole: Watched; first: Watched };
      if (sizeOf(whole, least) < sizeOf(first, most) * WITHIN) return false;
    }
    return true;
  }
}

/** By statistic; numbers of a unit that says nothing of their size are not among them. */
function watched(measurements: readonly { at: number; measurement: Measurement }[], metric: CanonicalMetric): Map<string, Watched[]> {
  const found = new Map<string, Watched[]>();
  for (const { at, measurement } of measurements) {
    const unit = measurement.metric === metric ? unitOfMetric(metric, measurement.unit) : null;
    if (unit === null) continue;
    const known = found.get(measurement.statistic) ?? [];
    // The items of a list stand in one place.
    if (known.at(-1)?.at !== at) known.push({ at, times: unit.times, over: unit.over });
    found.set(measurement.statistic, known);
  }
  return found;
}

function sizeOf({ at, times, over }: Watched, values: Float64Array): number {
  return ((values[at] ?? Number.NaN) * times) / over;
}
