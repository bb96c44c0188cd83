import { DATASET_SCOPE, type Fact, type Measurement } from '@chimera/shared/domain';
import type { Statistic } from './statistic-words.ts';
import type { Unit } from './units.ts';

/** A number that the artifacts give: a fact's, or one measurement's. `value` in `unit`; `metric` is a position in `Truth.metrics`. */
export type Entry = {
  fact: Fact | null;
  value: number;
  unit: Unit | null;
  metric: number;
  statistics: ReadonlySet<Statistic>;
  labels: Readonly<Record<string, string>>;
  scope: string;
  n: number | null;
  pointer: string;
  /** the number of its labels and scope in `Truth.configurations` */
  configuration: number;
};

/** One number read from an artifact, as a reader gives it. */
export type Located = {
  path: string;
  measurement: Pick<Measurement, 'metric' | 'statistic' | 'value' | 'unit' | 'n' | 'labels' | 'pointer' | 'failed'>;
};

/** The dimension by which an entry is found, `` where its file states no unit. */
export function dimensionOf(unit: Unit | null): string {
  return unit?.dimension ?? '';
}

/** What is spoken of where an entry is named: a sentence. */
export function entryText(entry: Entry, metrics: readonly string[]): string {
  if (entry.fact) return entry.fact.claim;
  const place = entry.scope === DATASET_SCOPE ? '' : ` in ${entry.scope}`;
  const labels = Object.entries(entry.labels)
    .filter(([, value]) => value.length <= 60)
    .slice(0, 6)
    .map(([key, value]) => `${key} ${value}`)
    .join(', ');
  return `${metrics[entry.metric] ?? ''}${labels === '' ? '' : ` (${labels})`}${place}, ${entry.pointer}: ${entry.value}${entry.unit === null ? '' : ` ${entry.unit.name}`}.`;
}
