import type { Group, Source } from '@chimera/shared/domain';
import { quantileOfSorted } from '@chimera/statistics';
import { contentOf, withoutContents } from './contents.ts';

/** What an inventory brought of a group: its new runs, ascending, and the sources that were not there before. */
export type Fresh = { readonly runs: readonly number[]; readonly added: readonly Source[] };

/**
 * The runs of a group that no inventory before had; none where it brought no artifact of the group. An inventory is taken whenever any
 * file of its dataset changes: numbers that stand there as before are no new measurement, and counting them again would make a test
 * sure of what nobody measured twice. Where runs pile up (a file a night, or rows at the end of one), what was added is what the
 * inventory brought; where files are overwritten, all that they hold.
 * @param before the group in the inventory before
 * @param isKnown whether an earlier inventory had the content of a source: results that are put back were measured once
 */
export function freshRuns(now: Group, before: Group | undefined, isKnown: (source: Source) => boolean = () => false): Fresh {
  const added = withoutContents(now.sources, before?.sources ?? []).filter((source) => !isKnown(source));
  if (added.length === 0) return { runs: [], added };
  // Of thinned runs nothing can be taken away.
  if (before === undefined || now.runs.length < now.n || before.runs.length < before.n) return { runs: now.runs, added };
  const { left, gone } = difference(
    now.runs,
    countsOnceNow(now, before) ? [quantileOfSorted(Float64Array.from(before.runs), 0.5)] : before.runs,
  );
  const piledUp = gone === 0 || added.length < now.sources.length;
  return { runs: piledUp && left.length > 0 ? left : now.runs, added };
}

/** Whether a file whose values counted each as long as it was alone counts once, with their median, since there are several. */
function countsOnceNow(now: Group, before: Group): boolean {
  const [alone, ...more] = before.sources;
  if (alone === undefined || more.length > 0 || before.n === 1 || now.n !== now.sources.length) return false;
  return now.sources.some((source) => contentOf(source) === contentOf(alone));
}

/** Of two ascending lists: what the first has beyond the second, each as often as it stands there, and how many of the second it has not. */
function difference(values: readonly number[], without: readonly number[]): { left: number[]; gone: number } {
  const left: number[] = [];
  let taken = 0;
  let gone = 0;
  for (const value of values) {
    while (taken < without.length && (without[taken] ?? 0) < value) {
      taken += 1;
      gone += 1;
    }
    if (without[taken] === value) taken += 1;
    else left.push(value);
  }
  return { left, gone: gone + without.length - taken };
}
