import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isCanonical, type Reading } from '@chimera/shared/domain';
import { describe, expect, it } from 'vitest';
import { readArtifact } from './read-artifact.ts';

const ROOT = fileURLToPath(new URL('../../../../shared/data/formats/', import.meta.url));
const here = existsSync(ROOT);

type Read = Extract<Reading, { status: 'read' }>;

/** Metric (`own`: none of the registry), statistic, value, unit, pointer. */
type Row = readonly [metric: string, statistic: string, value: number, unit: string | null, pointer: string];
type Expected = {
  format: string;
  /** taken from the raw file, by eye or with another program */
  values: readonly Row[];
  /** of the first of them */
  labels?: Readonly<Record<string, string>>;
  /** n and over of the first of them */
  of?: { n?: number | null; over?: string };
};

const VLLM_8B = 'google/gemma-4-31B-it';
const SERVE_CONSOLE = 'vllm-serve-console/3-gemma4-short-rate16-console.log';
const TELEMETRY = '/telemetry_data/endpoints/localhost:9400/gpus/gpu_0/metrics';
const GUIDE = '/benchmarks/0/metrics';

const KNOWN: Readonly<Record<string, Expected>> = {
  'vllm-serve/7-gemma4-31b-long-rate1-saturated.json': {
    format: 'vllm-serve',
    values: [
      ['time_to_first_token', 'mean', 781818.3848674409, 'ms', '/mean_ttft_ms'],
      ['time_to_first_token', 'p99', 1583345.6830200495, 'ms', '/p99_ttft_ms'],
      ['time_to_first_token', 'stddev', 462283.61462309107, 'ms', '/std_ttft_ms'],
      ['time_per_output_token', 'median', 129.2893726926927, 'ms', '/median_tpot_ms'],
      ['inter_token_latency', 'median', 51.557971999500296, 'ms', '/median_itl_ms'],
      ['output_token_throughput', 'value', 380.661849674826, 'tok/s', '/output_throughput'],
      ['total_token_throughput', 'value', 3425.956647073434, 'tok/s', '/total_token_throughput'],
      ['request_throughput', 'value', 0.380661849674826, 'req/s', '/request_throughput'],
      ['duration', 'value', 2627.0034700200013, 's', '/duration'],
      ['own', 'max', 1040, 'tok/s', '/max_output_tokens_per_s'],
    ],
    labels: { model: VLLM_8B, backend: 'openai', request_rate: '1', num_prompts: '1000', saturated: 'yes' },
    of: { n: 1000, over: 'requests' },
  },
  'vllm-serve/8-gemma4-31b-short-rate1.json': {
    format: 'vllm-serve',
    values: [
      ['time_to_first_token', 'median', 248.60834400033127, 'ms', '/median_ttft_ms'],
      ['time_per_output_token', 'mean', 33.8927913711961, 'ms', '/mean_tpot_ms'],
      ['inter_token_latency', 'p99', 193.6247849998881, 'ms', '/p99_itl_ms'],
      ['output_token_throughput', 'value', 254.21746912533607, 'tok/s', '/output_throughput'],
      ['request_throughput', 'value', 0.993036988770844, 'req/s', '/request_throughput'],
      ['own', 'value', 256000, 'tokens', '/total_output_tokens'],
    ],
    labels: { model: VLLM_8B, request_rate: '1', num_prompts: '1000' },
    of: { n: 1000, over: 'requests' },
  },
  'vllm-serve/9-gemma4-31b-short-rate16.json': {
    format: 'vllm-serve',
    values: [
      ['time_to_first_token', 'p99', 273403.4740545701, 'ms', '/p99_ttft_ms'],
      ['time_per_output_token', 'stddev', 12.330719763708014, 'ms', '/std_tpot_ms'],
      ['inter_token_latency', 'median', 61.61296950040196, 'ms', '/median_itl_ms'],
      ['total_token_throughput', 'value', 3700.6756097063126, 'tok/s', '/total_token_throughput'],
      ['duration', 'value', 345.8827887110001, 's', '/duration'],
    ],
    labels: { request_rate: '16', saturated: 'yes' },
  },
  'vllm-serve/10-gemma4-31b-short-rateinf.json': {
    format: 'vllm-serve',
    values: [
      ['time_to_first_token', 'mean', 164146.087819183, 'ms', '/mean_ttft_ms'],
      ['time_per_output_token', 'p99', 125.59385481772325, 'ms', '/p99_tpot_ms'],
      ['inter_token_latency', 'mean', 112.27675597625694, 'ms', '/mean_itl_ms'],
      ['request_throughput', 'value', 2.8804721383854504, 'req/s', '/request_throughput'],
      ['output_token_throughput', 'value', 737.4008674266753, 'tok/s', '/output_throughput'],
    ],
    labels: { request_rate: 'inf', model: VLLM_8B },
  },
  [SERVE_CONSOLE]: {
    format: 'vllm-serve-console',
    values: [
      ['time_to_first_token', 'mean', 131942.64, 'ms', 'line 25'],
      ['time_to_first_token', 'p99', 273403.47, 'ms', 'line 27'],
      ['time_per_output_token', 'median', 114.7, 'ms', 'line 30'],
      ['inter_token_latency', 'median', 61.61, 'ms', 'line 34'],
      ['duration', 'value', 345.88, 's', 'line 16'],
      ['request_throughput', 'value', 2.89, 'req/s', 'line 19'],
      ['output_token_throughput', 'value', 740.14, 'tok/s', 'line 20'],
      ['own', 'max', 1530, 'tok/s', 'line 21'],
      ['total_token_throughput', 'value', 3700.68, 'tok/s', 'line 23'],
    ],
    labels: { request_rate: '16', saturated: 'yes' },
    of: { n: 1000, over: 'requests' },
  },
  'inferencex/1-minimax_m25_vllm_isl4096_conc48.json': {
    format: 'inferencex',
    values: [
      ['time_to_first_token', 'median', 3.4349140468984842, 's', '/median_ttft'],
      ['time_to_first_token', 'p99', 6.099563915524632, 's', '/p99_ttft'],
      ['request_latency', 'median', 6.731321745552123, 's', '/median_e2el'],
      ['time_per_output_token', 'p99', 0.06233178152358086, 's', '/p99_tpot'],
      ['output_token_throughput', 'value', 851.0877327336782, 'tok/s', '/output_throughput'],
      ['request_throughput', 'value', 6.649122911981861, 'req/s', '/request_throughput'],
      ['duration', 'value', 72.18997247517109, 's', '/duration'],
    ],
    labels: { model: 'MiniMaxAI/MiniMax-M2.5', concurrency: '48' },
    of: { n: 480, over: 'requests' },
  },
  'inferencex/2-minimax_m25_vllm_isl4096_conc8.json': {
    format: 'inferencex',
    values: [
      ['time_to_first_token', 'median', 0.7127655250951648, 's', '/median_ttft'],
      ['request_latency', 'p99', 3.3832553698681296, 's', '/p99_e2el'],
      ['time_per_output_token', 'median', 0.015842040692727398, 's', '/median_tpot'],
      ['output_token_throughput', 'value', 363.9399688260429, 'tok/s', '/output_throughput'],
    ],
    labels: { concurrency: '8' },
    of: { n: 80, over: 'requests' },
  },
  'inferencex/3-glm5_fp8_isl1024_conc8.json': {
    format: 'inferencex',
    values: [
      ['time_to_first_token', 'p99', 0.5684439154714345, 's', '/p99_ttft'],
      ['request_latency', 'median', 3.459710185416043, 's', '/median_e2el'],
      ['time_per_output_token', 'median', 0.024733149263215813, 's', '/median_tpot'],
      ['request_throughput', 'value', 2.29768130906055, 'req/s', '/request_throughput'],
    ],
    labels: { model: 'zai-org/GLM-5-FP8', concurrency: '8' },
  },
  'llama-bench/3-jsonl-gpt-oss-20b.default-hip.jsonl': {
    format: 'llama-bench',
    values: [
      ['prompt_token_throughput', 'mean', 1472.012844, 'tok/s', 'line 1 /avg_ts'],
      ['output_token_throughput', 'mean', 49.924186, 'tok/s', 'line 2 /avg_ts'],
      ['prompt_token_throughput', 'mean', 277.577995, 'tok/s', 'line 9 /avg_ts'],
      ['output_token_throughput', 'mean', 34.758679, 'tok/s', 'line 10 /avg_ts'],
      ['prompt_token_throughput', 'value', 277.578, 'tok/s', 'line 9 /samples_ts/0'],
      ['output_token_throughput', 'value', 49.2698, 'tok/s', 'line 4 /samples_ts/0'],
      ['own', 'mean', 2563887565, 'ns', 'line 2 /avg_ns'],
      ['own', 'value', 717183120, 'ns', 'line 7 /samples_ns/0'],
    ],
    labels: {
      prompt_length: '512',
      engine_commit: '1c1409e1',
      backend: 'ROCm',
      num_gpu: '99',
      threads: '16',
      gpu: 'Radeon 8060S Graphics',
    },
    of: { n: 1, over: 'repetitions' },
  },
  'llama-bench/4-jsonl-gpt-oss-20b.lhl-tune-tile.jsonl': {
    format: 'llama-bench',
    values: [
      ['prompt_token_throughput', 'mean', 426.808901, 'tok/s', 'line 9 /avg_ts'],
      ['output_token_throughput', 'mean', 34.767443, 'tok/s', 'line 10 /avg_ts'],
      ['prompt_token_throughput', 'value', 1495.97, 'tok/s', 'line 1 /samples_ts/0'],
      ['own', 'mean', 2564927663, 'ns', 'line 2 /avg_ns'],
    ],
    labels: { depth: '65536', prompt_length: '512', batch: '2048', ubatch: '512' },
  },
  'llama-bench/5-jsonl-llama32-1b-single-row.jsonl': {
    format: 'llama-bench',
    values: [
      ['output_token_throughput', 'mean', 192.744119, 'tok/s', 'line 1 /avg_ts'],
      ['output_token_throughput', 'value', 192.744, 'tok/s', 'line 1 /samples_ts/0'],
      ['own', 'mean', 664092895, 'ns', 'line 1 /avg_ns'],
    ],
    labels: { output_length: '128', backend: 'ROCm' },
  },
  'llama-bench/17-readme-2025-native.csv': {
    format: 'llama-bench',
    values: [
      ['prompt_token_throughput', 'mean', 7285.676949, 'tok/s', 'line 2 column avg_ts'],
      ['prompt_token_throughput', 'stddev', 100.064434, 'tok/s', 'line 2 column stddev_ts'],
      ['output_token_throughput', 'mean', 119.915244, 'tok/s', 'line 3 column avg_ts'],
      ['output_token_throughput', 'stddev', 0.430617, 'tok/s', 'line 3 column stddev_ts'],
      ['own', 'mean', 70285660, 'ns', 'line 2 column avg_ns'],
    ],
    labels: { gpu: 'NVIDIA GeForce RTX 4080', backend: 'CUDA', prompt_length: '512', engine_commit: '8cf427ff', kv_cache: 'f16' },
  },
  'aiperf/1-qwen_c1_profile_export_aiperf.json': {
    format: 'aiperf',
    values: [
      ['time_to_first_token', 'mean', 30.814987671875, 'ms', '/time_to_first_token/avg'],
      ['time_to_first_token', 'p99', 34.344268879999994, 'ms', '/time_to_first_token/p99'],
      ['request_latency', 'median', 3644.0809205, 'ms', '/request_latency/p50'],
      ['time_per_output_token', 'mean', 18.19909533160138, 'ms', '/inter_token_latency/avg'],
      ['inter_token_latency', 'mean', 18.197640450062813, 'ms', '/inter_chunk_latency/avg'],
      ['inter_token_latency', 'stddev', 0.8351507299414958, 'ms', '/inter_chunk_latency/std'],
      ['output_token_throughput', 'value', 50.08213863971112, 'tok/s', '/output_token_throughput/avg'],
      ['output_token_throughput_per_user', 'mean', 54.96763210350922, 'tok/s', '/output_token_throughput_per_user/avg'],
      ['request_throughput', 'value', 0.2504302580624667, 'req/s', '/request_throughput/avg'],
      ['duration', 'value', 255.56017270100003, 's', '/benchmark_duration/avg'],
      ['power', 'mean', 129.8854497206704, 'W', `${TELEMETRY}/gpu_power_usage/avg`],
      ['gpu_utilization', 'median', 94, '%', `${TELEMETRY}/gpu_utilization/p50`],
      ['own', 'max', 49.661607936, 'GB', `${TELEMETRY}/gpu_memory_used/max`],
    ],
    labels: { model: 'Qwen/Qwen3-0.6B', concurrency: '1' },
    of: { n: 64, over: 'requests' },
  },
  'aiperf/2-qwen_c2_profile_export_aiperf.json': {
    format: 'aiperf',
    values: [
      ['time_to_first_token', 'mean', 36.455307999999995, 'ms', '/time_to_first_token/avg'],
      ['request_latency', 'median', 3721.5073614999997, 'ms', '/request_latency/p50'],
      ['time_per_output_token', 'mean', 18.65274615971627, 'ms', '/inter_token_latency/avg'],
      ['inter_token_latency', 'mean', 18.64970983629083, 'ms', '/inter_chunk_latency/avg'],
      ['output_token_throughput', 'value', 100.6512156752534, 'tok/s', '/output_token_throughput/avg'],
    ],
    labels: { model: 'Qwen/Qwen3-0.6B', concurrency: '2' },
  },
  'aiperf/3-qwen_c4_profile_export_aiperf.json': {
    format: 'aiperf',
    values: [
      ['time_to_first_token', 'p99', 70.73280420999998, 'ms', '/time_to_first_token/p99'],
      ['time_per_output_token', 'mean', 18.562410928917846, 'ms', '/inter_token_latency/avg'],
      ['output_token_throughput_per_user', 'mean', 53.885371766697574, 'tok/s', '/output_token_throughput_per_user/avg'],
      ['request_throughput', 'value', 0.9726808041949375, 'req/s', '/request_throughput/avg'],
      ['duration', 'value', 65.797535763, 's', '/benchmark_duration/avg'],
    ],
    labels: { concurrency: '4' },
  },
  'aiperf/4-qwen_c1_profile_export.jsonl': {
    format: 'aiperf',
    values: [
      ['time_to_first_token', 'value', 31.742933999999998, 'ms', 'line 1 /metrics/time_to_first_token/value'],
      ['request_latency', 'value', 3644.2601019999997, 'ms', 'line 1 /metrics/request_latency/value'],
      ['time_per_output_token', 'value', 18.153352603015076, 'ms', 'line 1 /metrics/inter_token_latency/value'],
      ['inter_token_latency', 'value', 17.868007, 'ms', 'line 1 /metrics/inter_chunk_latency/value/0'],
      ['inter_token_latency', 'value', 18.924284, 'ms', 'line 10 /metrics/inter_chunk_latency/value/198'],
      ['output_token_throughput_per_user', 'value', 54.99385926960652, 'tok/s', 'line 10 /metrics/output_token_throughput_per_user/value'],
      ['own', 'value', 17.868007, 'ms', 'line 1 /metrics/time_to_second_token/value'],
    ],
    of: { over: 'requests' },
  },
  'aiperf/5-qwen_c1_gpu_telemetry_export.jsonl': {
    format: 'aiperf',
    values: [
      ['power', 'value', 30.257, 'W', 'line 1 /telemetry_data/gpu_power_usage'],
      ['power', 'value', 120.144, 'W', 'line 20 /telemetry_data/gpu_power_usage'],
      ['gpu_utilization', 'value', 93, '%', 'line 20 /telemetry_data/gpu_utilization'],
      // A counter since the driver was loaded: what a run consumed is the difference of two.
      ['own', 'value', 32.62748095, 'MJ', 'line 1 /telemetry_data/energy_consumption'],
      ['own', 'value', 49.659510784000005, 'GB', 'line 1 /telemetry_data/gpu_memory_used'],
      ['own', 'value', 210, 'MHz', 'line 1 /telemetry_data/sm_clock_frequency'],
    ],
    labels: { gpu: 'NVIDIA RTX 6000 Ada Generation' },
    of: { over: 'samples' },
  },
  'genai-perf/1-expected-streaming.csv': {
    format: 'genai-perf',
    values: [
      ['time_to_first_token', 'mean', 8, 'ms', 'line 2 column avg'],
      ['time_to_first_token', 'p99', 8.98, 'ms', 'line 2 column p99'],
      ['request_latency', 'median', 5, 'ms', 'line 4 column p50'],
      ['time_per_output_token', 'mean', 11, 'ms', 'line 5 column avg'],
      ['output_token_throughput_per_user', 'min', 4, 'tok/s', 'line 6 column min'],
      ['output_token_throughput', 'value', 456, 'tok/s', 'line 11 column Value'],
      ['request_throughput', 'value', 123, 'req/s', 'line 12 column Value'],
      ['own', 'value', 3, 'count', 'line 13 column Value'],
    ],
  },
  'ollama-api/1-generate-final.json': {
    format: 'ollama-api',
    values: [
      ['load_duration', 'value', 6338219291, 'ns', '/load_duration'],
      ['prompt_eval_duration', 'value', 130079000, 'ns', '/prompt_eval_duration'],
      ['eval_duration', 'value', 4232710000, 'ns', '/eval_duration'],
      ['request_latency', 'value', 10706818083, 'ns', '/total_duration'],
      // eval_count and prompt_eval_count over their durations, computed exactly with another program.
      ['output_token_throughput', 'value', 61.19011224487385, 'tok/s', '/eval_count ÷ /eval_duration'],
      ['prompt_token_throughput', 'value', 199.87853535159402, 'tok/s', '/prompt_eval_count ÷ /prompt_eval_duration'],
    ],
    labels: { model: 'llama3.2' },
  },
  'ollama-api/2-generate-final.json': {
    format: 'ollama-api',
    values: [
      ['load_duration', 'value', 5025959, 'ns', '/load_duration'],
      ['prompt_eval_duration', 'value', 325953000, 'ns', '/prompt_eval_duration'],
      ['eval_duration', 'value', 4709213000, 'ns', '/eval_duration'],
      ['request_latency', 'value', 5043500667, 'ns', '/total_duration'],
      // eval_count and prompt_eval_count over their durations, computed exactly with another program.
      ['output_token_throughput', 'value', 61.58141498377754, 'tok/s', '/eval_count ÷ /eval_duration'],
      ['prompt_token_throughput', 'value', 79.7661012477259, 'tok/s', '/prompt_eval_count ÷ /prompt_eval_duration'],
    ],
    labels: { model: 'llama3.2' },
  },
  'ollama-api/3-generate-final.json': {
    format: 'ollama-api',
    values: [
      ['load_duration', 'value', 567678166, 'ns', '/load_duration'],
      ['prompt_eval_duration', 'value', 236000000, 'ns', '/prompt_eval_duration'],
      ['eval_duration', 'value', 269000000, 'ns', '/eval_duration'],
      ['request_latency', 'value', 1075509083, 'ns', '/total_duration'],
      // eval_count and prompt_eval_count over their durations, computed exactly with another program.
      ['output_token_throughput', 'value', 59.479553903345725, 'tok/s', '/eval_count ÷ /eval_duration'],
      ['prompt_token_throughput', 'value', 118.64406779661017, 'tok/s', '/prompt_eval_count ÷ /prompt_eval_duration'],
    ],
    labels: { model: 'llama3.1:8b' },
  },
  'ollama-run-verbose/1-pr12742-before-bug.txt': {
    format: 'ollama-run-verbose',
    values: [
      ['request_latency', 'value', 31.273112939, 's', 'line 1'],
      ['load_duration', 'value', 4.97054657, 's', 'line 2'],
      ['prompt_eval_duration', 'value', 235.137439, 'ms', 'line 4'],
      ['eval_duration', 'value', 18.173182374, 's', 'line 7'],
      ['output_token_throughput', 'value', 103.06, 'tok/s', 'line 8'],
      ['prompt_token_throughput', 'value', 139356.8, 'tok/s', 'line 5'],
    ],
  },
  'ollama-run-verbose/2-pr12742-after-fix.txt': {
    format: 'ollama-run-verbose',
    values: [
      ['request_latency', 'value', 30.024798033, 's', 'line 1'],
      ['load_duration', 'value', 4.758588663, 's', 'line 2'],
      ['prompt_eval_duration', 'value', 7.779621548, 's', 'line 4'],
      ['prompt_token_throughput', 'value', 4212.03, 'tok/s', 'line 5'],
      ['output_token_throughput', 'value', 103.16, 'tok/s', 'line 8'],
    ],
  },
  'ollama-run-verbose/3-nanobot4867-mistral.txt': {
    format: 'ollama-run-verbose',
    values: [
      ['request_latency', 'value', 12.979596599, 's', 'line 1'],
      ['load_duration', 'value', 12.265908188, 's', 'line 2'],
      ['prompt_eval_duration', 'value', 227.981, 'ms', 'line 4'],
      ['prompt_token_throughput', 'value', 43.86, 'tok/s', 'line 5'],
      ['eval_duration', 'value', 458.981, 'ms', 'line 7'],
      ['output_token_throughput', 'value', 28.32, 'tok/s', 'line 8'],
    ],
    labels: { start: 'cold' },
  },
  'ollama-bench/1-readme.csv': {
    format: 'ollama-bench',
    values: [
      ['prompt_token_throughput', 'value', 12800, 'tok/s', 'line 3 column TOKEN_PER_SEC'],
      ['output_token_throughput', 'value', 51200, 'tok/s', 'line 4 column TOKEN_PER_SEC'],
      ['time_to_first_token', 'value', 45123000, 'ns', 'line 5 column NS_PER_COUNT'],
      ['load_duration', 'value', 1500000000, 'ns', 'line 6 column NS_PER_COUNT'],
      ['request_latency', 'value', 2861047625, 'ns', 'line 7 column NS_PER_COUNT'],
    ],
    labels: { model: 'gemma3', quantization: 'Q4_K_M', parameters: '4.3B' },
  },
  'ollama-bench/2-readme.benchstat.txt': {
    format: 'ollama-bench',
    values: [
      ['prompt_token_throughput', 'value', 12800, 'tok/s', 'line 2 column token/sec'],
      ['output_token_throughput', 'value', 51200, 'tok/s', 'line 3 column token/sec'],
      ['time_to_first_token', 'value', 45123000, 'ns', 'line 4 column ns/op'],
      ['load_duration', 'value', 1500000000, 'ns', 'line 5 column ns/op'],
      ['request_latency', 'value', 2861047625, 'ns', 'line 6 column ns/op'],
    ],
    labels: { model: 'gemma3', quantization: 'Q4_K_M', parameters: '4.3B' },
  },
  'guidellm/1-guidellm_report_v2.json': {
    format: 'guidellm',
    values: [
      ['time_to_first_token', 'mean', 11.481165885925293, 'ms', `${GUIDE}/time_to_first_token_ms/successful/mean`],
      ['time_to_first_token', 'p99', 11.686325073242188, 'ms', `${GUIDE}/time_to_first_token_ms/successful/percentiles/p99`],
      ['request_latency', 'median', 0.019269227981567383, 's', `${GUIDE}/request_latency/successful/median`],
      ['inter_token_latency', 'mean', 1.1508464813232422, 'ms', `${GUIDE}/inter_token_latency_ms/successful/mean`],
      // 19.8 ms of latency over 8 tokens: it includes the first one.
      ['own', 'mean', 2.4421364068984985, 'ms', `${GUIDE}/time_per_output_token_ms/successful/mean`],
      ['output_token_throughput', 'value', 3.1950675815128577, 'tok/s', `${GUIDE}/output_tokens_per_second/successful/mean`],
      ['total_token_throughput', 'value', 31.75098409128402, 'tok/s', `${GUIDE}/tokens_per_second/successful/mean`],
      ['request_throughput', 'value', 0.7940882013937378, 'req/s', '/benchmarks/1/metrics/requests_per_second/successful/mean'],
      ['request_latency', 'mean', 0.017633914947509766, 's', '/benchmarks/1/metrics/request_latency/successful/mean'],
    ],
    labels: { model: 'e2e-mock-model', request_rate: '2' },
    of: { n: 2, over: 'requests' },
  },
  'llmperf/1-leaderboard-summary-anyscale_7b.json': {
    format: 'llmperf',
    values: [
      ['time_to_first_token', 'mean', 0.22518338954666584, 's', '/results_ttft_s_mean'],
      ['time_to_first_token', 'p99', 0.4557511319600058, 's', '/results_ttft_s_quantiles_p99'],
      ['request_latency', 'median', 2.9510136124999917, 's', '/results_end_to_end_latency_s_quantiles_p50'],
      ['own', 'mean', 0.01887842475580952, 's', '/results_inter_token_latency_s_mean'],
      ['output_token_throughput', 'value', 198.25122608178637, 'tok/s', '/results_mean_output_throughput_token_per_s'],
      ['own', 'mean', 51.726368047692425, 'tok/s', '/results_request_output_throughput_token_per_s_mean'],
      ['error_rate', 'value', 0, 'ratio', '/results_error_rate'],
      ['request_throughput', 'value', 78.77879971460449, 'req/min', '/results_num_completed_requests_per_min'],
    ],
    labels: { model: 'meta-llama/Llama-2-7b-chat-hf', concurrency: '5', prompt_length: '550', output_length: '150' },
    of: { n: 150, over: 'requests' },
  },
  'llmperf/2-leaderboard-summary-groq_70b.json': {
    format: 'llmperf',
    values: [
      ['time_to_first_token', 'median', 0.2218883791938424, 's', '/results_ttft_s_quantiles_p50'],
      ['request_latency', 'p95', 0.9415189569815994, 's', '/results_end_to_end_latency_s_quantiles_p95'],
      ['own', 'mean', 0.005384122478382455, 's', '/results_inter_token_latency_s_mean'],
      ['output_token_throughput', 'value', 441.84737788500206, 'tok/s', '/results_mean_output_throughput_token_per_s'],
    ],
    labels: { model: 'llama2-70b-4096' },
  },
  'llmperf/3-leaderboard-summary-together_70b.json': {
    format: 'llmperf',
    values: [
      ['time_to_first_token', 'p99', 0.8708675934700044, 's', '/results_ttft_s_quantiles_p99'],
      ['request_latency', 'stddev', 0.2763359001652295, 's', '/results_end_to_end_latency_s_stddev'],
      ['output_token_throughput', 'value', 216.45553311958628, 'tok/s', '/results_mean_output_throughput_token_per_s'],
      ['request_throughput', 'value', 81.89078137274691, 'req/min', '/results_num_completed_requests_per_min'],
    ],
    labels: { model: 'together_ai/togethercomputer/llama-2-70b-chat' },
  },
  'llmperf/4-leaderboard-individual-groq_70b.json': {
    format: 'llmperf',
    values: [
      ['time_to_first_token', 'value', 0.297977801412344, 's', '/0/ttft_s'],
      ['time_to_first_token', 'value', 0.1801905520260334, 's', '/74/ttft_s'],
      ['request_latency', 'value', 0.7696949485689402, 's', '/149/end_to_end_latency_s'],
      ['own', 'value', 0.005879949368536472, 's', '/0/inter_token_latency_s'],
      ['own', 'value', 205.38179225389393, 'tok/s', '/74/request_output_throughput_token_per_s'],
    ],
    of: { over: 'requests' },
  },
  'hyperfine/1-1brc-hyperfine.json': {
    format: 'hyperfine',
    values: [
      ['execution_time', 'mean', 11.61481411152, 's', '/results/0/mean'],
      ['execution_time', 'stddev', 1.6447334482677183, 's', '/results/0/stddev'],
      ['execution_time', 'median', 12.04923320852, 's', '/results/1/median'],
      ['execution_time', 'min', 9.877873458520002, 's', '/results/0/min'],
      ['execution_time', 'max', 12.36225804252, 's', '/results/1/max'],
      ['execution_time', 'value', 10.25172425152, 's', '/results/1/times/2'],
      ['own', 'mean', 43.55566462666667, 's', '/results/0/user'],
      ['own', 'mean', 6.829955713333334, 's', '/results/1/system'],
    ],
    labels: { command: 'cargo run --release --bin 1brc measurements_1000000000.txt' },
    of: { n: 3, over: 'repetitions' },
  },
  'nvidia-smi/1-nvidia_smi.csv': {
    format: 'nvidia-smi',
    values: [
      ['power', 'value', 74.01, 'W', 'line 2 column power.draw'],
      ['power', 'value', 73.43, 'W', 'line 9 column power.draw'],
      ['own', 'value', 4, 'MiB', 'line 2 column memory.used'],
      ['own', 'value', 33, '°C', 'line 2 column temperature.gpu'],
      ['own', 'value', 35, '°C', 'line 44 column temperature.gpu'],
    ],
    of: { over: 'samples' },
  },
  'nvidia-smi/2-gpu_log_with_units.csv': {
    format: 'nvidia-smi',
    values: [
      ['gpu_utilization', 'value', 0, '%', 'line 2 column utilization.gpu [%]'],
      ['gpu_utilization', 'value', 18, '%', 'line 19 column utilization.gpu [%]'],
      ['own', 'value', 6, '%', 'line 19 column utilization.memory [%]'],
      ['own', 'value', 1094, 'MiB', 'line 19 column memory.used [MiB]'],
      ['own', 'value', 28, '°C', 'line 108 column temperature.gpu'],
    ],
    labels: { gpu: 'Tesla V100S-PCIE-32GB' },
    of: { over: 'samples' },
  },
  'llama-batched-bench/1-pr16894-table.md': {
    format: 'llama-batched-bench',
    values: [
      ['prompt_token_throughput', 'value', 1518.9, 'tok/s', 'line 5 column S_PP t/s'],
      ['prompt_eval_duration', 'value', 0.337, 's', 'line 5 column T_PP s'],
      ['output_token_throughput', 'value', 195.49, 'tok/s', 'line 10 column S_TG t/s'],
      ['total_token_throughput', 'value', 1454.95, 'tok/s', 'line 10 column S t/s'],
    ],
    labels: { prompt_length: '512', output_length: '32', concurrency: '1', num_ctx: '20480' },
    of: { n: null, over: 'runs' },
  },
  'llama-benchy/1-sample.json': {
    format: 'llama-benchy',
    values: [
      ['output_token_throughput', 'mean', 49.97785098352942, 'tok/s', '/benchmarks/0/tg_throughput/mean'],
      ['prompt_token_throughput', 'value', 986.0233386029112, 'tok/s', '/benchmarks/0/pp_throughput/values/0'],
      ['time_to_first_token', 'stddev', 2.2603957913815975, 'ms', '/benchmarks/0/e2e_ttft/std'],
      ['own', 'mean', 2074.769548450907, 'ms', '/benchmarks/0/est_ppt/mean'],
    ],
    labels: { concurrency: '1', prompt_length: '2048', output_length: '32' },
    of: { n: 2, over: 'repetitions' },
  },
  'lm-eval/1-pythia-bias-2023.json': {
    format: 'lm-eval',
    values: [
      ['accuracy', 'mean', 0.871, 'ratio', '/results/sciq/acc'],
      ['accuracy', 'stderr', 0.01277255409611312, 'ratio', '/results/sciq/acc_norm_stderr'],
      ['own', 'value', 0.5111111111111111, null, '/results/crows_pairs_french_age/pct_stereotype'],
    ],
    labels: { test: 'sciq', score: 'acc' },
  },
  'lm-eval/2-pythia-bloom-560m.json': {
    format: 'lm-eval',
    values: [['accuracy', 'mean', 0.24061433447098976, 'ratio', '/results/arc_challenge/acc_norm']],
    labels: { model: 'bigscience/bloom-560m', backend: 'hf-causal', num_fewshot: '0' },
  },
  'lm-eval/3-pythia-bloom-1b1.json': {
    format: 'lm-eval',
    values: [['accuracy', 'stderr', 0.0127669237941168, 'ratio', '/results/arc_challenge/acc_norm_stderr']],
    labels: { model: 'bigscience/bloom-1b1', batch: '8' },
  },
  'lm-eval/4-pythia-opt-1.3b.json': {
    format: 'lm-eval',
    values: [['accuracy', 'mean', 0.23122866894197952, 'ratio', '/results/arc_challenge/acc']],
    labels: { model: 'facebook/opt-1.3b', batch: '16' },
  },
  'lm-eval/5-v0.4_results_2026-01-21.json': {
    format: 'lm-eval',
    values: [
      ['accuracy', 'mean', 0.0004, 'ratio', '/results/math_rephrased_full/exact_match,none'],
      ['accuracy', 'stderr', 0.0002828144211304471, 'ratio', '/results/math_rephrased_full/exact_match_stderr,none'],
      ['duration', 'value', 2677.7320792819373, 's', '/total_evaluation_time_seconds'],
    ],
    labels: { test: 'math_rephrased_full', batch: '16', tool_version: '0.4.9.2' },
    of: { n: 5000, over: 'requests' },
  },
  'lm-eval/6-v0.4_samples_math_perturbed_full.jsonl': { format: 'lm-eval', values: [] },
  'helm/1-hellaswag-pythia-stats.json': {
    format: 'helm',
    values: [
      ['accuracy', 'mean', 0.3, 'ratio', '/16/mean'],
      ['own', 'mean', 14.876816749572754, 's', '/7/mean'],
    ],
    labels: { split: 'valid', score: 'exact_match' },
    of: { n: 1, over: 'runs' },
  },
  'inspect/1-data_arc_qwen.json': {
    format: 'inspect',
    values: [
      ['accuracy', 'mean', 0.3333333333333333, 'ratio', '/results/scores/0/metrics/accuracy/value'],
      ['accuracy', 'stderr', 0.33333333333333337, 'ratio', '/results/scores/0/metrics/stderr/value'],
    ],
    labels: { model: 'ollama/qwen2.5:0.5b', score: 'choice', limit: '3' },
    of: { n: 3, over: 'requests' },
  },
  'mlperf/1-llama2-70b-server_mlperf_log_summary.txt': {
    format: 'mlperf',
    values: [
      ['time_to_first_token', 'p99', 1914647645, 'ns', 'line 41'],
      ['request_throughput', 'value', 81.68, 'req/s', 'line 7'],
      ['output_token_throughput', 'value', 24593.77, 'tok/s', 'line 8'],
      ['time_per_output_token', 'median', 151044504, 'ns', 'line 47'],
    ],
    labels: { scenario: 'Server', request_rate: '83.5' },
    of: { n: null, over: 'requests' },
  },
  'mlperf/2-llama2-70b-offline_mlperf_log_summary.txt': {
    format: 'mlperf',
    values: [
      ['output_token_throughput', 'value', 27803.9, 'tok/s', 'line 8'],
      ['request_latency', 'max', 2666829394561, 'ns', 'line 18'],
    ],
    labels: { scenario: 'Offline' },
  },
  'mlperf/3-llama2-70b-interactive_mlperf_log_summary.txt': {
    format: 'mlperf',
    values: [['time_per_output_token', 'p99.9', 52485852, 'ns', 'line 52']],
    labels: { scenario: 'Server', request_rate: '29.5' },
  },
  'mlperf/4-llama2-70b-server_accuracy.txt': { format: 'mlperf', values: [['own', 'value', 44.4406, null, 'line 4 column rouge1']] },
  'mlperf/5-accuracy-mode_mlperf_log_summary.txt': { format: 'mlperf', values: [] },
  'pytest-benchmark/1-gab-pytest_output.json': {
    format: 'pytest-benchmark',
    values: [
      ['execution_time', 'mean', 2.408868133322941e-5, 's', '/benchmarks/0/stats/mean'],
      ['operation_throughput', 'value', 41513.272817492856, '1/s', '/benchmarks/0/stats/ops'],
    ],
    labels: { test: 'bench.py::test_fib_10', host: 'Corgi.local' },
    of: { n: 38523, over: 'repetitions' },
  },
  'pytest-benchmark/2-gab-pytest_several_units.json': {
    format: 'pytest-benchmark',
    values: [
      ['execution_time', 'mean', 1.4995610248628836e-7, 's', '/benchmarks/0/stats/mean'],
      ['operation_throughput', 'value', 6668618.238403659, '1/s', '/benchmarks/0/stats/ops'],
    ],
    labels: { test: 'bench.py::test_fib_1', host: 'Corgi.local' },
    of: { n: 68536, over: 'repetitions' },
  },
  'google-benchmark/1-test1_run1.json': {
    format: 'google-benchmark',
    values: [
      ['execution_time', 'value', 0.4, 's', '/benchmarks/13/real_time'],
      ['own', 'value', 0.5, 's', '/benchmarks/13/cpu_time'],
    ],
    labels: { test: 'BM_NotBadTimeUnit' },
    of: { n: null, over: 'repetitions' },
  },
  'google-benchmark/2-test1_run2.json': {
    format: 'google-benchmark',
    values: [
      ['execution_time', 'value', 0.04, 's', '/benchmarks/13/real_time'],
      ['own', 'value', 0.6, 's', '/benchmarks/13/cpu_time'],
    ],
    labels: { test: 'BM_NotBadTimeUnit' },
    of: { n: null, over: 'repetitions' },
  },
  'google-benchmark/4-test3_run0.json': {
    format: 'google-benchmark',
    values: [
      ['execution_time', 'value', 8, 'ns', '/benchmarks/5/real_time'],
      ['own', 'value', 80, 'ns', '/benchmarks/5/cpu_time'],
    ],
    labels: { test: 'medium' },
    of: { n: null, over: 'repetitions' },
  },
  'google-benchmark/5-gab-googlecpp_output.json': {
    format: 'google-benchmark',
    values: [
      ['execution_time', 'value', 27455.600415007055, 'ns', '/benchmarks/1/real_time'],
      ['own', 'value', 27364.90320427236, 'ns', '/benchmarks/1/cpu_time'],
    ],
    labels: { test: 'fib_20' },
    of: { n: null, over: 'repetitions' },
  },
  'jmh/2-bencher-six.json': {
    format: 'jmh',
    values: [
      ['operation_throughput', 'mean', 152520132.34402195, 'ops/s', '/0/primaryMetric/score'],
      ['operation_throughput', 'value', 152724143.15072593, 'ops/s', '/0/primaryMetric/rawData/0/1'],
      ['own', 'error', 3520320.778563123, 'ops/s', '/0/primaryMetric/scoreError'],
    ],
    labels: { test: 'com.github.caffeine.caffeine.cache.ComputeBenchmark.compute_sameKey', mode: 'thrpt', threads: '32' },
    of: { n: 3, over: 'repetitions' },
  },
  'jmh/3-bencher-latency.json': {
    format: 'jmh',
    values: [
      ['own', 'mean', 3376238873.1228185, 's/op', '/0/primaryMetric/score'],
      ['own', 'value', 3376519888.95058, 's/op', '/0/primaryMetric/rawData/0/1'],
      ['own', 'error', 14287985.743935993, 's/op', '/0/primaryMetric/scoreError'],
    ],
    labels: { test: 'org.openjdk.jmh.samples.JMHSample_01_HelloWorld.wellHelloThere', mode: 'thrpt', threads: '1' },
    of: { n: 3, over: 'repetitions' },
  },
  'jmh/4-bencher-throughput.json': {
    format: 'jmh',
    values: [
      ['operation_throughput', 'mean', 3376238873.1228185, 'ops/s', '/0/primaryMetric/score'],
      ['operation_throughput', 'value', 3376519888.95058, 'ops/s', '/0/primaryMetric/rawData/0/1'],
      ['own', 'error', 14287985.743935993, 'ops/s', '/0/primaryMetric/scoreError'],
    ],
    labels: { test: 'org.openjdk.jmh.samples.JMHSample_01_HelloWorld.wellHelloThere', mode: 'thrpt', threads: '1' },
    of: { n: 3, over: 'repetitions' },
  },
  'jmh/5-gab-jmh_output.json': {
    format: 'jmh',
    values: [
      ['operation_throughput', 'mean', 3376238873.1228185, 'ops/s', '/0/primaryMetric/score'],
      ['operation_throughput', 'value', 3376519888.95058, 'ops/s', '/0/primaryMetric/rawData/0/1'],
      ['own', 'error', 14287985.743935993, 'ops/s', '/0/primaryMetric/scoreError'],
    ],
    labels: { test: 'org.openjdk.jmh.samples.JMHSample_01_HelloWorld.wellHelloThere', mode: 'thrpt', threads: '1' },
    of: { n: 3, over: 'repetitions' },
  },
  'benchmarkdotnet/1-benchmarkdotnet.json': {
    format: 'benchmarkdotnet',
    values: [
      ['execution_time', 'mean', 51.52008151549559, 'ns', '/Benchmarks/1/Statistics/Mean'],
      ['execution_time', 'stddev', 0.7903737021529575, 'ns', '/Benchmarks/1/Statistics/StandardDeviation'],
    ],
    labels: { test: 'Sample.Benchmarks.Fib20' },
    of: { n: 13, over: 'repetitions' },
  },
  'benchmarkdotnet/2-bencher-two.json': {
    format: 'benchmarkdotnet',
    values: [
      ['execution_time', 'mean', 20360791.931687497, 'ns', '/Benchmarks/1/Statistics/Mean'],
      ['execution_time', 'stddev', 47980.732317777525, 'ns', '/Benchmarks/1/Statistics/StandardDeviation'],
    ],
    labels: { test: 'BenchmarkDotNet.Samples.Intro.IntroJsonExport.Sleep20' },
    of: { n: 20, over: 'repetitions' },
  },
  'vitest-bench/1-four.json': {
    format: 'vitest-bench',
    values: [
      ['execution_time', 'p99.9', 3.0, 'ms', '/files/0/groups/0/benchmarks/1/p999'],
      ['operation_throughput', 'value', 500.0, '1/s', '/files/0/groups/0/benchmarks/1/hz'],
    ],
    labels: { test: 'fib.bench.ts > fibonacci > fib(20)' },
    of: { n: 88, over: 'repetitions' },
  },
  'vitest-bench/2-two.json': {
    format: 'vitest-bench',
    values: [
      ['execution_time', 'p99.9', 3.0, 'ms', '/files/0/groups/0/benchmarks/1/p999'],
      ['operation_throughput', 'value', 500.0, '1/s', '/files/0/groups/0/benchmarks/1/hz'],
    ],
    labels: { test: 'math.bench.ts > math > subtract' },
    of: { n: 95, over: 'repetitions' },
  },
  'criterion/1-bencher-many.txt': {
    format: 'criterion',
    values: [
      ['execution_time', 'value', 18.019, 'us', 'line 43 column time value'],
      ['execution_time', 'value', 323.9, 'ps', 'line 20 column time value'],
      ['own', 'upper', 483.28, 'ps', 'line 31 column time upper'],
    ],
    labels: { test: 'tracing_file' },
    of: { n: 100, over: 'runs' },
  },
  'criterion/2-gab-criterion_output.txt': {
    format: 'criterion',
    values: [
      ['execution_time', 'value', 1672496, 'ns', 'line 13 column ns/iter'],
      ['own', 'deviation', 10166, 'ns', 'line 13 column +/-'],
    ],
    labels: { test: 'Fibonacci (Execution)' },
    of: { n: null, over: 'runs' },
  },
  'go-bench/1-benchstat-old.txt': {
    format: 'go-bench',
    values: [
      ['execution_time', 'value', 1726, 'ns', 'line 4 column ns/op'],
      ['execution_time', 'value', 3062, 'ns', 'line 23 column ns/op'],
    ],
    labels: { test: 'BenchmarkEncode/format=json-48', goos: 'linux' },
    of: { n: null, over: 'repetitions' },
  },
  'go-bench/2-benchstat-new.txt': {
    format: 'go-bench',
    values: [['execution_time', 'value', 1423, 'ns', 'line 8 column ns/op']],
    labels: { test: 'BenchmarkEncode/format=json-48' },
    of: { n: null, over: 'repetitions' },
  },
  'go-bench/3-benchstat-units.txt': {
    format: 'go-bench',
    values: [['own', 'value', 105, 'text-bytes', 'line 13 column text-bytes']],
    labels: { test: 'BenchmarkSize', note: 'after' },
    of: { n: null, over: 'repetitions' },
  },
  'go-bench/4-benchstat-smallSample.txt': {
    format: 'go-bench',
    values: [['execution_time', 'value', 101, 'ns', 'line 7 column ns/op']],
    labels: { test: 'BenchmarkX', note: 'after' },
    of: { n: null, over: 'repetitions' },
  },
  'go-bench/5-benchstat-zero.txt': {
    format: 'go-bench',
    values: [['own', 'value', 171717171717, 'b-bytes', 'line 22 column b-bytes']],
    labels: { test: 'BenchmarkImperceptible' },
    of: { n: null, over: 'repetitions' },
  },
  'go-bench/6-benchstat-crc-old.txt': {
    format: 'go-bench',
    values: [
      ['execution_time', 'value', 44.6, 'ns', 'line 6 column ns/op'],
      ['own', 'value', 336.59, 'MB/s', 'line 6 column MB/s'],
    ],
    labels: { pkg: 'hash/crc32' },
    of: { n: null, over: 'repetitions' },
  },
  'go-bench/7-benchstat-crc-new.txt': {
    format: 'go-bench',
    values: [
      ['execution_time', 'value', 43.6, 'ns', 'line 6 column ns/op'],
      ['own', 'value', 343.87, 'MB/s', 'line 6 column MB/s'],
    ],
    labels: { pkg: 'hash/crc32' },
    of: { n: null, over: 'repetitions' },
  },
  'go-bench/8-gab-go_output.txt': {
    format: 'go-bench',
    values: [
      ['execution_time', 'value', 262.7, 'ns', 'line 9 column ns/op'],
      ['own', 'value', 3, 'auxMetricUnits', 'line 9 column auxMetricUnits'],
    ],
    labels: { test: 'BenchmarkFib11-16' },
    of: { n: null, over: 'repetitions' },
  },
  'go-bench/9-gab-go_fiber_duplicate_names.txt': {
    format: 'go-bench',
    values: [
      ['execution_time', 'value', 0.3733, 'ns', 'line 23 column ns/op'],
      ['own', 'value', 2678.46, 'MB/s', 'line 23 column MB/s'],
    ],
    labels: { pkg: 'github.com/gofiber/fiber/v3/middleware/csrf', cpu: 'AMD EPYC 7763 64-Core Processor' },
    of: { n: null, over: 'repetitions' },
  },
  'vegeta/1-readme-report.json': {
    format: 'vegeta',
    values: [
      ['request_latency', 'mean', 2371194, 'ns', '/latencies/mean'],
      ['request_latency', 'p99', 3530000, 'ns', '/latencies/99th'],
      ['request_throughput', 'value', 101.00012489812, 'req/s', '/throughput'],
      ['duration', 'value', 989999944, 'ns', '/duration'],
    ],
    of: { n: 100, over: 'requests' },
  },
  'autocannon/1-example-result.json': {
    format: 'autocannon',
    values: [
      ['request_latency', 'median', 67, 'ms', '/latency/p50'],
      ['request_latency', 'p99.9', 424, 'ms', '/latency/p99_9'],
      ['request_latency', 'p97.5', 378, 'ms', '/latency/p97_5'],
      ['request_throughput', 'mean', 250, 'req/s', '/requests/average'],
      ['own', 'mean', 52468, 'bytes/s', '/throughput/average'],
    ],
    labels: { concurrency: '40' },
    of: { n: 500, over: 'requests' },
  },
  'bmf/1-report_latency.json': {
    format: 'bmf',
    values: [
      ['own', 'value', 3247.0, null, '/tests::benchmark_a/latency/value'],
      ['own', 'lower', 1044.0, null, '/tests::benchmark_a/latency/lower_value'],
    ],
    labels: { test: 'tests::benchmark_a' },
  },
  'bmf/2-report_bmf_mixed.json': {
    format: 'bmf',
    values: [['own', 'value', 3443.0, null, '/benchmark-b/latency/value']],
    labels: { test: 'benchmark-b' },
  },
  'github-action-benchmark/1-customSmallerIsBetter.json': {
    format: 'github-action-benchmark',
    values: [
      ['own', 'value', 50, '%', '/0/value'],
      ['own', 'value', 100, 'Megabytes', '/1/value'],
    ],
  },
  'github-action-benchmark/2-customBiggerIsBetter.json': {
    format: 'github-action-benchmark',
    values: [['own', 'value', 70, 'req/s', '/0/value']],
  },
};

