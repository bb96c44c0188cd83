/** One value of an `INSERT`: its text without quotes, empty for NULL, and where it begins. */
export type SqlValue = { text: string; offset: number };
export type SqlValues = readonly SqlValue[];

/** Columns of one statement at most: what has more is none of the tables read here. */
const MOST_COLUMNS = 1_000;
/** Longest list of names that is looked through. */
const LIST_CHARS = 20_000;

/**
 * The names of a list of columns.
 * @param from right behind the opening bracket; of `CREATE TABLE`, a type stands behind each name
 * @returns the names and where the list ends, behind its closing bracket; null where it has no end in sight
 */
export function sqlNames(text: string, from: number): { names: string[]; end: number } | null {
  const list = text.slice(from, from + LIST_CHARS);
  const close = list.indexOf(')');
  if (close < 0) return null;
  const parts = list.slice(0, close).split(',', MOST_COLUMNS);
  const names = parts.map(
    (part) =>
      part
        .trim()
        .split(/\s/, 1)[0]
        ?.replace(/^["`[]|["`\]]$/g, '') ?? '',
  );
  return { names, end: from + close + 1 };
}

/**
 * The rows behind `VALUES`: `('a', 1, NULL), (…)`.
 * @param from anywhere before the first opening bracket, with at most the word `VALUES` between
 * @returns the rows and where they end; null where brackets, commas and quotes are not in order
 */
export function sqlValues(text: string, from: number): { tuples: SqlValues[]; end: number } | null {
  let at = skipBlanks(text, from);
  if (text.slice(at, at + 6).toUpperCase() === 'VALUES') at = skipBlanks(text, at + 6);
  const tuples: SqlValues[] = [];
  while (text[at] === '(') {
    const tuple = tupleAt(text, at + 1);
    if (tuple === null) return null;
    tuples.push(tuple.values);
    at = skipBlanks(text, tuple.end);
    if (text[at] !== ',') return { tuples, end: at };
    at = skipBlanks(text, at + 1);
  }
  return tuples.length === 0 ? null : { tuples, end: at };
}

function tupleAt(text: string, from: number): { values: SqlValue[]; end: number } | null {
  const values: SqlValue[] = [];
  for (let at = from; values.length < MOST_COLUMNS; ) {
    const offset = skipBlanks(text, at);
    const one = text[offset] === "'" ? quotedAt(text, offset) : wordAt(text, offset);
    if (one === null) return null;
    values.push({ text: one.text, offset });
    const next = skipBlanks(text, one.end);
    if (text[next] === ')') return { values, end: next + 1 };
    if (text[next] !== ',') return null;
    at = next + 1;
  }
  return null;
}

function quotedAt(text: string, from: number): { text: string; end: number } | null {
  for (let at = text.indexOf("'", from + 1); at >= 0; at = text.indexOf("'", at + 2))
    if (text[at + 1] !== "'") return { text: text.slice(from + 1, at).replaceAll("''", "'"), end: at + 1 };
  return null;
}

function wordAt(text: string, from: number): { text: string; end: number } | null {
  let end = from;
  while (end < text.length && !',() \t\r\n\'"'.includes(text[end] ?? '')) end += 1;
  const word = text.slice(from, end);
  return word === '' ? null : { text: word.toUpperCase() === 'NULL' ? '' : word, end };
}

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (at < text.length && ' \t\r\n'.includes(text[at] ?? '')) at += 1;
  return at;
}
