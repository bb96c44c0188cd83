import type { Document, LineCounter } from 'yaml';
import { isNode } from 'yaml';
import { z } from 'zod';

/** Where in a document something stands: keys and places in lists, from the top. */
export type Path = readonly (string | number)[];

/** Gathers all that is wrong with one document, so that it is told at once. */
export class Faults {
  readonly #found: { path: Path; what: string }[] = [];

  get any(): boolean {
    return this.count > 0;
  }

  get count(): number {
    return this.#found.length;
  }

  add(path: Path, what: string): void {
    this.#found.push({ path, what });
  }

  /**
   * Reads the fields of an object. Where some are not as expected, each of them is a fault, and what can be read is returned all
   * the same: the checks that need no more than that still find theirs.
   */
  fields<S extends z.ZodRawShape>(shape: S, value: unknown, path: Path): Partial<z.infer<z.ZodObject<S>>> {
    type Read = Partial<z.infer<z.ZodObject<S>>>;
    const result = strict(shape).safeParse(value, { error: sentence });
    if (result.success) return result.data as Read;
    for (const issue of result.error.issues) this.add([...path, ...issue.path.map(asKey)], issue.message);
    if (typeof value !== 'object' || value === null) return {};
    const readable = Object.entries(shape).flatMap(([key, schema]) => {
      const one = z.safeParse(schema, (value as Record<string, unknown>)[key]);
      return one.success && one.data !== undefined ? [[key, one.data]] : [];
    });
    return Object.fromEntries(readable) as Read;
  }

  /** All faults, a line each, in the order of the document. */
  lines(document: Document, lines: LineCounter): string[] {
    const placed = this.#found.map(({ path, what }) => ({
      what,
      where: path.join('.') || 'the document',
      line: lineOf(path, document, lines),
    }));
    const inOrder = placed.sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
    return [...new Set(inOrder.map(({ where, line, what }) => `${where}${line === null ? '' : ` (line ${line})`}: ${what}`))];
  }
}

/** The line on which something stands, from 1; of what is missing: where it should stand in. Null for an empty document. */
function lineOf(path: Path, document: Document, lines: LineCounter): number | null {
  for (let length = path.length; length >= 0; length--) {
    const node: unknown = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return null;
}

function asKey(key: PropertyKey): string | number {
  return typeof key === 'symbol' ? String(key) : key;
}

/** So many keys that are not known are named; a file that is no campaign may have any number. */
const MOST_KEYS = 10;

/** An object with these fields and no others; of one that is not known, its fault names those that are. */
export function strict<S extends z.ZodRawShape>(shape: S): z.ZodObject<S, z.core.$strict> {
  const known = Object.keys(shape).join(', ');
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code !== 'unrecognized_keys') return undefined;
      const more = issue.keys.length - MOST_KEYS;
      const keys = `${issue.keys
        .slice(0, MOST_KEYS)
        .map((key) => `"${key}"`)
        .join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
      return `holds ${keys}, which ${issue.keys.length === 1 ? 'is' : 'are'} not known here: known are ${known}`;
    },
  });
}

/** What zod says of an issue, in words that tell what to do. */
function sentence(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.input === undefined) return 'is missing';
      return `must be ${KINDS[issue.expected] ?? issue.expected}${issue.input === null ? ', and is empty' : ''}`;
    case 'invalid_value':
      return `must be ${issue.values.map(String).join(' or ')}`;
    case 'too_small':
      return `must be ${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}`;
    case 'too_big':
      return `must be ${issue.inclusive ? 'at most' : 'less than'} ${issue.maximum}`;
    default:
      return undefined;
  }
}

const KINDS: Readonly<Record<string, string>> = {
  int: 'a whole number',
  number: 'a number',
  string: 'a text',
  array: 'a list',
  object: 'a list of keys with values',
};
