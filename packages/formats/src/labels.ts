import { createHash } from 'node:crypto';
import { canonicalLabel, SETTING_NAMES } from '@chimera/shared/domain';
import { detached, excerpt } from './excerpt.ts';
import { isAbsent } from './number-cell.ts';

/** Longest value that is a label; longer ones are prose. */
const LABEL_CHARS = 64;

/** Columns of words, or keys of texts, that say what was measured. */
const LABEL_NAMES: ReadonlySet<string> = new Set(
  `model model_id model_name backend quantization quant tag engine engine_version gpu gpu_name device cpu host hostname platform hardware
  runtime framework provider precision dtype kv_cache flash_attention dataset task scenario variant mode profile experiment phase
  strategy workload benchmark test config configuration setup name method system approach technique algorithm implementation server
  instance chip accelerator machine stage`.split(/\s+/),
);

/** No longer name is a label's; longer ones need not be lowered to be looked up. */
const NAME_CHARS = 24;

/** `Batch Size` and `batch-size` are `batch_size`. */
function plainName(name: string): string {
  return name.length <= NAME_CHARS ? name.trim().toLowerCase().replace(/[ -]+/g, '_') : '';
}

/** Whether a name is one under which a setting is kept, whatever its values are. */
export function isSettingName(name: string): boolean {
  return SETTING_NAMES.has(plainName(name));
}

/** Whether words in a column of that name, or under such a key, say what was measured. */
export function isLabelName(name: string): boolean {
  return LABEL_NAMES.has(plainName(name));
}

/** The label that a column or key gives: its canonical name, or its own in lower case. */
export function labelNamed(name: string): string {
  return canonicalLabel(plainName(name) || name);
}

/** Sets a label; where another column or key gave one of that name and another value, it keeps its own name. */
export function setLabel(labels: Record<string, string>, name: string, value: string): void {
  const label = labelNamed(name);
  const known = Object.hasOwn(labels, label) && labels[label] !== value;
  labels[known ? name.trim().toLowerCase() : label] = value;
}

/** Whether a text under the name of a label names nothing: `N/A`. `none` may be a name: that of no quantization. */
export function namesNothing(text: string): boolean {
  return isAbsent(text) && text.trim().toLowerCase() !== 'none';
}

/**
 * A label's value, or null where the text is none: empty or long. It is never shortened, because two shortened values could become
 * one. What cannot be seen in it stands as its number (`\\u{a}`), so that two names that differ in it alone stay two.
 */
export function labelValue(text: string, longest: number = LABEL_CHARS): string | null {
  const value = text.trim();
  if (value === '' || value.length > longest) return null;
  return detached(value.replace(/\p{C}/gu, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`));
}

/** A name as a label, however long it is: one that is too long is shortened and told apart by its hash. */
export function namedValue(text: string, longest: number): string | null {
  const whole = labelValue(text, longest);
  if (whole !== null || text.trim() === '') return whole;
  return `${excerpt(text, longest - 10)} #${createHash('sha256').update(text).digest('hex').slice(0, 8)}`;
}
