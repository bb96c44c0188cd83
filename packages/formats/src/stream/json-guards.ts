import { type CanonicalMetric, canonicalValue, type Measurement } from '@chimera/shared/domain';

/** A number that a guard looks at: by its place among the numbers of a meaning. */
type Watched = { at: number; metric: CanonicalMetric; unit: string | null };

/** Half of the time to the first token: what `canonical-notes.ts` takes for the least time of a whole request. */
const WITHIN = 0.5;

/**
 * Numbers by whose size a record would mean something else: a load duration that makes it a cold one, a request that ends before
 * its first token. Where one may, the record is read by itself.
 */
export class JsonGuards {
  readonly #coldFrom: number;
  readonly #loads: Watched[];
  /** by statistic */
  readonly #whole = new Map<string, Watched[]>();
  readonly #first = new Map<string, Watched[]>();

  /**
   * @param measurements of the record, with the place of each among its numbers
   * @param coldFrom seconds
   */
  constructor(measurements: readonly { at: number; measurement: Measurement }[], coldFrom: number) {
    this.#coldFrom = coldFrom;
    this.#loads = coldFrom < Number.POSITIVE_INFINITY ? watched(measurements, 'load_duration') : [];
    for (const { at, measurement } of measurements) {
      this.#watch(this.#whole, 'request_latency', at, measurement);
      this.#watch(this.#first, 'time_to_first_token', at, measurement);
    }
    for (const statistic of [...this.#whole.keys()]) if (!this.#first.has(statistic)) this.#whole.delete(statistic);
  }

  /** The places of the numbers that are looked at. */
  get watched(): number[] {
    const firsts = [...this.#whole.keys()].flatMap((statistic) => this.#first.get(statistic) ?? []);
    const all = [...this.#loads, ...[...this.#whole.values()].flat(), ...firsts];
    return [...new Set(all.map(({ at }) => at))];
  }

  /**
   * Whether the record means what others of its kind mean.
   * @param least by place, the least of a list of numbers, and most the largest one; of a single number both are it
   */
  hold(least: Float64Array, most: Float64Array): boolean {
    for (const load of this.#loads) if ((canonicalAt(load, most) ?? 0) >= this.#coldFrom) return false;
    for (const [statistic, all] of this.#whole) {
      for (const whole of all) {
        const end = canonicalAt(whole, least) ?? Number.POSITIVE_INFINITY;
        for (const first of this.#first.get(statistic) ?? []) if (end < (canonicalAt(first, most) ?? 0) * WITHIN) return false;
      }
    }
    return true;
  }

  #watch(into: Map<string, Watched[]>, metric: CanonicalMetric, at: number, measurement: Measurement): void {
    const { statistic, unit } = measurement;
    if (measurement.metric !== metric) return;
    const known = into.get(statistic);
    if (known === undefined) into.set(statistic, [{ at, metric, unit }]);
    else if (known.at(-1)?.at !== at) known.push({ at, metric, unit });
  }
}

function watched(measurements: readonly { at: number; measurement: Measurement }[], metric: CanonicalMetric): Watched[] {
  return measurements
    .filter(({ at, measurement }, index) => measurement.metric === metric && measurements[index - 1]?.at !== at)
    .map(({ at, measurement: { unit } }) => ({ at, metric, unit }));
}

function canonicalAt({ at, metric, unit }: Watched, values: Float64Array): number | null {
  return canonicalValue(metric, values[at] ?? Number.NaN, unit);
}
