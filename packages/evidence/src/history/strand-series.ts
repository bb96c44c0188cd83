/** A point of a strand: the place of its inventory in the history, and which of the strand's variants it is of. */
export type StrandPoint = { readonly rank: number; readonly variant: number };

/** The points of one series, oldest first: `variant` is the one that it is of; null for the series that goes on from one to the next. */
export type StrandSeries<T> = { readonly variant: number | null; readonly points: readonly T[] };

/**
 * Divides what inventories brought of one configuration in several versions into series, of one point an inventory each. Versions that
 * two inventories have beside each other are measured side by side: each is a series. Else one follows the other, and one series goes
 * on through all of them; where a single inventory has two, as where one gives way to the next, or the files of two nights come at
 * once, the series takes that which goes on, else that which was there before, else the last of them, and the others stand apart.
 * @param points oldest first
 * @param plain the variant that states no version; -1 where all do. It is always of the series that goes on: nothing tells it apart
 */
export function seriesOfStrand<T extends StrandPoint>(points: readonly T[], plain: number): StrandSeries<T>[] {
  if (points.every(({ rank }, i) => rank !== points[i - 1]?.rank)) return [{ variant: null, points }];
  const inventories = [...Map.groupBy(points, ({ rank }) => rank).values()];
  if (isSideBySide(inventories)) return byVariant(points);
  const main: T[] = [];
  for (const [i, all] of [...inventories.entries()].reverse()) {
    const next = main.at(-1)?.variant;
    const before = new Set(inventories[i - 1]?.map(({ variant }) => variant));
    const chosen =
      all.find(({ variant }) => variant === plain) ??
      all.find(({ variant }) => variant === next) ??
      all.findLast(({ variant }) => before.has(variant)) ??
      all.at(-1);
    if (chosen !== undefined) main.push(chosen);
  }
  const taken = new Set(main);
  return [{ variant: null, points: main.reverse() }, ...byVariant(points.filter((point) => !taken.has(point)))];
}

/** Whether two variants stand beside each other in more than one inventory. */
function isSideBySide(inventories: readonly (readonly StrandPoint[])[]): boolean {
  const among = new Map<number, number[]>();
  for (const [i, all] of inventories.entries()) {
    if (all.length < 2) continue;
    const shared = new Set<number>();
    for (const { variant } of all) {
      const others = among.get(variant) ?? [];
      for (const other of others) {
        if (shared.has(other)) return true;
        shared.add(other);
      }
      others.push(i);
      among.set(variant, others);
    }
  }
  return false;
}

function byVariant<T extends StrandPoint>(points: readonly T[]): StrandSeries<T>[] {
  return [...Map.groupBy(points, ({ variant }) => variant)].map(([variant, own]) => ({ variant, points: own }));
}
