import { describeCorpus } from '../../../test/support/corpus.ts';

describeCorpus('go', {
  'go-bench/1-benchstat-old.txt': {
    format: 'go-bench',
    values: [
      ['execution_time', 'value', 1726, 'ns', 'line 4 column ns/op'],
      ['execution_time', 'value', 3062, 'ns', 'line 23 column ns/op'],
    ],
    labels: { test: 'BenchmarkEncode/format=json-48', os: 'linux' },
    of: { n: null, over: 'repetitions' },
  },
  'go-bench/2-benchstat-new.txt': {
    format: 'go-bench',
    values: [
      ['execution_time', 'value', 1423, 'ns', 'line 8 column ns/op'],
      ['execution_time', 'value', 1447, 'ns', 'line 16 column ns/op'],
      ['execution_time', 'value', 3075, 'ns', 'line 18 column ns/op'],
      ['execution_time', 'value', 3062, 'ns', 'line 27 column ns/op'],
    ],
    labels: { test: 'BenchmarkEncode/format=json-48' },
    of: { n: null, over: 'repetitions' },
  },
  'go-bench/3-benchstat-units.txt': {
    format: 'go-bench',
    values: [
      ['own', 'value', 105, 'text-bytes', 'line 13 column text-bytes'],
      ['own', 'value', 100, 'text-bytes', 'line 5 column text-bytes'],
      ['own', 'value', 101, 'text-bytes', 'line 17 column text-bytes'],
    ],
    labels: { test: 'BenchmarkSize', note: 'after' },
    of: { n: null, over: 'repetitions' },
  },
  'go-bench/4-benchstat-smallSample.txt': {
    format: 'go-bench',
    values: [
      ['execution_time', 'value', 101, 'ns', 'line 7 column ns/op'],
      ['execution_time', 'value', 100, 'ns', 'line 3 column ns/op'],
    ],
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
    labels: { package: 'hash/crc32' },
    of: { n: null, over: 'repetitions' },
  },
  'go-bench/7-benchstat-crc-new.txt': {
    format: 'go-bench',
    values: [
      ['execution_time', 'value', 43.6, 'ns', 'line 6 column ns/op'],
      ['own', 'value', 343.87, 'MB/s', 'line 6 column MB/s'],
    ],
    labels: { package: 'hash/crc32' },
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
      ['execution_time', 'value', 55.76, 'ns', 'line 11 column ns/op'],
      ['execution_time', 'value', 174, 'ns', 'line 12 column ns/op'],
      ['own', 'value', 0, 'allocs/op', 'line 24 column allocs/op'],
    ],
    labels: { package: 'github.com/gofiber/fiber/v3/middleware/csrf', cpu: 'AMD EPYC 7763 64-Core Processor' },
    of: { n: null, over: 'repetitions' },
  },
});
