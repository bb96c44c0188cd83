import type { Content } from '../content.ts';
import { ab } from './ab.ts';
import { aiperf } from './aiperf.ts';
import { asv } from './asv.ts';
import { autocannon } from './autocannon.ts';
import { benchmarkDotNet } from './benchmarkdotnet.ts';
import { benchstat } from './benchstat.ts';
import { bmf } from './bmf.ts';
import { chimeraCampaign } from './campaign.ts';
import { criterion } from './criterion.ts';
import { dcgm } from './dcgm.ts';
import type { Format } from './format.ts';
import { genaiPerf } from './genai-perf.ts';
import { genericJson } from './generic-json.ts';
import { genericTable } from './generic-table.ts';
import { githubActionBenchmark } from './github-action-benchmark.ts';
import { goBench } from './go-bench.ts';
import { goTestJson } from './go-test-json.ts';
import { googleBenchmark } from './google-benchmark.ts';
import { guidellm } from './guidellm.ts';
import { helm } from './helm.ts';
import { hyperfine } from './hyperfine.ts';
import { inferenceBenchmarker } from './inference-benchmarker.ts';
import { inferencex } from './inferencex.ts';
import { inspectLog } from './inspect-log.ts';
import { jmh } from './jmh.ts';
import { k6 } from './k6.ts';
import { k6Console } from './k6-console.ts';
import { lighteval } from './lighteval.ts';
import { llamaBatchedBench } from './llama-batched-bench.ts';
import { llamaBench } from './llama-bench.ts';
import { llamaBenchy } from './llama-benchy.ts';
import { llmperf } from './llmperf.ts';
import { lmEval } from './lm-eval.ts';
import { localscore } from './localscore.ts';
import { locust } from './locust.ts';
import { mlperf } from './mlperf.ts';
import { nvidiaSmi } from './nvidia-smi.ts';
import { nvidiaSmiDmon } from './nvidia-smi-dmon.ts';
import { oha } from './oha.ts';
import { ollamaApi } from './ollama-api.ts';
import { ollamaBench } from './ollama-bench.ts';
import { ollamaRunVerbose } from './ollama-run-verbose.ts';
import { optimumBenchmark } from './optimum-benchmark.ts';
import { plainText } from './plain-text.ts';
import { chromeTrace, har } from './profiles.ts';
import { pytestBenchmark } from './pytest-benchmark.ts';
import { sglang } from './sglang.ts';
import { vegeta } from './vegeta.ts';
import { vitestBench } from './vitest-bench.ts';
import { vllmLatency } from './vllm-latency.ts';
import { vllmOfflineConsole } from './vllm-offline-console.ts';
import { vllmServe } from './vllm-serve.ts';
import { vllmServeConsole } from './vllm-serve-console.ts';
import { vllmSweep } from './vllm-sweep.ts';
import { vllmThroughput } from './vllm-throughput.ts';
import { wrk } from './wrk.ts';

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
  vllmThroughput,
  vllmLatency,
  vllmOfflineConsole,
  llamaBench,
  llamaBatchedBench,
  llamaBenchy,
  ollamaApi,
  ollamaBench,
  ollamaRunVerbose,
  llmperf,
  optimumBenchmark,
  lmEval,
  lighteval,
  helm,
  inspectLog,
  localscore,
  inferenceBenchmarker,
  mlperf,
  hyperfine,
  googleBenchmark,
  pytestBenchmark,
  jmh,
  benchmarkDotNet,
  vitestBench,
  criterion,
  goBench,
  goTestJson,
  vegeta,
  autocannon,
  oha,
  k6,
  k6Console,
  locust,
  wrk,
  ab,
  asv,
  benchstat,
  bmf,
  githubActionBenchmark,
  dcgm,
  nvidiaSmi,
  nvidiaSmiDmon,
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

/** Formats of texts that another one reads too: by what is read, who reads it. */
const READ_BY: Readonly<Record<string, string>> = { 'llama-batched-bench': 'llama-bench', 'go-bench': 'ollama-bench' };

/**
 * @param reader the format that a text was read as
 * @returns names of other tools whose output stands in it too, which nobody reads: a text has one format
 */
export function othersIn(content: Content, reader: Format): string[] {
  if (content.shape !== 'text' || !KNOWN_FORMATS.includes(reader)) return [];
  return KNOWN_FORMATS.filter((format) => format !== reader && READ_BY[format.name] !== reader.name && format.detect(content)).map(
    ({ name }) => name,
  );
}
