import { unitNamed } from '@chimera/shared/domain';
import { canonicalMetricOf } from './canonical-name.ts';
import { isLabelName, isSettingName } from './labels.ts';
import { wordsOf } from './name-words.ts';

/** Words in the names of columns that say what was set: `80 GB` or `30 s` under them is a setting, and labels its row. */
const SET = new Set(
  `size limit cap timeout interval budget target goal threshold capacity chunk block page buffer payload chunks blocks pages buffers
  param params parameter parameters weights quota slo sla delay think sleep setting option`.split(/\s+/),
);

/** Last words in the names of columns whose cells somebody wrote: `9999 tok/s` in a note is no measurement. */
const WRITTEN = new Set(
  `prompt prompts question query input output response answer text content completion message messages note notes comment comments
  description reason stdout stderr traceback log title command name label remark remarks`.split(/\s+/),
);

/** `8 B` and `7B` are bytes, or billions of parameters. */
const BILLIONS = /[\d.] ?B$/;

/** Whether the cells of a column may say its unit, where its name says none: not of what was set, nor of what was measured on. */
export function mayBringUnits(name: string): boolean {
  const words = wordsOf(name);
  if (isSettingName(name) || isLabelName(name) || words.some((word) => SET.has(word))) return false;
  return words.length > 0 && !WRITTEN.has(words.at(-1) ?? '');
}

/** Whether the unit of a number in a cell is certain. */
export function hasCertainUnit(cell: string): boolean {
  return !BILLIONS.test(cell.trim());
}

/**
 * Whether numbers of several units may stand in one column: all of one dimension, and of one metric of the registry, whose numbers are
 * compared in its own unit whatever theirs is.
 */
export function mayMixUnits(name: string, units: readonly string[]): boolean {
  const [first] = units;
  if (first === undefined) return false;
  const metric = canonicalMetricOf(name, first);
  // By the load durations of all rows it is told which record was a cold one: they have to be alike.
  if (metric === null || metric === 'load_duration') return false;
  const dimension = unitNamed(first)?.dimension;
  return units.every((unit) => canonicalMetricOf(name, unit) === metric && unitNamed(unit)?.dimension === dimension);
}
