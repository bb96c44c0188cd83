import { describe, expect, it } from 'vitest';
import { statisticFromName } from './statistic-from-name.ts';

const STATED: Record<string, string[]> = {
  mean: ['mean_tokens_s', 'avg_tokens_per_second', 'Mean TTFT (s)', 'eval_s_mean', 'Average latency', 'overall_mean_ms', 'meanTimeMs'],
  median: ['median_ttft_ms', 'p50_ms', 'p50', 'Median', 'med', 'p(50)'],
  stddev: ['Standard Deviation', 'std. dev. (ms)', 'stdev_ms', 'std_time_ms', 'Std (ms)', 'stddev_ts'],
  stderr: ['acc_stderr'],
  min: ['Minimum', 'Minimum latency (ms)', 'min_time_ms', 'min', 'min_generation_time_ms', 'latency_ms_min'],
  max: ['Maximum', 'maximum_latency', 'max_time_ms', 'max', 'Max (ms)', 'max_memory_usage'],
  p95: ['p95', 'p(95)', 'p95_ms', 'P95 TTFT (s)', 'results_ttft_s_quantiles_p95', 'latencyP95'],
  p5: ['P05 Tokens/s'],
  p99: ['p99', 'p99_ms', 'latency_p99_2'],
  'p99.9': ['p99.9_ttft_ms', 'p(99.9)', 'p99_9', 'latency_p99_9_ms'],
  'p99.999': ['p99_999'],
  'p97.5': ['p97_5', 'p97.5_ms'],
  value: [
    ...[
      'tokens_s',
      'ttft_s',
      'max_tokens',
      'max_concurrency',
      'min_p',
      'top_p',
      'requests_per_min',
      'duration_min',
      'p40',
      'p2_5',
      'p0_001',
      'p2p_ms',
      'p(40)',
      'med_tokens',
      'maximum_tokens',
      'Standard',
      'total_tokens',
    ],
    ...['mean_p95_ms', 'meantime', 'min_new_tokens', ''],
  ],
};

describe('statisticFromName', () => {
  for (const [statistic, names] of Object.entries(STATED)) {
    it.each(names)(`reads ${statistic} from %j`, (name) => expect(statisticFromName(name)).toBe(statistic));
  }
});
