import { excerpt } from '../excerpt.ts';
import type { Extract } from '../extract.ts';
import type { FieldMeaning, FieldTable } from '../fields.ts';

const over = 'repetitions';

/** The unit of times, which stands beside them. */
const AS_STATED = 'as `time_unit` says';

/** More keys than anybody gives with `--benchmark_context`; each is on every number. */
export const GIVEN_KEYS = 64;

/** Says that there are more. */
export function warnAboutGiven(extract: Extract, where: string): void {
  extract.warnings.add('keys', `${where}: there are more than ${GIVEN_KEYS} keys of --benchmark_context: the others are no labels`, 1);
}

/** The times of a row. */
export const ROW_TIMES = {
  real_time: { metric: 'execution_time', statistic: 'value', unit: AS_STATED, over },
  cpu_time: { metric: 'own', statistic: 'value', unit: AS_STATED, over, note: 'processor time' },
} as const satisfies FieldTable;

/** What the library counts besides. */
export const COUNTERS = {
  items_per_second: { metric: 'own', statistic: 'value', unit: 'items/s', over },
  bytes_per_second: { metric: 'own', statistic: 'value', unit: 'bytes/s', over },
} as const satisfies FieldTable;

const BY_FIELD: FieldTable = { ...ROW_TIMES, ...COUNTERS };

/** The units that the library writes. */
const TIME_UNITS: ReadonlySet<string> = new Set(['ns', 'us', 'ms', 's']);

/** Numbers of a row that number it or say how it was run; every other one is measured. */
export const NO_COUNTERS: ReadonlySet<string> = new Set(
  'family_index per_family_instance_index repetitions repetition_index threads iterations cpu_coefficient real_coefficient rms'.split(' '),
);

/** Coefficient of variation: no unit, whatever stands beside it. */
export const CV = 'cv';

const STATISTICS: ReadonlySet<string> = new Set(['mean', 'median', 'stddev', 'min', 'max', CV]);

/** What a field of a row means. */
export function meaningOf(field: string, statistic: string, timeUnit: string | null): FieldMeaning {
  const known = Object.hasOwn(BY_FIELD, field) ? BY_FIELD[field] : undefined;
  if (statistic === CV) return { metric: 'own', statistic, unit: 'ratio', over };
  if (known === undefined) return { metric: 'own', statistic, unit: null, over };
  const unit = known.unit !== AS_STATED ? known.unit : timeUnit !== null && TIME_UNITS.has(timeUnit) ? timeUnit : null;
  return { ...known, statistic, unit };
}

/** What a row is: a repetition (`value`), or a statistic over them; `unknown` where it does not say which. */
export type RowKind = { statistic: string; base: string } | 'unknown';

/**
 * @param names those of all rows: before version 1.4 only the end of a name says that a row is an aggregate
 */
export function aggregateOf(row: { name: string; type: string | null; aggregate: string | null }, names: ReadonlySet<string>): RowKind {
  const { name, type, aggregate } = row;
  const [, base = '', end = ''] = /^(.{1,1000})_(mean|median|stddev|min|max|cv|BigO|RMS)$/s.exec(name) ?? [];
  if (type === 'aggregate' || aggregate !== null) {
    if (aggregate === null || !STATISTICS.has(aggregate)) return 'unknown';
    return { statistic: aggregate, base: end === aggregate ? base : name };
  }
  if (type === null && names.has(base)) return STATISTICS.has(end) ? { statistic: end, base } : 'unknown';
  return { statistic: 'value', base: name };
}

/**
 * The names of a table, and those of benchmarks of which aggregates alone are shown: their `_mean` stands right above another one.
 * @param names those of all rows, in their order
 */
export function basesOf(names: readonly string[]): ReadonlySet<string> {
  const bases = new Set(names);
  for (const [index, name] of names.entries()) if (followed(name, names[index + 1])) bases.add(name.slice(0, -MEAN.length));
  return bases;
}

/** Whether a row is the last one and may be the first of the aggregates of a benchmark that has no other row. */
export function isUndecided(names: readonly string[], index: number): boolean {
  const name = names[index] ?? '';
  return index === names.length - 1 && name.endsWith(MEAN) && !names.includes(name.slice(0, -MEAN.length));
}

const MEAN = '_mean';

function followed(name: string, next: string | undefined): boolean {
  const base = name.slice(0, -MEAN.length);
  return name.endsWith(MEAN) && (next === `${base}_median` || next === `${base}_stddev`);
}

/** Says that an aggregate was left out. */
export function warnAboutAggregate(extract: Extract, aggregate: string, where: string): void {
  const what = aggregate === '' ? 'that does not say of what it is' : `"${excerpt(aggregate, 40)}"`;
  extract.warnings.add('aggregates', `${where}: an aggregate ${what} was not read`);
}
