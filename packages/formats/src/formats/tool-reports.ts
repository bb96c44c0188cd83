import type { Content } from '../content.ts';
import { type DocumentObject, documentsOf, objectsOf } from '../documents.ts';
import type { Extract } from '../extract.ts';
import { plainNumber } from '../fields.ts';
import { isObject, type JsonObject } from '../json-value.ts';

type IsReport = (object: JsonObject) => boolean;

/** Whether the first document is an object of a tool: what stands on the first line says what a file of several is. */
export function beginsWithReport(content: Content, isReport: IsReport): boolean {
  const value = content.shape === 'json' ? content.value : content.shape === 'jsonl' ? content.lines[0]?.value : null;
  return isObject(value) && isReport(value);
}

/** The documents that are objects of a tool. Others are named in a warning. */
export function reportsIn(content: Content, isReport: IsReport, extract: Extract): DocumentObject[] {
  const all = documentsOf(content).map(({ at, value }): DocumentObject => ({ at, object: isObject(value) ? value : {} }));
  return chosen(all, isReport, extract);
}

/** As {@link beginsWithReport}, for tools that write an object or a list of them. */
export function beginsWithEntry(content: Content, isEntry: IsReport): boolean {
  const [first] = objectsOf(content.shape === 'jsonl' ? { ...content, lines: content.lines.slice(0, 1) } : content);
  return first !== undefined && isEntry(first.object);
}

/** As {@link reportsIn}, for tools that write an object or a list of them. */
export function entriesIn(content: Content, isEntry: IsReport, extract: Extract): DocumentObject[] {
  return chosen(objectsOf(content), isEntry, extract);
}

function chosen(all: readonly DocumentObject[], isReport: IsReport, extract: Extract): DocumentObject[] {
  return all.filter(({ at, object }) => {
    const known = isReport(object);
    if (!known)
      extract.warnings.add('others', () => `${at.trim() || 'the document'}: no result of this tool that is known: it was not read`);
    return known;
  });
}

/** The objects of a list in a report that are results of a benchmark. Others are named in a warning. */
export function benchmarksIn(list: readonly unknown[], at: string, isBenchmark: IsReport, extract: Extract): DocumentObject[] {
  return list.flatMap((one, index) => {
    const place = `${at}/${index}`;
    if (isObject(one) && isBenchmark(one)) return [{ at: place, object: one }];
    extract.warnings.add('others', `${place}: no result of a benchmark that is known: it was not read`);
    return [];
  });
}

/** How many there are, as a file counts them; null where it is no count: below zero, or not whole. */
export function countOf(value: unknown): number | null {
  const count = plainNumber(value);
  return count !== null && Number.isSafeInteger(count) && count >= 0 ? count : null;
}
