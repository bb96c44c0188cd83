import { canonicalLabel } from '@chimera/shared/domain';
import type { Extract } from '../extract.ts';
import { addLabel, labelsFrom, plainNumber, unknownLabels } from '../fields.ts';
import { type JsonObject, jsonBegin } from '../json-value.ts';
import { isSettingName } from '../labels.ts';
import { addBurstiness, addEndlessRate, addEngine } from './serving-labels.ts';
import { isKnownField, LABEL_FIELDS, RAMP } from './vllm-serve-fields.ts';

/** What numbers the repeats of one configuration in a sweep. */
export const RUN_NUMBER = 'run_number';

/** Characters of a list or an object that is a setting: more are no label, which is then said. */
const SETTING_CHARS = 400;

/** The labels of a run: its own fields, what `--metadata` added, and what was set for it. */
export function serveLabels(object: JsonObject, settings: ReadonlySet<string>, extract: Extract): Record<string, string> {
  const labels: Record<string, string> = { tool: 'vllm bench serve', ...labelsFrom(object, LABEL_FIELDS, extract) };
  unknownLabels(object, (key) => isKnownField(key) || settings.has(key), labels);
  for (const key of settings) addLabel(labels, canonicalLabel(key.replaceAll('-', '_')), settingText(object[key]), extract);
  for (const key of RAMP) if (Object.hasOwn(object, key)) addLabel(labels, key, object[key], extract);
  addEndlessRate(labels, object);
  addBurstiness(labels, plainNumber(object.burstiness));
  addEngine(labels);
  return labels;
}

/** Fields that were set for a run and are none of its result: by their names, and what a sweep adds behind the number of the run. */
export function settingFields(object: JsonObject): ReadonlySet<string> {
  const keys = Object.keys(object);
  const number = keys.indexOf(RUN_NUMBER);
  return new Set(keys.filter((key, at) => !isKnownField(key) && (isSettingName(key) || (number >= 0 && at > number))));
}

/** Runs that differ in a setting are no repeats, whatever it is: null and lists are values too. */
function settingText(value: unknown): unknown {
  return value === null || typeof value === 'object' ? jsonBegin(value, SETTING_CHARS) : value;
}
