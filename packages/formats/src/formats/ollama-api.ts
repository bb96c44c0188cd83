import type { Start } from '../cold-start.ts';
import type { Content } from '../content.ts';
import { type DocumentObject, objectsOf } from '../documents.ts';
import { excerpt } from '../excerpt.ts';
import type { Extract } from '../extract.ts';
import { addNumber, type FieldTable, type Labels, numberOf, plainNumber, textOf } from '../fields.ts';
import { segment } from '../json-pointer.ts';
import type { JsonObject } from '../json-value.ts';
import type { Format } from './format.ts';
import { addOutputRate, addPromptRate, OLLAMA_OVER, startedLabels, warnAboutUncounted } from './ollama-rates.ts';
import {
  DETAIL_LABELS,
  type FinalResponse,
  finalResponse,
  isKnownKey,
  kindOfObject,
  labelsOfResponse,
  RESPONSE_LABELS,
} from './ollama-response.ts';
import { type KnownStarts, knownStarts, type Loading, startOfLater, startsOfRequests } from './ollama-starts.ts';
import { addUnknownNumbers } from './serving-fields.ts';
import type { VariedLabels } from './varied-labels.ts';

const over = OLLAMA_OVER;

/** All durations are in nanoseconds; zero is left out by the server. */
const DURATIONS: FieldTable = {
  total_duration: { metric: 'request_latency', statistic: 'value', unit: 'ns', over, note: 'includes the loading of the model' },
  load_duration: { metric: 'load_duration', statistic: 'value', unit: 'ns', over, note: 'of a loaded model too' },
  prompt_eval_duration: { metric: 'prompt_eval_duration', statistic: 'value', unit: 'ns', over },
  eval_duration: { metric: 'eval_duration', statistic: 'value', unit: 'ns', over },
};

const COUNTS: FieldTable = {
  prompt_eval_count: { metric: 'own', statistic: 'value', unit: 'tokens', note: 'absent where the whole prompt was cached' },
  prompt_eval_cached_count: { metric: 'own', statistic: 'value', unit: 'tokens', note: 'of these, those that were cached' },
  eval_count: { metric: 'own', statistic: 'value', unit: 'tokens' },
};

/** For people: the rates are computed. */
const RATES: FieldTable = {
  'eval_count ÷ eval_duration': {
    metric: 'output_token_throughput',
    statistic: 'value',
    unit: 'tok/s',
    over,
    note: 'of two tokens at least',
  },
  '(prompt_eval_count − prompt_eval_cached_count) ÷ prompt_eval_duration': {
    metric: 'prompt_token_throughput',
    statistic: 'value',
    unit: 'tok/s',
    over,
  },
};

/** What Ollama answers to `/api/generate` and `/api/chat`: the last object of a stream, or the whole answer. */
export const ollamaApi: Format = {
  name: 'ollama-api',
  tool: 'Ollama, `/api/generate` and `/api/chat`',
  signature:
    'objects with `done` true and two of `total_duration`, `load_duration`, `prompt_eval_count`, `prompt_eval_duration`, `eval_count`, `eval_duration`: alone, in a list, at the end of a stream, or with a request around them',
  detect: isOllama,
  read(content, extract) {
    const reader = new OllamaReader(extract);
    reader.read(objectsOf(content));
    reader.end();
  },
  fields: { 'of a response': { ...DURATIONS, ...COUNTS }, derived: RATES },
  labels: { ...RESPONSE_LABELS, ...DETAIL_LABELS },
  notes: [
    'All durations are in nanoseconds. Zero and absent are the same: not measured.',
    'Rates are derived: counts over durations, in tokens a second. Their pointer names the numbers they are made of: `/eval_count ÷ /eval_duration`.',
    'A count that is absent makes its rate unknown, not zero; one token makes no rate.',
    'A prompt whose rate is absurd (beyond 100,000 tok/s, or a thousand times that of generation) is labelled `prompt_cache` suspected, and a warning says so.',
    'The time to first token is not in a response.',
    '`options` of the response, of what is around it, or of its `request` are labels, and so is `done_reason`.',
    'Where one response loaded its model (a second at least, and five times the median of the others; of a lone one: half of the whole), `start` says cold or warm of request latency and load duration.',
    'Of a file that is read as a stream, `created_at` labels nothing, an option or word with very many values (`seed`) labels nothing from some line on, which a warning says, and the first lines (1,000, or 1 MiB) say which load durations are those of a cold start.',
    'A response without a token, a stream that ends without a final response, and an error count as failed.',
  ],
};

function isOllama(content: Content): boolean {
  const objects = objectsOf(content);
  const kinds = objects.map(({ object }) => kindOfObject(object));
  return !kinds.includes('other') && (kinds.includes('final') || kinds.includes('wrapper') || kinds.includes('chunk'));
}

/** Reads the objects of one artifact: those of a file together, or those of a stream in turn, the first ones together. */
export class OllamaReader {
  readonly #extract: Extract;
  readonly #varied: VariedLabels | null;
  #known: KnownStarts | null = null;
  /** where the part of an answer stands that came last, if the answer has not ended */
  #open: string | null = null;

