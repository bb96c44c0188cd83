import { describeCorpus } from '../../../test/support/corpus.ts';

describeCorpus('scores', {
  'lm-eval/1-pythia-bias-2023.json': {
    format: 'lm-eval',
    values: [
      ['accuracy', 'mean', 0.871, 'ratio', '/results/sciq/acc'],
      ['accuracy', 'stderr', 0.01277255409611312, 'ratio', '/results/sciq/acc_norm_stderr'],
      ['own', 'value', 0.5111111111111111, null, '/results/crows_pairs_french_age/pct_stereotype'],
      ['accuracy', 'stderr', 0.010605256784796555, 'ratio', '/results/sciq/acc_stderr'],
      ['accuracy', 'mean', 0.795, 'ratio', '/results/sciq/acc_norm'],
      ['own', 'stderr', 0.2751298500994534, null, '/results/crows_pairs_french_age/likelihood_difference_stderr'],
      ['own', 'value', 3.2619565217391306, null, '/results/crows_pairs_french_race_color/likelihood_difference'],
    ],
    labels: { test: 'sciq', score: 'acc' },
  },
  'lm-eval/2-pythia-bloom-560m.json': {
    format: 'lm-eval',
    values: [
      ['accuracy', 'mean', 0.24061433447098976, 'ratio', '/results/arc_challenge/acc_norm'],
      ['accuracy', 'mean', 0.22098976109215018, 'ratio', '/results/arc_challenge/acc'],
      ['accuracy', 'stderr', 0.012124929206818258, 'ratio', '/results/arc_challenge/acc_stderr'],
      ['accuracy', 'mean', 0.3034188034188034, 'ratio', '/results/hendrycksTest-marketing/acc'],
      ['accuracy', 'stderr', 0.03191178226713548, 'ratio', '/results/hendrycksTest-high_school_geography/acc_norm_stderr'],
    ],
    labels: { model: 'bigscience/bloom-560m', backend: 'hf-causal', num_fewshot: '0' },
  },
  'lm-eval/3-pythia-bloom-1b1.json': {
    format: 'lm-eval',
    values: [
      ['accuracy', 'stderr', 0.0127669237941168, 'ratio', '/results/arc_challenge/acc_norm_stderr'],
      ['accuracy', 'mean', 0.31, 'ratio', '/results/hendrycksTest-us_foreign_policy/acc'],
      ['accuracy', 'mean', 0.3022508038585209, 'ratio', '/results/hendrycksTest-philosophy/acc_norm'],
      ['accuracy', 'stderr', 0.023350225475471418, 'ratio', '/results/hendrycksTest-philosophy/acc_stderr'],
      ['accuracy', 'mean', 0.32, 'ratio', '/results/hendrycksTest-college_mathematics/acc_norm'],
    ],
    labels: { model: 'bigscience/bloom-1b1', batch: '8' },
  },
  'lm-eval/4-pythia-opt-1.3b.json': {
    format: 'lm-eval',
    values: [
      ['accuracy', 'mean', 0.23122866894197952, 'ratio', '/results/arc_challenge/acc'],
      ['accuracy', 'mean', 0.24630541871921183, 'ratio', '/results/hendrycksTest-high_school_chemistry/acc'],
      ['accuracy', 'mean', 0.4793388429752066, 'ratio', '/results/hendrycksTest-international_law/acc_norm'],
      ['accuracy', 'stderr', 0.0345727283691767, 'ratio', '/results/hendrycksTest-international_law/acc_stderr'],
      ['accuracy', 'stderr', 0.03357379665433431, 'ratio', '/results/hendrycksTest-sociology/acc_norm_stderr'],
    ],
    labels: { model: 'facebook/opt-1.3b', batch: '16' },
  },
  'lm-eval/5-v0.4_results_2026-01-21.json': {
    format: 'lm-eval',
    values: [
      ['accuracy', 'mean', 0.0004, 'ratio', '/results/math_rephrased_full/exact_match,none'],
      ['accuracy', 'stderr', 0.0002828144211304471, 'ratio', '/results/math_rephrased_full/exact_match_stderr,none'],
      ['duration', 'value', 2677.7320792819373, 's', '/total_evaluation_time_seconds'],
      ['accuracy', 'mean', 0, 'ratio', '/results/math_perturbed_full/exact_match,none'],
      ['accuracy', 'stderr', 0, 'ratio', '/results/math_perturbed_full/exact_match_stderr,none'],
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
      ['own', 'mean', 631.4, 'tokens', '/2/mean'],
      ['own', 'mean', 2, 'bytes', '/26/mean'],
      ['own', 'mean', 5, null, '/13/mean'],
      ['accuracy', 'mean', 0.3, 'ratio', '/23/mean'],
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
      ['request_throughput', 'value', 92.1544, 'req/s', 'line 7'],
      ['request_latency', 'mean', 2653990953659, 'ns', 'line 19'],
      ['request_latency', 'median', 2653473271079, 'ns', 'line 20'],
      ['request_latency', 'p99.9', 2666827686961, 'ns', 'line 25'],
    ],
    labels: { scenario: 'Offline' },
  },
  'mlperf/3-llama2-70b-interactive_mlperf_log_summary.txt': {
    format: 'mlperf',
    values: [
      ['time_per_output_token', 'p99.9', 52485852, 'ns', 'line 52'],
      ['request_throughput', 'value', 29.41, 'req/s', 'line 7'],
      ['output_token_throughput', 'value', 8840.42, 'tok/s', 'line 8'],
      ['request_latency', 'p97', 23952282603, 'ns', 'line 29'],
      ['time_to_first_token', 'max', 672689406, 'ns', 'line 35'],
      ['time_per_output_token', 'mean', 32102490, 'ns', 'line 46'],
    ],
    labels: { scenario: 'Server', request_rate: '29.5' },
  },
  'mlperf/4-llama2-70b-server_accuracy.txt': {
    format: 'mlperf',
    values: [
      ['own', 'value', 44.4406, null, 'line 4 column rouge1'],
      ['own', 'value', 22.0593, null, 'line 4 column rouge2'],
      ['own', 'value', 28.6063, null, 'line 4 column rougeL'],
      ['own', 'value', 42.0258, null, 'line 4 column rougeLsum'],
    ],
  },
  'mlperf/5-accuracy-mode_mlperf_log_summary.txt': { format: 'mlperf', values: [] },
});
