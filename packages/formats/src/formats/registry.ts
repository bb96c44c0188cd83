import type { Content } from '../content.ts';
import { aiperf } from './aiperf.ts';
import { chimeraCampaign } from './campaign.ts';
import type { Format } from './format.ts';
import { genaiPerf } from './genai-perf.ts';
import { genericJson } from './generic-json.ts';
import { genericTable } from './generic-table.ts';
import { guidellm } from './guidellm.ts';
import { hyperfine } from './hyperfine.ts';
import { inferencex } from './inferencex.ts';
import { llamaBench } from './llama-bench.ts';
import { llmperf } from './llmperf.ts';
import { nvidiaSmi } from './nvidia-smi.ts';
import { ollamaApi } from './ollama-api.ts';
import { ollamaBench } from './ollama-bench.ts';
import { ollamaRunVerbose } from './ollama-run-verbose.ts';
import { plainText } from './plain-text.ts';
import { chromeTrace, har } from './profiles.ts';
import { sglang } from './sglang.ts';
import { vllmServe } from './vllm-serve.ts';
import { vllmServeConsole } from './vllm-serve-console.ts';
import { vllmSweep } from './vllm-sweep.ts';

/** In the order in which they are tried: the most specific first. */
export const KNOWN_FORMATS: readonly Format[] = [
  chromeTrace,
  har,
  chimeraCampaign,
  aiperf,
  genaiPerf,
  guidellm,
  vllmServe,
  sglang,
  inferencex,
  vllmSweep,
  vllmServeConsole,
  llamaBench,
  ollamaApi,
  ollamaBench,
  ollamaRunVerbose,
  llmperf,
  hyperfine,
  nvidiaSmi,
];

/** What takes everything else. The last takes everything. */
export const GENERIC_FORMATS: readonly Format[] = [genericJson, genericTable, plainText];

/** The format that reads a content. */
export function formatOf(content: Content): Format {
  return knownFormatOf(content) ?? GENERIC_FORMATS.find((format) => format.detect(content)) ?? plainText;
}

/** Whether a format that is none of the generic ones knows the content. */
export function isKnown(content: Content): boolean {
  return knownFormatOf(content) !== undefined;
}

function knownFormatOf(content: Content): Format | undefined {
  return KNOWN_FORMATS.find((format) => format.detect(content));
}