  /** @param varied of a stream: labels that would tell each of very many responses from all others, as its time does */
  constructor(extract: Extract, varied: VariedLabels | null = null) {
    this.#extract = extract;
    this.#varied = varied;
  }

  read(objects: readonly DocumentObject[]): void {
    const found = objects.flatMap((one) => this.#responseOf(one) ?? []);
    const times = found.map(({ object }) => ({ load: loading(object, 'load_duration'), total: loading(object, 'total_duration') }));
    const known = this.#known;
    const starts = known === null ? startsOfRequests(times) : times.map((one) => startOfLater(one, known));
    this.#known ??= knownStarts(times, starts);
    for (const [index, response] of found.entries()) this.#readResponse(response, starts[index] ?? null);
  }

  /** An object was passed over, as one before was read; `open` is where it stands if it is a part of an answer. */
  pass(open: string | null): void {
    this.#open = open;
  }

  /** There are no more. */
  end(): void {
    if (this.#open !== null) this.#fail(this.#open, 'the stream ends without a final response');
    this.#open = null;
  }

  /** The final response that an object is; what else it is is told. */
  #responseOf({ at, object }: DocumentObject): FinalResponse | null {
    const kind = kindOfObject(object);
    this.#open = kind === 'chunk' ? at : null;
    const where = at.trim() || 'the response';
    if (kind === 'error') this.#fail(at, excerpt(textOf(object.error) ?? ''));
    if (kind === 'loading') this.#extract.warnings.add('loading only', `${where} only loaded a model: it was passed over`);
    if (kind === 'other') this.#extract.warnings.add('others', `${where} is no response of Ollama: it was not read`);
    return kind === 'final' || kind === 'wrapper' ? finalResponse(at, object) : null;
  }

  #fail(at: string, reason: string): void {
    this.#extract.records += 1;
    this.#extract.fail({ pointer: at.trim(), reason });
  }

  #readResponse(response: FinalResponse, start: Start | null): void {
    const extract = this.#extract;
    const { at, object, around } = response;
    extract.records += 1;
    const labels = labelsOfResponse(response, extract, this.#varied?.left);
    this.#varied?.take(labels);
    const failed = (plainNumber(object.eval_count) ?? 0) === 0 && (plainNumber(object.eval_duration) ?? 0) === 0;
    if (failed) extract.fail({ pointer: at.trim() || '/done', reason: 'no token was generated' });
    readDurations(extract, response, { labels, started: startedLabels(labels, start), failed });
    for (const [key, meaning] of Object.entries(COUNTS))
      if (Object.hasOwn(object, key)) addNumber(extract, object[key], meaning, { labels, failed, pointer: at + segment(key) });
    if (!failed) readRates(extract, response, labels);
    addUnknownNumbers(extract, object, isKnownKey, { at, labels, failed });
    if (around !== null) addUnknownNumbers(extract, around.object, isKnownKey, { at: around.at, labels, failed });
  }
}

function loading(object: JsonObject, key: string): Loading {
  const value = plainNumber(object[key]);
  return value === null ? null : { value, unit: 'ns' };
}

function readDurations(
  extract: Extract,
  { at, object }: FinalResponse,
  { labels, started, failed }: { labels: Labels; started: Labels; failed: boolean },
): void {
  for (const [key, meaning] of Object.entries(DURATIONS)) {
    const value = numberOf(object[key])?.value ?? 0;
    const pointer = at + segment(key);
    if (value < 0) extract.warnings.add('negative durations', `${pointer}: ${value} ns is no duration; it was not read`);
    if (value <= 0 && numberOf(object[key]) !== null) continue;
    const includes = key === 'total_duration' || key === 'load_duration';
    addNumber(extract, object[key], meaning, { labels: includes ? started : labels, failed, pointer });
  }
}

function readRates(extract: Extract, { at, object }: FinalResponse, labels: Labels): void {
  const value = (key: string): number | null => plainNumber(object[key]);
  const over = (count: string, duration: string): string => `${count} ÷ ${at}${segment(duration)}`;
  const [count, duration] = [value('eval_count'), value('eval_duration')];
  const output =
    count === null || duration === null || duration <= 0
      ? null
      : addOutputRate(extract, {
          rate: (count * 1e9) / duration,
          tokens: count,
          labels,
          pointer: over(`${at}/eval_count`, 'eval_duration'),
        });
  const [prompt, cached, time] = [value('prompt_eval_count'), value('prompt_eval_cached_count') ?? 0, value('prompt_eval_duration')];
  if (time === null || time <= 0) return;
  if (prompt === null || prompt === 0) {
    warnAboutUncounted(extract, `${at}/prompt_eval_duration`);
    return;
  }
  const evaluated = prompt - cached;
  const counted = cached === 0 ? `${at}/prompt_eval_count` : `(${at}/prompt_eval_count − ${at}/prompt_eval_cached_count)`;
  const pointer = over(counted, 'prompt_eval_duration');
  addPromptRate(extract, { rate: (evaluated * 1e9) / time, tokens: evaluated, labels, pointer }, output);
}
