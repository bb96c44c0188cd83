import { isDimension, mayBeDimension, TextsOfName } from './dimensions.ts';
import { segment } from './json-pointer.ts';
import { isObject, type JsonObject, LiteralNumber } from './json-value.ts';
import { isLabelName, isSettingName, labelValue, namesNothing, setLabel } from './labels.ts';

type Labels = Readonly<Record<string, string>>;

/** Parts of an object that say what it was measured with: what they hold are labels of its other parts. */
const CONFIGURATIONS = new Set([
  'config',
  'configuration',
  'options',
  'settings',
  'params',
  'parameters',
  'args',
  'metadata',
  'meta',
  'setup',
  'environment',
]);
const LONGEST_CONFIGURATION = 13;

/** Keys whose texts tell what is beside them apart, whether or not they repeat. */
export const NAMES: ReadonlySet<string> = new Set(['name', 'metric']);

function isConfiguration(key: string): boolean {
  return key.length <= LONGEST_CONFIGURATION && CONFIGURATIONS.has(key.toLowerCase());
}

/** Whether a key may give a label to the numbers beside it, or in the parts beside it. */
export function mayLabel(key: string, value: unknown): boolean {
  if (isSettingName(key) || isLabelName(key) || NAMES.has(key.toLowerCase()) || isConfiguration(key)) return true;
  return (typeof value === 'string' || typeof value === 'boolean') && mayBeDimension(key);
}

/** Objects of a list that are looked at for texts that repeat. */
const MOST_LOOKED_AT = 100_000;

/** Says of the pointer of a number, from the object on that is looked at, whether it was drawn or measured, though its name is a setting's. */
export type IsDrawn = (pointer: string) => boolean;

const NEVER: IsDrawn = () => false;

/** Keys whose texts tell the objects of a list apart, because they repeat: `variant` of `{"variant": "base", "ttft_ms": 80}`. */
export function repeatedTexts(list: readonly unknown[], isDrawn = NEVER): ReadonlySet<string> {
  const texts = new Map<string, TextsOfName>();
  let settings = false;
  for (const item of list.length > MOST_LOOKED_AT ? list.slice(0, MOST_LOOKED_AT) : list) {
    if (!isObject(item)) continue;
    for (const key of Object.keys(item)) {
      const value = item[key];
      if (typeof value === 'string' || typeof value === 'boolean') {
        const known = texts.get(key) ?? new TextsOfName();
        known.add(String(value));
        texts.set(key, known);
      } else settings ||= isSettingName(key) && !isDrawn(segment(key));
    }
  }
  const found = [...texts].filter(([key, of]) => !isLabelName(key) && isDimension(key, of, settings)).map(([key]) => key);
  return new Set(found);
}

/**
 * The labels of the numbers in an object: those of the objects around it, those of its parts that hold a configuration, its own.
 * @param repeated keys of the list it stands in that tell its objects apart
 * @param isDrawn of its numbers, and of those of its parts
 */
export function labelsOfObject(object: JsonObject, around: Labels, repeated: ReadonlySet<string>, isDrawn = NEVER): Labels {
  const own: Record<string, string> = {};
  for (const key of Object.keys(object)) {
    const part = object[key];
    if (!isObject(part)) continue;
    const isDrawnInside: IsDrawn = isDrawn === NEVER ? NEVER : (pointer) => isDrawn(segment(key) + pointer);
    if (isConfiguration(key)) addLabels(own, part, repeated, isDrawnInside);
    else if (isNamedPart(key)) addNamed(own, key, part, repeated, isDrawnInside);
  }
  addLabels(own, object, repeated, isDrawn);
  return Object.keys(own).length === 0 ? around : { ...around, ...own };
}

/** Things that an object may describe instead of name: `"model": {"name": "mlp", "batch_size": 4}`. */
const NAMED = new Set(['model', 'gpu', 'engine', 'backend', 'device']);

/** Whether a key names such a thing. */
export function isNamedPart(key: string): boolean {
  return NAMED.has(key.toLowerCase());
}

/** Its name becomes the label, and its settings are those of the other parts. */
function addNamed(labels: Record<string, string>, key: string, part: JsonObject, repeated: ReadonlySet<string>, isDrawn: IsDrawn): void {
  const given = Object.hasOwn(part, 'name') ? part.name : Object.hasOwn(part, 'id') ? part.id : null;
  const name = typeof given === 'string' ? labelValue(given) : null;
  if (name === null) return;
  const own: Record<string, string> = {};
  addLabels(own, part, repeated, isDrawn);
  delete own.name;
  setLabel(own, key, name);
  Object.assign(labels, own);
}

function addLabels(labels: Record<string, string>, object: JsonObject, repeated: ReadonlySet<string>, isDrawn: IsDrawn): void {
  const own: Record<string, string> = {};
  for (const key of Object.keys(object)) {
    const text = labelText(object[key], key, repeated, isDrawn);
    const value = text === null || namesNothing(text) ? null : labelValue(text);
    if (value !== null) setLabel(own, key, value);
  }
  Object.assign(labels, own);
}

/** Settings may be numbers, unless these were drawn or measured. No digit of them is lost: two that differ in one are two. */
function labelText(value: unknown, key: string, repeated: ReadonlySet<string>, isDrawn: IsDrawn): string | null {
  const setting = isSettingName(key);
  if (typeof value === 'string') return setting || NAMES.has(key.toLowerCase()) || isLabelName(key) || repeated.has(key) ? value : null;
  if (typeof value === 'boolean') return repeated.has(key) && mayBeDimension(key) ? String(value) : null;
  if (!setting || (isDrawn !== NEVER && isDrawn(segment(key)))) return null;
  return value instanceof LiteralNumber ? value.literal : typeof value === 'number' ? String(value) : null;
}
