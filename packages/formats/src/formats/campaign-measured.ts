import { CAMPAIGN_FIELDS, type CampaignField } from '@chimera/shared/domain';
import { excerpt } from '../excerpt.ts';
import type { Extract } from '../extract.ts';
import { addNumber, patternOf, type RecordPlace } from '../fields.ts';
import { segment } from '../json-pointer.ts';
import { isObject, type JsonObject } from '../json-value.ts';
import { labelValue } from '../labels.ts';

/** Longest unit. */
const UNIT_CHARS = 32;

/**
 * Reads what a line of `runs.jsonl` says was measured, each number in the unit that stands beside it.
 * @throws Refusal where the file holds more numbers than the limits allow
 */
export function readCampaignMeasured(extract: Extract, line: JsonObject, { at, labels, failed = false }: Omit<RecordPlace, 'n'>): void {
  const measured = Object.hasOwn(line, 'measured') ? line.measured : undefined;
  if (!isObject(measured)) {
    warn(extract, `${at}/measured`, 'no object with numbers stands there: nothing of it was read');
    return;
  }
  for (const field of Object.keys(measured))
    readField(extract, field, measured[field], { pointer: `${at}/measured${segment(field)}`, labels, failed });
}

function readField(
  extract: Extract,
  field: string,
  entry: unknown,
  { pointer, labels, failed }: { pointer: string; labels: RecordPlace['labels']; failed: boolean },
): void {
  if (!isObject(entry) || !Object.hasOwn(entry, 'value')) {
    warn(extract, pointer, 'no object with value and unit stands there; it was not read');
    return;
  }
  const known = isKnown(field) ? CAMPAIGN_FIELDS[field] : null;
  const unit = unitOf(extract, Object.hasOwn(entry, 'unit') ? entry.unit : undefined, known?.unit ?? null, pointer);
  const meaning = { metric: known?.metric ?? 'own', statistic: 'value', unit, over: 'runs' } as const;
  const place = { labels, failed, pointer: `${pointer}/value` };
  // The bare name of a field that is not known may be that of a metric, which would be judged.
  addNumber(extract, entry.value, meaning, place, known === null ? patternOf(place.pointer) : field);
}

function isKnown(field: string): field is CampaignField {
  return Object.hasOwn(CAMPAIGN_FIELDS, field);
}

/** The unit as the line states it, whatever the table says; null where it states none. */
function unitOf(extract: Extract, stated: unknown, expected: string | null, pointer: string): string | null {
  const unit = typeof stated === 'string' ? labelValue(stated, UNIT_CHARS) : null;
  if (unit === null) warn(extract, `${pointer}/unit`, 'no unit stands there: the number is shown and never judged');
  else if (expected !== null && unit !== expected)
    warn(
      extract,
      `${pointer}/unit`,
      `it is ${excerpt(unit, UNIT_CHARS)} where a campaign writes ${expected}: the number was read as the line states it`,
    );
  return unit;
}

function warn(extract: Extract, pointer: string, what: string): void {
  extract.warnings.add('measured fields', `${excerpt(pointer)}: ${what}`);
}
