import { isObject, type JsonObject, LiteralNumber } from './json-value.ts';
import { isLabelName, isSettingName, labelValue, namesNothing, setLabel } from './labels.ts';
import { wordsOf } from './name-words.ts';

type Labels = Readonly<Record<string, string>>;

/** Longer lists are the requests of a run, whose lengths are drawn and not set. */
const MOST_ROWS = 100;

/** Words in the names of lists that are no column: the parts of one number, or of one distribution. */
const PARTS = new Set(
  `quantiles quantile percentiles percentile bins bin edges bucket buckets hist histogram bounds bound range interval ci confidence limits
  samples repeats`.split(/\s+/),
);

/**
 * The labels of the rows of an object that holds a table by its columns: `{"batch_size": [1, 8], "ttft_ms": [80, 120]}`.
 * @returns for each index of its lists; null where it is no such table, or none of its columns says what was set or measured
 */
export function labelsOfColumns(object: JsonObject): readonly Labels[] | null {
  const columns = Object.keys(object).flatMap((key): { key: string; cells: readonly unknown[] }[] => {
    const cells = object[key];
    return Array.isArray(cells) && cells.every(isScalar) ? [{ key, cells }] : [];
  });
  const rows = columns[0]?.cells.length ?? 0;
  if (rows < 2 || rows > MOST_ROWS || columns.some(({ cells }) => cells.length !== rows)) return null;
  // Beside `"quantiles": [0.5, 0.99]` two numbers may be those of two quantiles.
  if (columns.some(({ key }) => wordsOf(key).some((word) => PARTS.has(word)))) return null;
  const telling = columns.filter(({ key }) => isSettingName(key) || isLabelName(key));
  if (telling.length === 0 || telling.length === columns.length) return null;
  return Array.from({ length: rows }, (_, row) => {
    const labels: Record<string, string> = {};
    for (const { key, cells } of telling) {
      const text = textOf(cells[row]);
      const value = namesNothing(text) ? null : labelValue(text);
      if (value !== null) setLabel(labels, key, value);
    }
    return labels;
  });
}

/** Whether a list beside them is a column too: a number for each row, or several; objects are records of their own. */
export function isColumn(list: readonly unknown[], rows: readonly Labels[]): boolean {
  return list.length === rows.length && !list.some(isObject);
}

function isScalar(value: unknown): boolean {
  return !Array.isArray(value) && !isObject(value);
}

function textOf(value: unknown): string {
  return value instanceof LiteralNumber ? value.literal : value === null ? '' : String(value);
}
