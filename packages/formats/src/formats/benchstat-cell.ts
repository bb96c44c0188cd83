/** A median, or mean, of one benchmark in one column. */
export type BenchstatCell = {
  line: number;
  column: string;
  test: string;
  /** as the heading of its column has it */
  unit: string;
  /** the unit of the number, where the heading is none: versions before 2023 wrote `time/op` above and `13.6ms` below */
  own?: string;
  /** `µ`, `Ki`, or nothing */
  prefix: string;
  literal: string;
  n: number | null;
  /** `goos: linux` and the like, above */
  given: Readonly<Record<string, string>>;
  /** what it is, where it is no median: versions before 2023 printed means */
  statistic?: 'mean' | 'median';
};

/** `p=0.000 n=10`, or `n=10+9` where the two sides differ. */
export function countsIn(text: string): { base: number; own: number } | null {
  const [, first, second] = /\bn=(\d{1,9})(?:\+(\d{1,9}))?/.exec(text) ?? [];
  return first === undefined ? null : { base: Number(first), own: Number(second ?? first) };
}

/** A column may have a name on each of several lines: `old.txt / gob`. */
export function columnName(names: readonly string[]): string {
  return names.filter((name) => name !== '').join(' / ');
}
