import { describeCorpus } from '../../../test/support/corpus.ts';

describeCorpus('llama', {
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
});
