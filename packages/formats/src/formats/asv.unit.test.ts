import { describe, expect, it } from 'vitest';
import { expectNoFaultWhenMangled } from '../../../../test/support/mangling.ts';
import { readText } from './reading-for-test.ts';

const REPORT = {
  commit_hash: 'abc123',
  env_name: 'virtualenv-py3.12',
  date: 1760000000000,
  params: { machine: 'box', cpu: 'A Processor', os: 'Linux' },
  python: '3.12',
  result_columns: [
    'result',
    'params',
    'version',
    'started_at',
    'duration',
    'stats_ci_99_a',
    'stats_ci_99_b',
    'stats_q_25',
    'stats_q_75',
    'stats_number',
    'stats_repeat',
    'samples',
    'profile',
  ],
  results: {
    'maps.Get.time_get': [
      [1.5, null, 2.5, 3.5],
      [
        ['8', '16'],
        ["'a'", "'b'"],
      ],
      'v1',
      1,
      2,
      [1],
      [2],
      [1.375],
      [1.625],
      [10],
      [4, 4, 4, 4],
      [[1.25, 1.5, 1.75]],
    ],
    'maps.Get.peakmem_get': [[4096], [], 'v2', 1, 2],
    'maps.track_hits': [[7], []],
    'maps.time_broken': null,
    'maps.time_gone': [null, []],
    'maps.time_ragged': [[1, 2, 3], [['8', '16']]],
  },
  durations: {},
  version: 2,
};
const read = (more: object = {}) => readText('abc.json', JSON.stringify({ ...REPORT, ...more }));

