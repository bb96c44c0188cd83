import type { Fact, Inline } from '@chimera/shared/domain';
import { code, text } from './inline.ts';
import { names } from './screen-words.ts';

/** What a row is of. */
type Row = Pick<Fact, 'labels' | 'scope'>;

/** How rows of one table or several name their configurations. */
export type RowConfigurations = {
  /** what all rows share; nothing where they share nothing */
  readonly shared: Inline[];
  /** what sets one apart; null where nothing sets any row apart but its metric */
  readonly cell: ((row: Row) => Inline[]) | null;
};

/** The labels that all rows share named once, and what is left of each row's; its file where labels do not tell it from another's. */
export function rowConfigurations(rows: readonly Row[]): RowConfigurations {
  const [first] = rows;
  // What a single row shares with itself is better read in its place.
  const common = first === undefined || rows.length === 1 ? [] : Object.entries(first.labels).filter(isSharedBy(rows));
  const told = new Set(common.map(([name]) => name));
  const restOf = ({ labels }: Row) => Object.entries(labels).flatMap(([name, value]) => (told.has(name) ? [] : [`${name}=${value}`]));
  const scopes = new Map<string, Set<string>>();
  for (const row of rows) {
    const rest = restOf(row).join(' ');
    scopes.set(rest, (scopes.get(rest) ?? new Set()).add(row.scope));
  }
  const shared = common.length === 0 ? [] : [text('All rows are of '), ...names(common)];
  if (rows.length > 1 && scopes.size === 1 && scopes.get('')?.size === 1)
    return {
      shared: [...(shared.length === 0 ? [text('All rows are')] : shared), text(' in '), code(first?.scope ?? ''), text('.')],
      cell: null,
    };
  return {
    shared: shared.length === 0 ? [] : [...shared, text('.')],
    cell(row) {
      const rest = restOf(row).join(' ');
      if (rest === '') return [code(row.scope)];
      return [code(rest), ...((scopes.get(rest)?.size ?? 0) > 1 ? [text(' in '), code(row.scope)] : [])];
    },
  };
}

function isSharedBy(rows: readonly Row[]): (label: readonly [string, string]) => boolean {
  return ([name, value]) => rows.every(({ labels }) => Object.hasOwn(labels, name) && labels[name] === value);
}
