import { excerpt } from '../excerpt.ts';
import type { Extract } from '../extract.ts';
import { addLabel, type FieldTable, type Labels } from '../fields.ts';
import { heldNumber } from '../number-literal.ts';
import { addOutputRate, addPromptRate, OLLAMA_OVER, startedLabels } from './ollama-rates.ts';
import { startsOfRequests } from './ollama-starts.ts';

const over = OLLAMA_OVER;

/** What the steps of an epoch are: rates of `prefill` and `generate`, whole durations of the others. */
export const STEP_FIELDS: FieldTable = {
  prefill: { metric: 'prompt_token_throughput', statistic: 'value', unit: 'tok/s', over, note: 'its TOKEN_PER_SEC' },
  generate: {
    metric: 'output_token_throughput',
    statistic: 'value',
    unit: 'tok/s',
    over,
    note: 'its TOKEN_PER_SEC; of two tokens at least',
  },
  ttft: { metric: 'time_to_first_token', statistic: 'value', unit: 'ns', over, note: 'its NS_PER_COUNT' },
  load: { metric: 'load_duration', statistic: 'value', unit: 'ns', over, note: 'its NS_PER_COUNT' },
  total: { metric: 'request_latency', statistic: 'value', unit: 'ns', over, note: 'its NS_PER_COUNT; includes the loading of the model' },
};

export const GIVEN: Labels = { engine: 'ollama', tool: 'ollama bench' };

/** Whether a step counts tokens; the others are whole durations. */
export function isOfTokens(step: string): boolean {
  return step === 'prefill' || step === 'generate';
}

/** What the tool prints beside its results, where a log has both: an error is an epoch that failed. Returns whether a line is such. */
export function isTold(extract: Extract, line: string, number: number): boolean {
  if (line.startsWith('ERROR: ')) {
    extract.records += 1;
    extract.fail({ pointer: `line ${number}`, reason: excerpt(line.slice('ERROR: '.length)) });
    return true;
  }
  return line.startsWith('WARNING: ');
}

/** A number of the file, with where it stands. */
export type Placed = { value: number; text: string | null; unit: string; pointer: string };

/** One step of an epoch, whichever way it was printed. */
export type Step = {
  model: string;
  step: string;
  /** the line, for warnings */
  where: string;
  /** tokens, where the file says how many */
  count: Placed | null;
  /** of a prompt, the tokens that came from the cache; undefined where the file does not set them apart */
  cached?: Placed | null;
  /** a whole duration, or nanoseconds a token */
  time: Placed | null;
  /** tokens a second */
  rate: Placed | null;
};

/** What the comment line above a model's rows says of it. */
export type ModelInfo = { labels: Labels; sizes: readonly { name: string; number: Placed }[] };

const INFO = /^#\s*Model:\s*(\S.{0,200}?)\s*\|(.{1,400})$/;
const PARTS: Readonly<Record<string, string>> = { Params: 'parameters', Quant: 'quantization', Family: 'family', NumCtx: 'num_ctx' };

/** Reads `# Model: gemma3 | Params: 4.3B | Quant: Q4_K_M | Family: gemma3 | Size: 4080218931 | VRAM: 4080218931 | NumCtx: 4096`. */
export function modelInfo(text: string, line: number): ({ model: string } & ModelInfo) | null {
  const [, model, rest = ''] = INFO.exec(text.trim()) ?? [];
  if (model === undefined) return null;
  const labels: Record<string, string> = {};
  const sizes: { name: string; number: Placed }[] = [];
  for (const part of rest.split('|')) {
    const [, name = '', value = ''] = /^\s*([A-Za-z]{1,20}):\s*(\S.{0,100}?)\s*$/.exec(part) ?? [];
    const label = Object.hasOwn(PARTS, name) ? PARTS[name] : undefined;
    if (label !== undefined && value !== 'unknown') addLabel(labels, label, value);
    const size = (name === 'Size' || name === 'VRAM') && /^\d{1,18}$/.test(value) ? heldNumber(value) : null;
    if (size !== null) sizes.push({ name, number: { ...size, unit: 'bytes', pointer: `line ${line} column ${name}` } });
  }
  return { model, labels, sizes };
}

