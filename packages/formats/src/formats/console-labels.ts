import { canonicalLabel } from '@chimera/shared/domain';
import type { Extract } from '../extract.ts';
import { addLabel, type LabelTable } from '../fields.ts';
import { readCell } from '../number-cell.ts';
import type { PrintedBlock } from './console-block.ts';
import { SETTING_LINES } from './console-fields.ts';
import { textsInList } from './python-namespace.ts';
import { addBurstiness, addEngine, addLengthLabels } from './serving-labels.ts';

/** Arguments of the command → labels. */
export const ARGUMENTS: LabelTable = {
  model: 'model',
  backend: 'backend',
  dataset_name: 'dataset',
  num_prompts: 'num_prompts',
  request_rate: 'request_rate',
  max_concurrency: 'concurrency',
  temperature: 'temperature',
};

/** Arguments that set runs apart and that no canonical label fits. */
const OWN_ARGUMENTS = ['label', 'tag', 'ramp_up_strategy', 'ramp_up_start_rps', 'ramp_up_end_rps', 'goodput'];

/** What is written where nothing was set. */
const UNSET = new Set(['none', 'not set', 'null', '']);

/** The labels of a printed result: from the command's arguments, the lines before it, and its own lines, of which the last win. */
export function consoleLabels(block: PrintedBlock, given: Readonly<Record<string, string>>, extract: Extract): Record<string, string> {
  const { settings } = block;
  const labels: Record<string, string> = { ...given };
  for (const [field, name] of Object.entries(ARGUMENTS)) addLabel(labels, name, labelText(settings.get(field)), extract);
  for (const field of OWN_ARGUMENTS) addLabel(labels, field, labelText(settings.get(field)), extract);
  addLengthLabels(labels, (field) => labelText(settings.get(field)), extract);
  for (const item of textsInList(settings.get('metadata') ?? '')) {
    const equals = item.indexOf('=');
    if (equals > 0) addLabel(labels, canonicalLabel(item.slice(0, equals).trim()), labelText(item.slice(equals + 1)), extract);
  }
  for (const { label, value } of [...block.preface, ...block.lines]) {
    const name = settingOfLine(label);
    if (name !== null && !isRounded(value, labels[name])) addLabel(labels, name, labelText(value), extract);
  }
  addBurstiness(labels, numberIn(settings.get('burstiness') ?? ''));
  addEngine(labels);
  return labels;
}

/** Whether a printed value is a known one with two decimals: of a rate of 0.333 it is 0.33. */
function isRounded(value: string, known: string | undefined): boolean {
  const [printed, exact] = [numberIn(value), numberIn(known ?? '')];
  return printed !== null && exact !== null && exact.toFixed(2) === printed.toFixed(2);
}

/** The label that a line gives, where it says what was set; null where it says what was measured. */
export function settingOfLine(label: string): string | null {
  const name = label.toLowerCase();
  return Object.hasOwn(SETTING_LINES, name) ? (SETTING_LINES[name] ?? null) : null;
}

/** A value as the label that a JSON file of the same run gives: `16.0` is 16 there. */
function labelText(value: string | undefined): string | null {
  if (value === undefined || UNSET.has(value.trim().toLowerCase())) return null;
  const number = numberIn(value);
  return number === null ? value : String(number);
}

function numberIn(text: string): number | null {
  const cell = readCell(text);
  return cell.is === 'number' && cell.unit === null && cell.text === null ? cell.value : null;
}
