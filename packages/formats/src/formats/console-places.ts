import { MarkdownHeadings } from '../markdown-headings.ts';

/** A result with its labels. */
export type LabelledBlock = { block: { line: number }; labels: Readonly<Record<string, string>> };

/**
 * What of the headings above tells results of a page apart whose labels are the same: such results would be taken for repetitions.
 * @returns by result; none for one whose labels no other has, or whose headings are those of all the others
 */
export function placesOf<T extends LabelledBlock>(text: string, results: readonly T[]): ReadonlyMap<T, string> {
  const headings = new MarkdownHeadings(text.split('\n'));
  const alike = new Map<string, Placed<T>[]>();
  for (const one of results) {
    const path = pathAt(headings, one.block.line - 1);
    const key = JSON.stringify(Object.entries(one.labels).sort());
    const several = alike.get(key);
    if (several === undefined) alike.set(key, [{ one, path }]);
    else several.push({ one, path });
  }
  return new Map([...alike.values()].flatMap((several) => [...apart(several)]));
}

/** Something, and the headings of the sections that it is in. */
export type Placed<T> = { one: T; path: readonly string[] };

/** The headings of the sections that a line is in, without the marks that may close them. */
export function pathAt(headings: MarkdownHeadings, index: number): readonly string[] {
  return headings.sections(index).map((heading) => heading.replace(/[ \t#]{1,40}$/, ''));
}

/** The headings of each behind those that all of them share; none for one that has no more. */
export function apart<T>(several: readonly Placed<T>[]): ReadonlyMap<T, string> {
  const [first = { path: [] }] = several;
  const same = first.path.findIndex((part, index) => several.some(({ path }) => path[index] !== part));
  const from = same < 0 ? first.path.length : same;
  const places = new Map<T, string>();
  for (const { one, path } of several) if (path.length > from) places.set(one, path.slice(from).join(' / '));
  return places;
}
