/** Repeats that scatter by half a percent around a value, always in the same way. */
const SCATTER = [0.3, -0.5, 0.1, 0.45, -0.2, 0, -0.4, 0.25];

/** So many repeats around a value. */
export function repeats(middle: number, n: number, shift = 0): number[] {
  return Array.from({ length: n }, (_, i) => middle * (1 + (SCATTER[(i + shift) % SCATTER.length] ?? 0) / 100));
}

/** The median of a few numbers, as it is taught. */
export function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (i: number) => sorted[i] ?? Number.NaN;
  return sorted.length % 2 === 1 ? at((sorted.length - 1) / 2) : (at(sorted.length / 2 - 1) + at(sorted.length / 2)) / 2;
}

/** A table of our own: one row for each repeat. */
export function csvRuns(throughputs: readonly number[], model = 'tiny:1b'): string {
  const rows = throughputs.map((value, i) => `${model},4096,${value.toFixed(3)},${(0.2 + (i % 3) / 1000).toFixed(3)}`);
  return `${['model,num_ctx,tokens_per_second,ttft_s', ...rows].join('\n')}\n`;
}

/** The result file of one `vllm bench serve` run, as recent versions write it. */
export function vllmRun(throughput: number, run: number, more: Readonly<Record<string, unknown>> = {}): string {
  const latency = 800 / throughput;
  return JSON.stringify({
    date: `202601${String(10 + run)}-12000${run}`,
    endpoint_type: 'openai',
    backend: 'vllm',
    label: null,
    model_id: 'acme/tiny-1b',
    tokenizer_id: 'acme/tiny-1b',
    num_prompts: 100,
    request_rate: 'inf',
    burstiness: 1,
    max_concurrency: 8,
    duration: 12_800 / throughput,
    completed: 100,
    failed: 0,
    total_input_tokens: 51_200,
    total_output_tokens: 12_800,
    request_throughput: throughput / 128,
    output_throughput: throughput,
    total_token_throughput: throughput * 5,
    mean_ttft_ms: 26 + (run % 3) / 10,
    median_ttft_ms: 25 + (run % 3) / 10,
    std_ttft_ms: 3,
    p99_ttft_ms: 81.25,
    mean_tpot_ms: latency * 1.01,
    median_tpot_ms: latency,
    std_tpot_ms: 1,
    p99_tpot_ms: latency * 1.5,
    mean_itl_ms: latency * 1.02,
    median_itl_ms: latency,
    std_itl_ms: 1,
    p99_itl_ms: latency * 1.6,
    ...more,
  });
}

/** One generation test of llama-bench in JSON, with its repetitions. */
export function llamaBench(samples: readonly number[], commit: string): string {
  const mean = samples.reduce((a, b) => a + b, 0) / samples.length;
  const tokens = 128;
  return JSON.stringify([
    {
      build_commit: commit,
      build_number: 6_000,
      cpu_info: 'Some CPU',
      gpu_info: 'Some GPU',
      backends: 'CUDA',
      model_filename: 'models/tiny-1b-q4_k_m.gguf',
      model_type: 'llama 1B Q4_K - Medium',
      model_size: 799_862_912,
      model_n_params: 1_235_814_432,
      n_batch: 2_048,
      n_ubatch: 512,
      n_threads: 8,
      n_gpu_layers: 99,
      n_prompt: 0,
      n_gen: tokens,
      n_depth: 0,
      test_time: '2026-01-10T12:00:00Z',
      avg_ns: Math.round((tokens / mean) * 1e9),
      stddev_ns: 1_000_000,
      avg_ts: mean,
      stddev_ts: 0.3,
      samples_ns: samples.map((value) => Math.round((tokens / value) * 1e9)),
      samples_ts: samples,
    },
  ]);
}

/** Files of eight runs each: `run-1.json`, `run-2.json`, … */
export function runFiles(texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(texts.map((text, i) => [`run-${i + 1}.json`, text]));
}
