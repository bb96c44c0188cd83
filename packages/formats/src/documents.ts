import type { Content } from './content.ts';
import { isObject, type JsonObject } from './json-value.ts';

/** A parsed JSON value with what stands before every pointer into it: nothing, or `line 3 `. */
export type Document = { at: string; value: unknown };

/** An object with its pointer. */
export type DocumentObject = { at: string; object: JsonObject };

/** The documents of JSON and JSON lines; none of other content. */
export function documentsOf(content: Content): Document[] {
  if (content.shape === 'json') return [{ at: '', value: content.value }];
  return content.shape === 'jsonl' ? content.lines.map(({ line, value }) => ({ at: `line ${line} `, value })) : [];
}

/** The objects at the top: the documents themselves, or the items of a document that is a list. */
export function objectsOf(content: Content): DocumentObject[] {
  return documentsOf(content).flatMap(({ at, value }) => {
    if (isObject(value)) return [{ at, object: value }];
    if (!Array.isArray(value)) return [];
    return value.flatMap((item, index) => (isObject(item) ? [{ at: `${at}/${index}`, object: item }] : []));
  });
}

/** The first of them, by which a format is recognised; null where there is none. */
export function firstObject(content: Content): JsonObject | null {
  const value = content.shape === 'json' ? content.value : content.shape === 'jsonl' ? content.lines[0]?.value : null;
  if (isObject(value)) return value;
  const item = Array.isArray(value) ? value.find(isObject) : undefined;
  return isObject(item) ? item : null;
}

/** Whether an object has all of these keys of its own. */
export function hasKeys(object: JsonObject | null, ...keys: string[]): object is JsonObject {
  return object !== null && keys.every((key) => Object.hasOwn(object, key));
}
