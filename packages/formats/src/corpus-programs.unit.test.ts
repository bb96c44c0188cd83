import { describeCorpus } from '../../../test/support/corpus.ts';

describeCorpus('programs', {
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
      ['execution_time', 'max', 0.00019098799999994753, 's', '/benchmarks/1/stats/max'],
      ['execution_time', 'median', 0.003471104000000169, 's', '/benchmarks/2/stats/median'],
      ['execution_time', 'stddev', 0.0018776587251587858, 's', '/benchmarks/3/stats/stddev'],
      ['execution_time', 'value', 2.0051284989999996, 's', '/benchmarks/3/stats/data/1'],
      ['operation_throughput', 'value', 276.8613383807958, '1/s', '/benchmarks/2/stats/ops'],
    ],
    labels: { test: 'bench.py::test_fib_1', host: 'Corgi.local' },
    of: { n: 68536, over: 'repetitions' },
  },
  'google-benchmark/1-test1_run1.json': {
    format: 'google-benchmark',
    values: [
      ['execution_time', 'value', 0.4, 's', '/benchmarks/13/real_time'],
      ['own', 'value', 0.5, 's', '/benchmarks/13/cpu_time'],
      ['execution_time', 'value', 10, 'ns', '/benchmarks/0/real_time'],
      ['execution_time', 'value', 10000, 'ns', '/benchmarks/8/real_time'],
      ['execution_time', 'value', 1, 's', '/benchmarks/14/real_time'],
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
      ['execution_time', 'value', 9, 'ns', '/benchmarks/1/real_time'],
      ['own', 'value', 82, 'ns', '/benchmarks/6/cpu_time'],
    ],
    labels: { test: 'medium' },
    of: { n: null, over: 'repetitions' },
  },
  'google-benchmark/5-gab-googlecpp_output.json': {
    format: 'google-benchmark',
    values: [
      ['execution_time', 'value', 27455.600415007055, 'ns', '/benchmarks/1/real_time'],
      ['own', 'value', 27364.90320427236, 'ns', '/benchmarks/1/cpu_time'],
      ['execution_time', 'value', 214.98980114547953, 'ns', '/benchmarks/0/real_time'],
      ['own', 'value', 213.65507206163295, 'ns', '/benchmarks/0/cpu_time'],
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
      ['operation_throughput', 'mean', 29945718.61137783, 'ops/s', '/1/primaryMetric/score'],
      ['operation_throughput', 'median', 29949101.16425004, 'ops/s', '/1/primaryMetric/scorePercentiles/50.0'],
      ['operation_throughput', 'min', 29874094.08427034, 'ops/s', '/1/primaryMetric/scorePercentiles/0.0'],
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
      ['execution_time', 'median', 24.419498533010483, 'ns', '/Benchmarks/0/Statistics/Median'],
      ['execution_time', 'min', 24.06129601597786, 'ns', '/Benchmarks/0/Statistics/Min'],
      ['execution_time', 'max', 53.3868932723999, 'ns', '/Benchmarks/1/Statistics/Max'],
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
      ['execution_time', 'mean', 1, 'ms', '/files/0/groups/0/benchmarks/0/mean'],
      ['execution_time', 'median', 0.75, 'ms', '/files/0/groups/0/benchmarks/0/median'],
      ['execution_time', 'stddev', 1.25, 'ms', '/files/1/groups/0/benchmarks/0/sd'],
      ['operation_throughput', 'value', 100, '1/s', '/files/1/groups/0/benchmarks/1/hz'],
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
      ['execution_time', 'value', 429.66, 'ps', 'line 31 column time value'],
      ['own', 'lower', 16.652, 'us', 'line 43 column time lower'],
    ],
    labels: { test: 'tracing_file' },
    of: { n: 100, over: 'runs' },
  },
  'criterion/2-gab-criterion_output.txt': {
    format: 'criterion',
    values: [
      ['execution_time', 'value', 1672496, 'ns', 'line 13 column ns/iter'],
      ['own', 'deviation', 10166, 'ns', 'line 13 column +/-'],
      ['execution_time', 'value', 329, 'ns', 'line 5 column ns/iter'],
      ['own', 'deviation', 123, 'ns', 'line 9 column +/-'],
    ],
    labels: { test: 'Fibonacci (Execution)' },
    of: { n: null, over: 'runs' },
  },
});
