import { valueText } from '@chimera/shared/domain';
import { aggregatesOf } from './aggregate.ts';
import type { Frame } from './frame.ts';
import { factsOf, type Judgement, supported } from './judgement.ts';
import { boundsOf, type StatedValue } from './stated-value.ts';
import type { Statistic } from './statistic-words.ts';
import { targetsOf } from './targets.ts';
import type { Truth } from './truth.ts';

/** A mean, median, extreme or sum over several values, which is no fact of its own. */
export function aggregated(stated: StatedValue, frame: Frame, truth: Truth): Judgement | null {
  const said = frame.statistics.flatMap((s): Statistic[] =>
    s === 'extreme' ? ['min', 'max'] : ['mean', 'median', 'min', 'max', 'sum'].includes(s) ? [s] : [],
  );
  if (said.length === 0 || frame.metrics === null || frame.vague) return null;
  const { unit } = stated;
  const base = targetsOf(stated, { ...frame, statistics: [] }, truth).filter(
    (entry) => unit === null || entry.unit?.dimension === unit.dimension,
  );
  const { low, high } = boundsOf(stated);
  const by = unit?.factor ?? base.find((entry) => entry.unit !== null)?.unit?.factor ?? 1;
  const fitting = aggregatesOf(base).find(({ statistic, value }) => said.includes(statistic) && value >= low * by && value <= high * by);
  if (!fitting) return null;
  const text = valueText(fitting.value / by, unit?.name ?? null);
  const some = fitting.entries.slice(0, 3);
  return supported(
    `the ${fitting.statistic} of the ${fitting.n} values${fitting.scope === null ? '' : ` in ${fitting.scope}`} is ${text}`,
    factsOf(some),
    some,
    text,
  );
}