/**
 * Reads the steps of a file, in its order: an epoch begins where a step comes that the one before has already, or another model's.
 * @param infos by model, what its comment line says
 * @param given labels of all
 */
export function readSteps(extract: Extract, steps: readonly Step[], infos: ReadonlyMap<string, ModelInfo>, given: Labels): void {
  const epochs = epochsOf(steps);
  const known = new Map<string, Labels>();
  const labelsOf = (model: string): Labels => {
    const labels = known.get(model) ?? { ...given, ...infos.get(model)?.labels, ...modelLabel(model, extract) };
    known.set(model, labels);
    return labels;
  };
  const starts = startsOfRequests(
    epochs.map((epoch) => ({ load: timeOf(epoch, 'load'), total: timeOf(epoch, 'total'), first: timeOf(epoch, 'ttft') })),
  );
  for (const [model, { sizes }] of infos) for (const { name, number } of sizes) addOwn(extract, name, number, labelsOf(model));
  for (const [index, epoch] of epochs.entries()) {
    extract.records += 1;
    const labels = labelsOf(epoch[0]?.model ?? '');
    readEpoch(extract, epoch, labels, startedLabels(labels, starts[index]));
  }
}

/** The duration of a step of an epoch; 0 is none. */
function timeOf(epoch: readonly Step[], step: string): Placed | null {
  const time = epoch.find((one) => one.step === step)?.time ?? null;
  return time !== null && time.value > 0 ? time : null;
}

function modelLabel(model: string, extract: Extract): Record<string, string> {
  const labels: Record<string, string> = {};
  addLabel(labels, 'model', model, extract);
  return labels;
}

function epochsOf(steps: readonly Step[]): Step[][] {
  const epochs: Step[][] = [];
  let seen = new Set<string>();
  for (const step of steps) {
    const last = epochs.at(-1);
    if (last !== undefined && last[0]?.model === step.model && !seen.has(step.step)) last.push(step);
    else {
      epochs.push([step]);
      seen = new Set();
    }
    seen.add(step.step);
  }
  return epochs;
}

function readEpoch(extract: Extract, epoch: readonly Step[], labels: Labels, started: Labels): void {
  let output: number | null = null;
  // Generation first: the rate of the prompt is judged by it.
  for (const one of [...epoch].sort((a, b) => Number(b.step === 'generate') - Number(a.step === 'generate'))) {
    const { step, where, count, time, rate } = one;
    const meaning = Object.hasOwn(STEP_FIELDS, step) ? STEP_FIELDS[step] : undefined;
    if (meaning === undefined) {
      extract.warnings.add('unknown steps', `${where}: "${step}" is no step that is known here; it was not read`);
    } else if (isOfTokens(step)) {
      const prompt = step === 'prefill';
      if (count !== null) addOwn(extract, prompt ? promptCount(one) : 'eval_count', count, labels);
      if (prompt && one.cached) addOwn(extract, 'prompt_eval_cached_count', one.cached, labels);
      if (time !== null && time.value > 0) addOwn(extract, 'NS_PER_COUNT', time, { ...labels, test: step });
      if (rate === null) {
        extract.warnings.add('rates left out', `${where}: ${step} states no rate that can be read`);
        continue;
      }
      const told = { rate: rate.value, tokens: count?.value ?? null, labels, pointer: rate.pointer };
      if (prompt) addPromptRate(extract, told, output);
      else output = addOutputRate(extract, told);
    } else if (time !== null && time.value > 0) {
      const { value, text, unit, pointer } = time;
      extract.add({
        metric: meaning.metric,
        statistic: 'value',
        value,
        text,
        unit,
        n: null,
        over,
        labels: started,
        pointer,
        failed: false,
      });
    } else extract.warnings.add('not measured', `${where}: ${step} is 0, so it was not measured; it was left out`);
  }
}

/** The API counts the whole prompt; this tool leaves out what came from the cache where it counts that apart. */
function promptCount({ cached }: Step): string {
  return cached === undefined ? 'prompt_eval_count' : 'processed_prompt_count';
}

function addOwn(extract: Extract, metric: string, { value, text, unit, pointer }: Placed, labels: Labels): void {
  extract.add({ metric, statistic: 'value', value, text, unit, n: null, labels, pointer, failed: false });
}
