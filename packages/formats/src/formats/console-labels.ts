import { canonicalLabel, LABELS } from '@chimera/shared/domain';
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
export function consoleLabels(
  block: PrintedBlock,
  { given, isSglang }: { given: Readonly<Record<string, string>>; isSglang: boolean },
  extract: Extract,
): Record<string, string> {
  const settings = flagsOf(block, isSglang) ?? block.settings;
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

/** Flags of a command whose value is one word. */
const FLAGS = new Set([
  ...Object.keys(ARGUMENTS),
  ...['burstiness', 'random_range_ratio', 'ramp_up_strategy', 'ramp_up_start_rps', 'ramp_up_end_rps'],
  ...['random_input_len', 'random_output_len', 'sonnet_input_len', 'sonnet_output_len'],
  ...['sharegpt_output_len', 'custom_output_len', 'hf_output_len'],
]);

/** The flags of the command that gave a result; null where there is none, or the tool printed its arguments itself. */
function allFlagsOf(block: PrintedBlock, isSglang: boolean): ReadonlyMap<string, string> | null {
  return block.settings.size > 0 || !isOfCommand(block, isSglang) ? null : (block.command?.flags ?? null);
}

function flagsOf(block: PrintedBlock, isSglang: boolean): ReadonlyMap<string, string> | null {
  const flags = allFlagsOf(block, isSglang);
  return flags === null ? null : new Map([...flags].filter(([flag]) => FLAGS.has(flag)));
}

/** Flags of commands that are compared. */
const COMPARED = 50;
/** Flags that change nothing of what is measured: runs that differ in them are repetitions. */
const NEUTRAL =
  /^(?:seed|result_|save_|append_|output_(?:file|details)|disable_|percentile_metrics$|metric_percentiles$|tokenizer|trust_|ready_|num_warmups$|profile$)/;

/** Labels results by what differs in the commands that gave them, where nothing else tells them apart: they are no repetitions. */
export function labelDifferingFlags(
  results: readonly { block: PrintedBlock; isSglang: boolean; labels: Record<string, string> }[],
  extract: Extract,
): void {
  const alike = new Map<string, { labels: Record<string, string>; flags: ReadonlyMap<string, string> }[]>();
  for (const { block, isSglang, labels } of results) {
    const flags = allFlagsOf(block, isSglang);
    if (flags === null) continue;
    const key = JSON.stringify(Object.entries(labels).sort());
    const several = alike.get(key);
    if (several === undefined) alike.set(key, [{ labels, flags }]);
    else several.push({ labels, flags });
  }
  for (const several of alike.values()) {
    const names = new Set(several.flatMap(({ flags }) => [...flags.keys()]));
    const telling = [...names].filter((name) => !NEUTRAL.test(name)).slice(0, COMPARED);
    for (const name of telling) {
      if (new Set(several.map(({ flags }) => flags.get(name))).size < 2) continue;
      const label = Object.hasOwn(LABELS, canonicalLabel(name)) ? `flag_${name}` : name;
      for (const { labels, flags } of several) addLabel(labels, label, labelText(flags.get(name)), extract);
    }
  }
}

/** Whether nothing in a result contradicts the command above it: a page may show the command of another run. */
function isOfCommand({ command, preface, lines }: PrintedBlock, isSglang: boolean): boolean {
  if (command === null || (command.of !== null && (command.of === 'sglang') !== isSglang)) return false;
  const { flags } = command;
  const flag = (name: string): number | null => numberIn(flags.get(name) ?? '');
  const printed = (label: string) => numberIn(lines.find((line) => line.label.toLowerCase() === label)?.value ?? '');
  const [asked, completed] = [flag('num_prompts'), printed('successful requests')];
  if (asked !== null && completed !== null && asked !== completed + (printed('failed requests') ?? 0)) return false;
  if (flags.get('dataset_name')?.startsWith('random') === true && completed !== null && completed > 0) {
    const longest = 1 + (flag('random_range_ratio') ?? 0);
    const [input, output] = [flag('random_input_len'), flag('random_output_len')];
    const [read, written] = [printed('total input tokens'), printed('total generated tokens')];
    const more = (flag('random_prefix_len') ?? 0) + TEMPLATE;
    if (input !== null && read !== null && read / completed > LONGER * longest * input + more) return false;
    if (input !== null && read !== null && completed >= 20 && read / completed < SHORTER * input) return false;
    if (output !== null && written !== null && written / completed > LONGER * longest * output + 1) return false;
  }
  const flagOf = new Map<string, string>(Object.entries(ARGUMENTS).map(([name, label]) => [label, name]));
  return [...preface, ...lines].every(({ label, value }) => {
    const given = flags.get(flagOf.get(settingOfLine(label) ?? '') ?? '');
    const text = labelText(value);
    if (given === undefined || text === null) return true;
    const exact = labelText(given) ?? '';
    return exact.toLowerCase() === text.toLowerCase() || isRounded(value, exact);
  });
}

/** How far the mean length of random prompts and outputs may be from what was asked for: other tokenizers count them otherwise, and SGLang takes any up to it. */
const [SHORTER, LONGER] = [0.25, 1.5];
/** Tokens that a chat template may add to a prompt. */
const TEMPLATE = 200;

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
