import type { Extract } from '../extract.ts';
import { listAt, objectAt, textOf } from '../fields.ts';
import { isObject, type JsonObject } from '../json-value.ts';
import { optionsOf } from './command-line.ts';
import { type LabelCandidates, labelsOf } from './label-candidates.ts';

/**
 * What was set for a run, as labels. Its shape changed with the versions: `endpoint`, `input` and `loadgen`; or `models`, `datasets`
 * and `phases`. The command line says what neither does. Lengths are those asked for, not those measured.
 * @param object the whole summary
 */
export function configLabels(object: JsonObject, extract: Extract): Record<string, string> {
  const config = objectAt(object, 'input_config');
  const command = optionsOf(commandOf(object, config));
  const candidates: LabelCandidates = {
    tool: ['aiperf'],
    tool_version: [object.aiperf_version],
    timestamp: [object.start_time],
    ...serverCandidates(config, command),
    ...loadCandidates(config, command, extract),
    ...promptCandidates(config, command),
  };
  return labelsOf(candidates, extract);
}

function serverCandidates(config: JsonObject, command: Options): LabelCandidates {
  const endpoint = objectAt(config, 'endpoint');
  const names = [endpoint.model_names, config.models, config.model_names, config.model].map(namesOf);
  return {
    model: [...names, wordOf(command, '--model', '--model-names', '-m')],
    backend: [endpoint.type, wordOf(command, '--endpoint-type')],
    streaming: [endpoint.streaming, command.has('--streaming') ? true : undefined],
  };
}

function loadCandidates(config: JsonObject, command: Options, extract: Extract): LabelCandidates {
  const loadgen = objectAt(config, 'loadgen');
  const phase = profilingPhase(config, extract);
  return {
    concurrency: [loadgen.concurrency, phase.concurrency, numberOf(command, '--concurrency')],
    request_rate: [loadgen.request_rate, phase.rate, numberOf(command, '--request-rate')],
    num_prompts: [loadgen.request_count, phase.requests, numberOf(command, '--request-count', '--num-requests')],
  };
}

function promptCandidates(config: JsonObject, command: Options): LabelCandidates {
  const input = objectAt(config, 'input');
  const prompt = objectAt(input, 'prompt');
  const dataset = datasetOf(config);
  const { isl, osl } = objectAt(dataset, 'prompts');
  const promptOptions = ['--synthetic-input-tokens-mean', '--prompt-input-tokens-mean', '--isl'];
  const outputOptions = ['--output-tokens-mean', '--prompt-output-tokens-mean', '--osl'];
  const named = [input.public_dataset, input.file, input.custom_dataset_type, dataset.path, dataset.dataset, dataset.type];
  return {
    prompt_length: [lengthOf(prompt.input_tokens), lengthOf(isl), numberOf(command, ...promptOptions)],
    output_length: [lengthOf(prompt.output_tokens), lengthOf(osl), numberOf(command, ...outputOptions)],
    dataset: [...named, wordOf(command, '--public-dataset', '--input-file')],
    temperature: [extraOf(input.extra, command), extraOf(objectAt(config, 'endpoint').extra, command)],
  };
}

function commandOf(object: JsonObject, config: JsonObject): string {
  return textOf(config.cli_command) ?? textOf(objectAt(object, 'run_info').cli_command) ?? textOf(object.cli_command) ?? '';
}

/** A text, the texts of a list, the `name`s of a list of objects, or of the list under `items`: joined with commas. */
function namesOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (isObject(value)) return namesOf(Array.isArray(value.items) ? value.items : value.name);
  if (!Array.isArray(value)) return undefined;
  const names = value.flatMap((item) => textOf(isObject(item) ? item.name : item) ?? []);
  return names.length === 0 ? undefined : [...new Set(names)].join(', ');
}

/** Tokens asked for: a number, or the mean of a distribution. */
function lengthOf(value: unknown): unknown {
  return isObject(value) ? (value.mean ?? value.value) : value;
}

function datasetOf(config: JsonObject): JsonObject {
  const [first] = listAt(config, 'datasets').filter(isObject);
  return first ?? objectAt(config, 'dataset');
}

/** The phase that was measured; of several, what they agree on. */
function profilingPhase(config: JsonObject, extract: Extract): JsonObject {
  const phases = phasesOf(config.phases);
  const named = phases.filter(({ kind, name }) => (kind ?? name) === 'profiling');
  const [first, ...others] =
    named.length > 0 ? named : phases.filter(({ kind, name, exclude_from_results: out }) => (kind ?? name) !== 'warmup' && out !== true);
  if (first === undefined) return {};
  const differs = ['concurrency', 'rate', 'requests'].filter((key) => others.some((other) => other[key] !== first[key]));
  if (differs.length === 0) return first;
  extract.warnings.add(
    'phases',
    `/input_config/phases: the ${others.length + 1} phases that were measured differ in ${differs.join(', ')}: the run has no such label`,
  );
  return Object.fromEntries(Object.entries(first).filter(([key]) => !differs.includes(key)));
}

/** A list of phases, phases by their name, or one alone. */
function phasesOf(value: unknown): JsonObject[] {
  if (Array.isArray(value)) return value.filter(isObject);
  if (!isObject(value)) return [];
  if (typeof value.type === 'string') return [value];
  const inner = Object.keys(value).flatMap((name) => {
    const phase = value[name];
    return isObject(phase) ? [{ name, ...phase }] : [];
  });
  return inner;
}

type Options = ReadonlyMap<string, readonly string[]>;

function wordOf(options: Options, ...names: string[]): string | undefined {
  return names.map((name) => options.get(name)?.[0]).find((word) => word !== undefined);
}

/** A number behind an option; a list of them is a sweep, of which this run is only one. */
function numberOf(options: Options, ...names: string[]): string | undefined {
  const word = wordOf(options, ...names);
  return word !== undefined && /^\d+(?:\.\d+)?$/.test(word) ? word : undefined;
}

/** The temperature among what was sent along with each request: `[["temperature", 0]]`, `{temperature: 0}`, `temperature:0`. */
function extraOf(extra: unknown, options: Options): unknown {
  if (isObject(extra) && Object.hasOwn(extra, 'temperature')) return extra.temperature;
  const pair = Array.isArray(extra) ? extra.find((item) => Array.isArray(item) && item[0] === 'temperature') : undefined;
  if (Array.isArray(pair)) return pair[1];
  return options
    .get('--extra-inputs')
    ?.find((word) => word.startsWith('temperature:'))
    ?.slice('temperature:'.length);
}
