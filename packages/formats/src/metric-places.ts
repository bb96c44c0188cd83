import { isCanonical, type Measurement } from '@chimera/shared/domain';
import type { Noted } from './canonical-notes.ts';

/** Under what the places of a measurement are gathered. */
export function placedKey({ metric, statistic }: Measurement): string {
  return `${metric}\0${statistic}`;
}

/** The places at which one metric and statistic stand. */
export class Places {
  readonly #shorts = new Map<string, string>();
  #told = true;

  add({ measurement: { labels }, place: { short, full } }: Noted): void {
    this.#shorts.set(full, short);
    // A map by model or concurrency, whose records say the same by a label.
    this.#told &&= Object.values(labels).includes(short.slice(short.lastIndexOf('/') + 1));
  }

  /** Whether there are several, which labels of the records do not tell apart. */
  mixed(): boolean {
    return this.#shorts.size > 1 && !this.#told;
  }

  nameOf({ short, full }: Noted['place']): string {
    return new Set(this.#shorts.values()).size === this.#shorts.size ? short : full;
  }
}

/** The places of those that have a metric of the registry, by metric and statistic. */
export function placesOf(noted: readonly Noted[]): Map<string, Places> {
  const groups = new Map<string, Places>();
  for (const one of noted) {
    if (!isCanonical(one.measurement.metric)) continue;
    const key = placedKey(one.measurement);
    const places = groups.get(key) ?? new Places();
    groups.set(key, places);
    places.add(one);
  }
  return groups;
}
