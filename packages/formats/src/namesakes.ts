import type { CanonicalMetric } from '@chimera/shared/domain';
import { canonicalMetricOf, isBareRate } from './canonical-name.ts';
import { wordsOf } from './name-words.ts';
import { unitFromName } from './unit-from-name.ts';

/** Names that are looked at: no table has more that mean something. */
const MOST_NAMES = 1_000;

type Namesake = 'rate' | 'gap' | 'perToken' | 'peak';

/**
 * What a name that says a metric means here, by the names beside it: the other columns of its table, or keys of its object.
 * - A bare rate of tokens is not the output's where another name says `output`, nor among the keys of vLLM's throughput benchmark,
 *   which counts the prompt's tokens too, nor beside llama-bench's `n_prompt` and `n_gen`.
 * - llmperf's inter-token latency and guidellm's time per output token include the first token.
 * - Peaks of several memories are not the peak of one.
 */
export class Namesakes {
  readonly #names: readonly string[];
  #known: Readonly<Record<Namesake, boolean>> | null = null;

  constructor(names: readonly string[]) {
    this.#names = names.slice(0, MOST_NAMES);
  }

  /** Whether the name means something else than the metric. */
  mislead(metric: CanonicalMetric, name: string): boolean {
    if (metric === 'output_token_throughput') return isBareRate(name, 'tok/s') && this.#has('rate');
    if (metric === 'inter_token_latency') return this.#has('gap');
    if (metric === 'time_per_output_token') return this.#has('perToken');
    return metric === 'peak_memory' && this.#has('peak');
  }

  #has(namesake: Namesake): boolean {
    this.#known ??= namesakesAmong(this.#names);
    return this.#known[namesake];
  }
}

function namesakesAmong(names: readonly string[]): Readonly<Record<Namesake, boolean>> {
  const has = (...wanted: string[]): boolean => wanted.every((name) => names.includes(name));
  const named = (metric: CanonicalMetric): string[] => names.filter((name) => canonicalMetricOf(name, unitFromName(name)) === metric);
  const rates = named('output_token_throughput');
  const bare = rates.filter((name) => isBareRate(name, 'tok/s')).length;
  return {
    rate: bare < rates.length || has('total_num_tokens', 'elapsed_time') || has('n_prompt', 'n_gen'),
    gap: names.some((name) => name.endsWith('request_output_throughput_token_per_s')),
    perToken: bare > 0 && bare < rates.length && named('inter_token_latency').length > 0,
    peak: names.filter(isPeakOfMemory).length > 1,
  };
}

function isPeakOfMemory(name: string): boolean {
  const unit = unitFromName(name);
  return unit !== null && /^(?:bytes|[KMGT]i?B)$/.test(unit) && wordsOf(name).includes('peak');
}

/** Texts that say that a record is of another phase than generation: `pp512`, `pp512+tg128`, `prefill`, `load`; or of all. */
const OTHER_PHASE = /^(?:pp(?:[ _-]?\d.*)?|prefill(?:ing)?|prompt(?:[ _-](?:eval|evaluation|processing))?|input|load|ttft|total|overall)$/i;
const PHASE_CHARS = 40;

/** Whether a record's own words say that a bare rate in it is not that of generation. */
export function isOfOtherPhase(texts: Iterable<string>): boolean {
  for (const text of texts) if (text.length <= PHASE_CHARS && OTHER_PHASE.test(text.trim())) return true;
  return false;
}

/** Words of headings and keys under which a bare rate is one of the prompt. */
const PROMPT_PHASE = /\b(?:prefill(?:ing)?|pp\d{0,9}|prompt (?:processing|eval|evaluation))\b/;

/** … but not where they name a feature of the server, or its pipeline beside its tensors: `chunked prefill`, `TP=2, PP=2`. */
const NO_PHASE = /\b(?:chunked|disaggregated) prefill\b|\btp ?\d{0,3} pp ?\d{0,3}\b/g;

/** … and no one of inference: not of a model whose quantization is aware of training. */
const OF_TRAINING = '(?:train(?:ing)?|pretraining|fine ?tun(?:e|ing)|sft|embeddings?|tokeniz(?:er|ation)|rerank(?:er|ing))';
const OTHER_WORK = new RegExp(
  `^${OF_TRAINING}$|\\b${OF_TRAINING} (?:throughput|speed|performance|rate|results?|benchmarks?|metrics|stats|statistics|summary|steps?|runs?)\\b`,
);

/** Whether a heading, or a key, says that bare rates below it are not those of generation: `Prefill throughput`, `pp512`, `training`. */
export function headsOtherPhase(text: string): boolean {
  const words = wordsOf(text).join(' ').replace(NO_PHASE, ' ');
  return PROMPT_PHASE.test(words) || OTHER_WORK.test(words);
}
