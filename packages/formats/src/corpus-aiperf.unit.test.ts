import { describeCorpus } from '../../../test/support/corpus.ts';

const TELEMETRY = '/telemetry_data/endpoints/localhost:9400/gpus/gpu_0/metrics';

describeCorpus('aiperf', {
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
});
