/** Stands in a parsed document for a number that a double does not hold as the file writes it. */
export class LiteralNumber {
  readonly literal: string;

  constructor(literal: string) {
    this.literal = literal;
  }
}

/** An object of a parsed document. Its keys are the file's: look only at own ones. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether a parsed value is an object: no array, no null, no number that stands by its literal. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof LiteralNumber);
}

/** How many keys all objects of a parsed document have together. Iterative: depth does not matter. */
export function countKeys(document: unknown): number {
  const open: unknown[] = [document];
  let keys = 0;
  while (open.length > 0) {
    const value = open.pop();
    if (Array.isArray(value)) {
      for (const item of value) if (typeof item === 'object' && item !== null) open.push(item);
    } else if (isObject(value)) {
      for (const key of Object.keys(value)) {
        keys += 1;
        const item = value[key];
        if (typeof item === 'object' && item !== null) open.push(item);
      }
    }
  }
  return keys;
}

/**
 * A parsed value as JSON, its first characters only: an error may hold the rest of the file.
 * @param chars how many characters are written at least, where there are so many
 */
export function jsonBegin(value: unknown, chars: number): string {
  let text = '';
  const write = (item: unknown): void => {
    if (text.length >= chars) return;
    if (typeof item === 'string') text += JSON.stringify(item.slice(0, chars));
    else if (item instanceof LiteralNumber) text += item.literal.slice(0, chars);
    else if (Array.isArray(item)) writeAll('[', ']', item, write);
    else if (isObject(item))
      writeAll('{', '}', Object.keys(item), (key) => {
        text += `${JSON.stringify(key.slice(0, chars))}:`;
        write(item[key]);
      });
    else text += String(item);
  };
  const writeAll = <T>(begin: string, end: string, items: readonly T[], one: (item: T) => void): void => {
    text += begin;
    for (const [index, item] of items.entries()) {
      if (text.length >= chars) return;
      if (index > 0) text += ',';
      one(item);
    }
    text += end;
  };
  write(value);
  return text;
}
