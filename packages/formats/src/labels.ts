/** Longest value that is a label; longer ones are prose. */
const LABEL_CHARS = 64;

/** Keys beside a JSON number that say what it was measured on. */
export const JSON_LABELS: ReadonlySet<string> = new Set(['model', 'name', 'backend']);

/** Columns of a table that say what its rows were measured on. */
export const COLUMN_LABELS: ReadonlySet<string> = new Set(['model', 'backend', 'quantization', 'quant', 'tag', 'engine', 'gpu', 'device']);

/**
 * A label's value, or null where the text is none: empty, long, or with control characters. It is never shortened,
 * because two shortened values could become one.
 */
export function labelValue(text: string): string | null {
  const value = text.trim();
  return value === '' || value.length > LABEL_CHARS || /\p{C}/u.test(value) ? null : value;
}
