import type { Extract } from '../extract.ts';

/** Percent by which output lengths may miss what was asked for before a warning says so: AIPerf's own limit. */
export const LENGTH_TOLERANCE = 5;

/**
 * Says that outputs were of other lengths than asked for.
 * @param misses percent by which they were off on average, and how many requests were off by more than the tolerance; null where it is not said
 */
export function warnAboutLengths(
  extract: Extract,
  { percent, count }: { percent: number | null; count: number | null },
  where: string,
): void {
  if ((percent === null || Math.abs(percent) < LENGTH_TOLERANCE) && (count === null || count === 0)) return;
  const by = percent === null ? '' : ` by ${percent.toPrecision(3)} % on average`;
  const of = count === null ? '' : ` (${count} requests)`;
  extract.warnings.add(
    'output lengths',
    `${where}: the output lengths miss what was asked for${by}${of}: output throughput cannot be compared with runs of other lengths`,
  );
}
