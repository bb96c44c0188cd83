import type { Group, Source } from '@chimera/shared/domain';

/**
 * The runs of a group that the inventory before did not have, ascending; none where it brought no artifact of the group. An inventory
 * is taken whenever any file of its dataset changes: numbers that stand there as before are no new measurement, and counting them
 * again would make a test sure of what nobody measured twice. Where runs pile up (a file a night, or rows at the end of one), what
 * was added is what the inventory brought; where files are overwritten, all that they hold.
 */
export function freshRuns(now: Group, before: Group | undefined): readonly number[] {
  if (before === undefined) return now.runs;
  const had = new Set(before.sources.map(contentOf));
  const added = now.sources.filter((source) => !had.has(contentOf(source)));
  if (added.length === 0) return [];
  // Of thinned runs nothing can be taken away.
  if (now.runs.length < now.n || before.runs.length < before.n) return now.runs;
  const { left, gone } = difference(now.runs, before.runs);
  const piledUp = gone === 0 || added.length < now.sources.length;
  return piledUp && left.length > 0 ? left : now.runs;
}

/** A file that was moved holds the same runs. */
function contentOf(source: Source): string {
  return JSON.stringify('sha256' in source ? [source.sha256, source.pointer] : source);
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
