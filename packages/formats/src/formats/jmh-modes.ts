import { canonicalLabel } from '@chimera/shared/domain';
import { excerpt } from '../excerpt.ts';
import type { Extract } from '../extract.ts';
import { addLabel, type FieldMeaning, type FieldTable } from '../fields.ts';

/** Times as JMH writes them, to how this package spells them. */
const TIMES: ReadonlyMap<string, string> = new Map([
  ['ns', 'ns'],
  ['us', 'us'],
  ['µs', 'us'],
  ['ms', 'ms'],
  ['s', 's'],
  ['min', 'min'],
  ['m', 'min'],
  ['hr', 'h'],
]);

/** Modes of which a score is a time: average time, single shots, samples of calls. In CSV and JSON both. */
const TIMED: ReadonlySet<string> = new Set(['avgt', 'ss', 'sample']);

/** What docs/formats.md prints. */
export const EXAMPLES: FieldTable = {
  'ops/s': { metric: 'operation_throughput', statistic: 'mean', unit: 'ops/s', over: 'repetitions', note: 'mode `thrpt`; or another time' },
  'ns/op': {
    metric: 'execution_time',
    statistic: 'mean',
    unit: 'ns',
    over: 'repetitions',
    note: 'modes `avgt`, `ss`, `sample`; or another time',
  },
  scoreError: { metric: 'own', statistic: 'error', unit: null, over: 'repetitions', note: 'in the unit of the score' },
};

/** What a score is by its mode and unit; `own` where they say nothing, or contradict each other. */
export function jmhMeaning(mode: string, unit: string): Pick<FieldMeaning, 'metric' | 'unit'> {
  const [, operations] = /^ops\/(\S{1,3})$/.exec(unit) ?? [];
  if (mode === 'thrpt' && operations !== undefined) {
    const time = TIMES.get(operations);
    if (time !== undefined) return { metric: 'operation_throughput', unit: `ops/${time}` };
  }
  const [, symbol] = /^(\S{1,3})\/op$/.exec(unit) ?? [];
  const time = symbol === undefined ? undefined : TIMES.get(symbol);
  if (TIMED.has(mode) && time !== undefined) return { metric: 'execution_time', unit: time };
  return { metric: 'own', unit: unit === '' ? null : excerpt(unit, 40) };
}

/** Says that a score is not judged. */
export function warnAboutUnit(extract: Extract, mode: string, unit: string, where: string): void {
  extract.warnings.add(
    'scores that are not judged',
    `${where}: nobody can say what a score in "${excerpt(unit, 40)}" is in mode "${excerpt(mode, 20)}": it is kept under its own name`,
  );
}

/** A parameter of a benchmark as a label; the names that the harness has itself stay its own. */
export function addParameter(labels: Record<string, string>, key: string, value: unknown): void {
  if (key === '') return;
  const name = canonicalLabel(key.slice(0, 64));
  addLabel(labels, Object.hasOwn(labels, name) ? `param ${name}` : name, value);
}

/** The arguments of the virtual machine as one text, without the port that an IDE draws anew for each start. */
export function jvmArguments(text: string): string {
  return text.replace(/(idea_rt\.jar)=\d{1,5}/g, '$1');
}
