import { describeCorpus } from '../../../test/support/corpus.ts';

describeCorpus('load', {
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
      ['own', 'upper', 2275, null, '/tests::benchmark_b/latency/upper_value'],
      ['own', 'value', 3361, null, '/tests::benchmark_c/latency/value'],
    ],
    labels: { test: 'tests::benchmark_a' },
  },
  'bmf/2-report_bmf_mixed.json': {
    format: 'bmf',
    values: [
      ['own', 'value', 3443.0, null, '/benchmark-b/latency/value'],
      ['own', 'value', 3247, null, '/31aba8a9-977a-47d1-9fb6-e6b94b428471/latency/value'],
      ['own', 'lower', 1093, null, '/tests::benchmark_c/latency/lower_value'],
    ],
    labels: { test: 'benchmark-b' },
  },
  'github-action-benchmark/1-customSmallerIsBetter.json': {
    format: 'github-action-benchmark',
    values: [
      ['own', 'value', 50, '%', '/0/value'],
      ['own', 'value', 100, 'MB', '/1/value'],
    ],
  },
  'github-action-benchmark/2-customBiggerIsBetter.json': {
    format: 'github-action-benchmark',
    values: [
      ['own', 'value', 70, 'req/s', '/0/value'],
      ['own', 'value', 150, 'MB', '/1/value'],
    ],
  },
});