describe('asv', () => {
  it('reads results by what their names say, and each combination of parameters', () => {
    const reading = read();
    expect(reading.format).toBe('asv');
    expect(
      reading.measurements.map(({ metric, statistic, value, unit, n, pointer, labels }) => [
        metric,
        statistic,
        value,
        unit,
        n,
        pointer,
        labels.param1,
        labels.param2,
      ]),
    ).toEqual([
      ['execution_time', 'median', 1.5, 's', 3, '/results/maps.Get.time_get/0/0', '8', "'a'"],
      ['execution_time', 'p25', 1.375, 's', 3, '/results/maps.Get.time_get/7/0', '8', "'a'"],
      ['execution_time', 'p75', 1.625, 's', 3, '/results/maps.Get.time_get/8/0', '8', "'a'"],
      ['execution_time', 'value', 1.25, 's', null, '/results/maps.Get.time_get/11/0/0', '8', "'a'"],
      ['execution_time', 'value', 1.5, 's', null, '/results/maps.Get.time_get/11/0/1', '8', "'a'"],
      ['execution_time', 'value', 1.75, 's', null, '/results/maps.Get.time_get/11/0/2', '8', "'a'"],
      ['execution_time', 'median', 2.5, 's', 4, '/results/maps.Get.time_get/0/2', '16', "'a'"],
      ['execution_time', 'median', 3.5, 's', 4, '/results/maps.Get.time_get/0/3', '16', "'b'"],
      ['peak_memory', 'value', 4096, 'bytes', null, '/results/maps.Get.peakmem_get/0/0', undefined, undefined],
      ['maps.track_hits', 'value', 7, null, null, '/results/maps.track_hits/0/0', undefined, undefined],
    ]);
    expect(reading.measurements[0]?.labels).toMatchObject({
      tool: 'asv',
      commit: 'abc123',
      environment: 'virtualenv-py3.12',
      host: 'box',
      cpu: 'A Processor',
      test: 'maps.Get.time_get',
    });
  });

  it('keeps what failed as failed, and says what does not fit', () => {
    const reading = read();
    expect(reading.failed.map(({ pointer }) => pointer)).toEqual([
      '/results/maps.Get.time_get/0/1',
      '/results/maps.time_broken',
      '/results/maps.time_gone/0',
    ]);
    expect(reading.warnings).toEqual(['/results/maps.time_ragged: 3 results for other combinations of parameters: it was not read']);
  });

  it.each([
    ['results without columns of another version', { result_columns: undefined }],
    ['benchmarks.json', { results: undefined, env_name: undefined }],
  ])('does not claim %s', (_, more) => {
    expect(read(more).format).toBe('generic');
  });

  const V1 = {
    version: 1,
    commit_hash: 'abc123',
    date: 1500000000000,
    params: { machine: 'box', cpu: 'A Processor', python: '3.6' },
    python: '3.6',
    requirements: {},
    results: {
      'maps.time_plain': 1.5,
      'maps.time_one': {
        result: 0.25,
        stats: { ci_99: [0.2, 0.3], q_25: 0.2, q_75: 0.3, min: 0.125, max: 0.5, mean: 0.3125, std: 0.0625, repeat: 10, number: 3 },
        params: [],
      },
      'maps.Get.time_get': {
        result: [2.5, null, 3.5, 4.5],
        stats: [{ min: 2.25, repeat: 4 }, null, null, { repeat: 3 }],
        samples: [null, null, null, [4.25, 4.5, 4.75]],
        params: [
          ['8', '16'],
          ["'a'", "'b'"],
        ],
      },
      'maps.peakmem_get': 4096,
      'maps.track_hits': { result: [7], params: [] },
      'maps.time_broken': null,
      'maps.time_gone': { result: null, params: [] },
    },
  };

  it('reads results of version 1: plain numbers, and objects', () => {
    const reading = readText('abc.json', JSON.stringify(V1));
    expect(reading).toMatchObject({ format: 'asv', records: 10, warnings: [] });
    expect(
      reading.measurements.map(({ metric, statistic, value, unit, n, over, pointer }) => [
        metric,
        statistic,
        value,
        unit,
        n,
        over,
        pointer,
      ]),
    ).toEqual([
      ['execution_time', 'value', 1.5, 's', null, 'runs', '/results/maps.time_plain'],
      ['execution_time', 'median', 0.25, 's', 10, 'repetitions', '/results/maps.time_one/result'],
      ['execution_time', 'min', 0.125, 's', 10, 'repetitions', '/results/maps.time_one/stats/min'],
      ['execution_time', 'max', 0.5, 's', 10, 'repetitions', '/results/maps.time_one/stats/max'],
      ['execution_time', 'mean', 0.3125, 's', 10, 'repetitions', '/results/maps.time_one/stats/mean'],
      ['execution_time', 'stddev', 0.0625, 's', 10, 'repetitions', '/results/maps.time_one/stats/std'],
      ['execution_time', 'median', 2.5, 's', 4, 'repetitions', '/results/maps.Get.time_get/result/0'],
      ['execution_time', 'min', 2.25, 's', 4, 'repetitions', '/results/maps.Get.time_get/stats/0/min'],
      ['execution_time', 'value', 3.5, 's', null, 'runs', '/results/maps.Get.time_get/result/2'],
      ['execution_time', 'median', 4.5, 's', 3, 'repetitions', '/results/maps.Get.time_get/result/3'],
      ['execution_time', 'value', 4.25, 's', null, 'repetitions', '/results/maps.Get.time_get/samples/3/0'],
      ['execution_time', 'value', 4.5, 's', null, 'repetitions', '/results/maps.Get.time_get/samples/3/1'],
      ['execution_time', 'value', 4.75, 's', null, 'repetitions', '/results/maps.Get.time_get/samples/3/2'],
      ['peak_memory', 'value', 4096, 'bytes', null, undefined, '/results/maps.peakmem_get'],
      ['maps.track_hits', 'value', 7, null, null, undefined, '/results/maps.track_hits/result/0'],
    ]);
    expect(reading.at('/results/maps.Get.time_get/result/3')?.labels).toMatchObject({
      tool: 'asv',
      commit: 'abc123',
      host: 'box',
      python_version: '3.6',
      test: 'maps.Get.time_get',
      param1: '16',
      param2: "'b'",
    });
    expect(reading.failed.map(({ pointer }) => pointer)).toEqual([
      '/results/maps.Get.time_get/result/1',
      '/results/maps.time_broken',
      '/results/maps.time_gone/result',
    ]);
    expectNoFaultWhenMangled('abc.json', JSON.stringify(V1));
  });

  it.each([
    [
      'benchmarks',
      { 'maps.time_get': { code: 'def …', name: 'maps.time_get', param_names: [], params: [], timeout: 60, type: 'time' }, version: 2 },
    ],
    ['a machine', { arch: 'x86_64', cpu: 'A Processor', machine: 'box', num_cpu: '8', os: 'Linux', ram: '1024', version: 1 }],
  ])('reads nothing of a file that describes %s', (what, value) => {
    const reading = readText('benchmarks.json', JSON.stringify(value));
    expect(reading).toMatchObject({ format: 'asv', records: 0, measurements: [] });
    expect(reading.warnings).toEqual([`it describes ${what}: asv keeps results in other files, and nothing was read`]);
  });

  it('survives whatever stands there, and parameters without end', () => {
    expectNoFaultWhenMangled('abc.json', JSON.stringify(REPORT));
    const many = Array.from({ length: 40 }, () => ['1', '2', '3']);
    expect(read({ results: { 'a.time_x': [[1], many] } }).measurements).toEqual([]);
    expect(read({ results: { 'a.time_x': [[1], [[], ...many]] } }).measurements).toEqual([]);
    const ones = read({ results: { 'a.time_x': [[1], Array.from({ length: 65 }, () => ['1'])] } });
    expect(ones.measurements).toEqual([]);
    expect(ones.warnings).toEqual(['/results/a.time_x: 65 parameters, where 64 are more than anybody sets: it was not read']);
  });
});
