import { describe, expect, it } from 'vitest';
import { expectNoFaultWhenMangled, expectNoOtherNumberWhereCut } from '../../../../test/support/mangling.ts';
import { readText } from './reading-for-test.ts';

const RAW = `group,function,value,throughput_num,throughput_type,sample_measured_value,unit,iteration_count
maps,get,8,64,bytes,3000.0,ns,10
maps,get,8,64,bytes,6100.0,ns,20
alone,,,,,1.5,ns,2
`;
const EARLY = 'group,function,value,sample_time_nanos,iteration_count\nmaps,get,,3000,16\n';
const shown = (text: string) =>
  readText('raw.csv', text).measurements.map(({ metric, statistic, value, unit, over, labels, pointer }) => [
    metric,
    statistic,
    value,
    unit,
    over,
    labels.test,
    pointer,
  ]);
const pointer = (line: number, column = 'sample_measured_value') => `line ${line} column ${column} ÷ line ${line} column iteration_count`;

describe('samples of Criterion', () => {
  it('are times of one iteration, of the benchmark that the row names', () => {
    expect(readText('raw.csv', RAW)).toMatchObject({ format: 'criterion', records: 3, failed: [], warnings: [] });
    expect(shown(RAW)).toEqual([
      ['execution_time', 'value', 300, 'ns', 'repetitions', 'maps/get/8', pointer(2)],
      ['execution_time', 'value', 305, 'ns', 'repetitions', 'maps/get/8', pointer(3)],
      ['execution_time', 'value', 0.75, 'ns', 'repetitions', 'alone', pointer(4)],
    ]);
    expect(shown(EARLY)).toEqual([['execution_time', 'value', 187.5, 'ns', 'repetitions', 'maps/get', pointer(2, 'sample_time_nanos')]]);
    expect(shown(RAW.replaceAll('\n', '\r\n'))).toEqual(shown(RAW));
  });

  it('are no times where the unit is none', () => {
    expect(shown(RAW.replaceAll(',ns,', ',cycles,'))[0]?.slice(0, 4)).toEqual(['sample of an iteration', 'value', 300, 'cycles']);
  });

  it('are left out without iterations, which a warning says', () => {
    const reading = readText('raw.csv', RAW.replace('ns,10', 'ns,0').replace('ns,20', 'ns,many'));
    expect(reading.measurements.map(({ value }) => value)).toEqual([0.75]);
    expect(reading.warnings).toEqual([
      `${pointer(2)}: it is no time of an iteration, and was not read`,
      `${pointer(3)}: it is no time of an iteration, and was not read`,
    ]);
  });

  it.each([
    ['sample.json', { sampling_mode: 'Linear', iters: [10, 20], times: [3000, 6100] }, 'it has samples of Criterion.rs'],
    [
      'benchmark.json',
      {
        group_id: 'maps',
        function_id: 'get',
        value_str: '8',
        throughput: { Bytes: 64 },
        full_id: 'maps/get/8',
        directory_name: 'maps/get/8',
        title: 'maps/get/8',
      },
      'it describes a benchmark of Criterion.rs',
    ],
  ])('are not read of %s', (path, value, begin) => {
    const reading = readText(path, JSON.stringify(value));
    expect(reading).toMatchObject({ format: 'criterion', records: 0, measurements: [], failed: [] });
    expect(reading.warnings).toEqual([expect.stringMatching(new RegExp(`^${begin}.*nothing was read`))]);
  });

  it('survive whatever stands there', () => {
    for (const text of [RAW, EARLY]) {
      expectNoFaultWhenMangled('raw.csv', text);
      expectNoOtherNumberWhereCut('raw.csv', text);
    }
  });
});