const readings = new Map<string, Reading>();
for (const entry of here ? readdirSync(ROOT, { recursive: true, withFileTypes: true }) : []) {
  const path = `${entry.parentPath}/${entry.name}`.slice(ROOT.length).replace(/^\//, '');
  if (entry.isFile() && path.includes('/')) readings.set(path, readArtifact({ path, bytes: readFileSync(`${ROOT}${path}`) }));
}

function read(path: string): Read {
  const reading = readings.get(path);
  if (reading?.status !== 'read') throw new Error(`${path} was not read: ${reading?.reason ?? 'it is not there'}`);
  return reading;
}

/** What was read at a pointer, in the terms of the table above. */
function rowsAt(path: string, pointer: string): Row[] {
  return read(path)
    .measurements.filter((one) => one.pointer === pointer)
    .map(({ metric, statistic, value, unit }) => [isCanonical(metric) ? metric : 'own', statistic, value, unit, pointer]);
}

describe.skipIf(!here)('the collected files of known formats', () => {
  it('are all those that are told apart from generic ones and read', () => {
    const told = [...readings].filter(([, { status, format }]) => status === 'read' && format !== 'generic' && format !== 'unknown');
    expect(told.map(([path]) => path).sort()).toEqual(Object.keys(KNOWN).sort());
  });

  it.each(Object.entries(KNOWN))('%s: is recognised and read as what stands there', (path, { format, values }) => {
    expect(read(path).format).toBe(format);
    expect(values.flatMap(([, , , , pointer]) => rowsAt(path, pointer))).toEqual(values);
  });

  it.each(Object.entries(KNOWN).filter(([, { labels, of }]) => labels ?? of))(
    '%s: knows what it was measured on, and how often',
    (path, one) => {
      const pointer = one.values[0]?.[4];
      const measurement = read(path).measurements.find((m) => m.pointer === pointer);
      expect(measurement?.labels).toMatchObject(one.labels ?? {});
      expect(measurement).toMatchObject(one.of ?? {});
    },
  );

  it('mark what cannot be meant: a prompt whose tokens were not all evaluated', () => {
    const { measurements, warnings } = read('ollama-run-verbose/1-pr12742-before-bug.txt');
    expect(measurements.find(({ pointer }) => pointer === 'line 5')?.labels).toMatchObject({ prompt_cache: 'suspected' });
    expect(warnings).toEqual([expect.stringContaining('line 5: 139357 tok/s')]);
  });

  it('hold no zero where a step has no rate', () => {
    const zeros = read('ollama-bench/1-readme.csv').measurements.filter(({ value }) => value === 0);
    expect(zeros).toEqual([]);
  });

  it('call a run saturated where it is, and only there', () => {
    const saturated = Object.keys(KNOWN).filter((path) => read(path).measurements.some(({ labels }) => labels.saturated !== undefined));
    expect(saturated.sort()).toEqual([
      SERVE_CONSOLE,
      'vllm-serve/7-gemma4-31b-long-rate1-saturated.json',
      'vllm-serve/9-gemma4-31b-short-rate16.json',
    ]);
  });
});
