import { SETTING_NAMES } from '@chimera/shared/domain';
import { detached } from './excerpt.ts';

/** Longest value that is a label; longer ones are prose. */
const LABEL_CHARS = 64;

/** Keys beside a JSON number that say what it was measured on. */
const JSON_LABELS: ReadonlySet<string> = new Set(['model', 'name', 'backend']);

/** Columns of a table that say what its rows were measured on. */
const COLUMN_LABELS: ReadonlySet<string> = new Set(['model', 'backend', 'quantization', 'quant', 'tag', 'engine', 'gpu', 'device']);

/** No longer name is a label's; longer ones need not be lowered to be looked up. */
const NAME_CHARS = 24;

/** The label that a key of a JSON object gives to the numbers beside it, or null. */
export function labelOfKey(key: string): string | null {
  const name = key.length <= NAME_CHARS ? key.toLowerCase() : '';
  return JSON_LABELS.has(name) || SETTING_NAMES.has(name) ? name : null;
}

/** Whether a name is one under which a setting is kept, whatever its values are. */
export function isSettingName(name: string): boolean {
  return name.length <= NAME_CHARS && SETTING_NAMES.has(name.toLowerCase());
}

/** Whether a column of that name may give labels to the numbers of its row. */
export function isLabelColumn(name: string): boolean {
  return name.length <= NAME_CHARS && (COLUMN_LABELS.has(name.toLowerCase()) || isSettingName(name));
}

/**
 * A label's value, or null where the text is none: empty, long, or with control characters. It is never shortened,
 * because two shortened values could become one.
 */
export function labelValue(text: string): string | null {
  const value = text.trim();
  return value === '' || value.length > LABEL_CHARS || /\p{C}/u.test(value) ? null : detached(value);
}
