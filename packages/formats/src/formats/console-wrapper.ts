import { canonicalLabel, LABELS } from '@chimera/shared/domain';
import type { Content } from '../content.ts';
import { documentsOf } from '../documents.ts';
import { verdictOnObject } from '../failure.ts';
import { addLabel, type Labels, numberOf } from '../fields.ts';
import { segment } from '../json-pointer.ts';
import { isObject, type JsonObject } from '../json-value.ts';
import { isSettingName } from '../labels.ts';
import { holdsBlock } from './console-block.ts';

/** A failed record of a JSON document; `told` where a printed result in it is marked as failed. */
type Failure = { at: string; reason: string; told: boolean };

/** A text within JSON that holds printed results: `{"success": true, "raw_output": "…"}`. */
export type PrintedText = {
  text: string;
  /** its pointer: `/raw_output`, `line 3 /raw_output` */
  at: string;
  /** what the objects around it say of the run */
  labels: Labels;
  failure: Failure | null;
};

export type Wrapped = {
  texts: readonly PrintedText[];
  /** records that say they failed, with or without a printed result */
  failures: readonly Failure[];
  /** numbers beside the texts that are no settings */
  numbers: number;
};

/** Objects within a record whose settings are the record's. */
const SETTINGS = new Set(['config', 'configuration', 'params', 'parameters', 'args', 'arguments', 'settings', 'options', 'metadata']);

type Place = { value: unknown; at: string; labels: Labels; failure: Failure | null };

/** Whether a JSON document, or one on a line, has a text that holds a printed result; only so many values are looked at. */
export function wrapsBlock(content: Content, most: number): boolean {
  const open: unknown[] = documentsOf(content).map(({ value }) => value);
  for (let at = 0; at < open.length && at < most; at += 1) {
    const value = open[at];
    if (typeof value !== 'object' || value === null) continue;
    for (const item of Object.values(value)) {
      if (open.length >= most) break;
      if (typeof item === 'string' && holdsBlock(item)) return true;
      if (typeof item === 'object') open.push(item);
    }
  }
  return false;
}

/** The texts of a JSON content that hold printed results, in their order, and what stands beside them. */
export function wrappedTexts(content: Content): Wrapped {
  const texts: PrintedText[] = [];
  const failures: Failure[] = [];
  let numbers = 0;
  const open: Place[] = documentsOf(content)
    .map(({ at, value }) => ({ value, at, labels: {}, failure: null }))
    .reverse();
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    const { value, at } = place;
    if (typeof value === 'string') {
      texts.push({ text: value, at, labels: place.labels, failure: place.failure });
      continue;
    }
    const inside = isObject(value) ? insideOf(value, place, failures) : place;
    const items = isObject(value) || Array.isArray(value) ? Object.entries(value) : [];
    for (const [key, item] of items.reverse()) {
      if (numberOf(item) !== null && !(isObject(value) && isLabel(key))) numbers += 1;
      else if (typeof item === 'string' ? holdsBlock(item) : typeof item === 'object' && item !== null)
        open.push({ ...inside, value: item, at: at + segment(key) });
    }
  }
  for (const { failure } of texts) if (failure !== null) failure.told = true;
  return { texts, failures, numbers };
}

/** What holds for all that an object holds: its labels, and that it failed. */
function insideOf(object: JsonObject, around: Place, failures: Failure[]): Pick<Place, 'labels' | 'failure'> {
  const reason = around.failure === null ? verdictOnObject(object).reason : null;
  const own: Failure | null = reason === null ? null : { at: around.at.trimEnd(), reason, told: false };
  if (own !== null) failures.push(own);
  const labels: Record<string, string> = { ...around.labels };
  const parts = Object.keys(object).filter((key) => SETTINGS.has(key.toLowerCase()));
  for (const part of [object, ...parts.map((key) => object[key])]) {
    if (!isObject(part)) continue;
    for (const key of Object.keys(part)) if (isLabel(key)) addLabel(labels, canonicalLabel(key), part[key]);
  }
  return { labels, failure: own ?? around.failure };
}

function isLabel(key: string): boolean {
  return isSettingName(key) || (key.length <= 40 && Object.hasOwn(LABELS, canonicalLabel(key)));
}
