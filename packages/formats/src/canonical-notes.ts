import { type CanonicalMetric, canonicalValue, type Measurement } from '@chimera/shared/domain';
import { coldFrom, type Start, startsOf } from './cold-start.ts';
import { excerpt } from './excerpt.ts';
import type { Extract } from './extract.ts';
import { labelValue } from './labels.ts';
import { type Places, placedKey, placesOf } from './metric-places.ts';

/** A measurement that was given a metric of the registry by its name alone. */
export type Noted = {
  measurement: Measurement;
  /** the metric's name in the file: a column, or a pattern */
  own: string;
  /** where it stands, as short as it may be said, and in full */
  place: { short: string; full: string };
  /** the record that it is of: a row, an object */
  record: string;
  /** what tells it from other numbers of the same name in the record: an index, or nothing */
  tail: string;
  /** it stands beside those of other configurations in its record, which were no repeats of it */
  besideOthers?: boolean;
};

/** What includes the loading of a model, where it had to be loaded. */
const STARTED: ReadonlySet<string> = new Set<CanonicalMetric>(['time_to_first_token', 'request_latency', 'load_duration']);

/** Statistics of a load duration by which a record is called cold or warm. */
const LEVELS: ReadonlySet<string> = new Set(['value', 'mean', 'median']);

/** Two clocks differ a little; a mistaken unit makes a thousand. */
const WITHIN = 0.5;

/** Longest name of a place. */
const PLACE_CHARS = 200;

/** What the first records of a file decide for those that are read later, one by one. */
export type Decided = {
  /** by the full place of a load duration: from how many seconds on a record is cold, and what one that is not is called */
  starts: ReadonlyMap<string, { from: number; else: Start | null }>;
  /** by metric and statistic */
  places: ReadonlyMap<string, Places>;
};

/**
 * The measurements of one file that have a metric of the registry by their names. What can only be told when all are known is
 * settled at the end: contradictions, cold starts, and places that must not be mixed.
 */
export class CanonicalNotes {
  readonly #noted: Noted[] = [];
  readonly #decided: Decided | null;

  /** @param decided by the records before, where those of these notes are few */
  constructor(decided: Decided | null = null) {
    this.#decided = decided;
  }

  add(noted: Noted): void {
    this.#noted.push(noted);
  }

  settle(extract: Extract): void {
    this.#settleContradictions(extract);
    this.#settleStarts();
    this.#settlePlaces();
  }

  /** What these notes, which are settled, decide for records that come later. */
  decide(): Decided {
    const starts = new Map<string, { from: number; else: Start | null }>();
    for (const [place, records] of this.#loads()) {
      const loads = records.map(({ load }) => load);
      const from = coldFrom(loads);
      const told = startsOf(loads).some((start) => start !== null);
      if (from !== null) starts.set(place, { from, else: told ? 'warm' : null });
    }
    return { starts, places: placesOf(this.#noted) };
  }

  /** No request ends before its first token: where one seems to, one of the two has another unit or meaning than its name says. */
  #settleContradictions(extract: Extract): void {
    if (!this.#noted.some(({ measurement }) => measurement.metric === 'request_latency')) return;
    const firsts = new Map<string, Noted>();
    const keyOf = ({ measurement, record, tail }: Noted): string => `${record}\0${measurement.statistic}\0${tail}`;
    for (const noted of this.#noted) if (valueAs(noted, 'time_to_first_token') !== null) firsts.set(keyOf(noted), noted);
    if (firsts.size === 0) return;
    for (const noted of this.#noted) {
      const first = firsts.get(keyOf(noted));
      const whole = valueAs(noted, 'request_latency');
      const least = first === undefined ? null : valueAs(first, 'time_to_first_token');
      if (first === undefined || whole === null || least === null || whole >= least * WITHIN) continue;
      const { pointer, value, unit } = noted.measurement;
      const which = `${excerpt(pointer)}: ${value} ${unit} for a whole request is less than the time to its first token`;
      const why = 'one of the two has another unit than its name says, so both are kept under their own names';
      extract.warnings.add('contradictions', `${which} (${excerpt(first.measurement.pointer)}); ${why}`);
      for (const one of [noted, first]) one.measurement.metric = one.own;
    }
  }

  /** Load durations by where they stand. */
  #loads(): Map<string, { record: string; load: number }[]> {
    const loads = new Map<string, { record: string; load: number }[]>();
    for (const noted of this.#noted) {
      const tells = LEVELS.has(noted.measurement.statistic) && noted.besideOthers !== true;
      const load = tells ? valueAs(noted, 'load_duration') : null;
      if (load === null) continue;
      const records = loads.get(noted.place.full);
      if (records === undefined) loads.set(noted.place.full, [{ record: noted.record, load }]);
      else records.push({ record: noted.record, load });
    }
    return loads;
  }

  #startsOf(place: string, loads: readonly number[]): readonly (Start | null)[] {
    if (this.#decided === null) return startsOf(loads);
    const known = this.#decided.starts.get(place);
    return loads.map((load) => (known === undefined ? null : load >= known.from ? 'cold' : known.else));
  }

  #settleStarts(): void {
    const starts = new Map<string, string>();
    for (const [place, records] of this.#loads()) {
      const found = this.#startsOf(
        place,
        records.map(({ load }) => load),
      );
      for (const [index, start] of found.entries()) if (start !== null) starts.set(records[index]?.record ?? '', start);
    }
    if (starts.size === 0) return;
    const labelled = new Labelled('start');
    for (const { measurement, record } of this.#noted) {
      const start = STARTED.has(measurement.metric) && !measurement.failed ? starts.get(record) : undefined;
      if (start !== undefined) measurement.labels = labelled.with(measurement.labels, start);
    }
  }

  /** What has one metric and one statistic and stands in several places of the file is told apart by them. */
  #settlePlaces(): void {
    const groups = this.#decided?.places ?? placesOf(this.#noted);
    const labelled = new Labelled('place');
    for (const { measurement, own, place } of this.#noted) {
      const places = groups.get(placedKey(measurement));
      if (places === undefined || !places.mixed()) continue;
      const label = labelValue(places.nameOf(place), PLACE_CHARS);
      if (label === null) measurement.metric = own;
      else measurement.labels = labelled.with(measurement.labels, label);
    }
  }
}

function valueAs({ measurement: { metric, value, unit, failed } }: Noted, wanted: CanonicalMetric): number | null {
  return metric === wanted && !failed ? canonicalValue(wanted, value, unit) : null;
}

/** Labels with one more, so that numbers of one record go on sharing them. */
class Labelled {
  readonly #name: string;
  readonly #known = new Map<Measurement['labels'], Map<string, Measurement['labels']>>();

  constructor(name: string) {
    this.#name = name;
  }

  with(labels: Measurement['labels'], value: string): Measurement['labels'] {
    const known = this.#known.get(labels) ?? new Map<string, Measurement['labels']>();
    this.#known.set(labels, known);
    const more = known.get(value) ?? { ...labels, [this.#name]: value };
    known.set(value, more);
    return more;
  }
}
