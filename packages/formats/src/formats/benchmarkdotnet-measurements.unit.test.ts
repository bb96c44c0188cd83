import { describe, expect, it } from 'vitest';
import { expectNoFaultWhenMangled, expectNoOtherNumberWhereCut } from '../../../../test/support/mangling.ts';
import { readText } from './reading-for-test.ts';

const COLUMNS = [
  ...['Target', 'Target_Method', 'Job_Runtime', 'Job_Display', 'Params', 'Measurement_LaunchIndex'],
  ...['Measurement_IterationMode', 'Measurement_IterationStage', 'Measurement_IterationIndex'],
  ...['Measurement_Nanoseconds', 'Measurement_Operations', 'Measurement_Value', 'Allocated_Bytes'],
];
const row = (mode: string, stage: string, total: string, value: string): string[] => [
  ...['Maps.Get', 'Get', '.NET 8.0', 'Short(LaunchCount=2)', 'N=8', '1', mode, stage, '1', total, '16', value, '64'],
];
const table = (separator: string, ...rows: string[][]): string => [COLUMNS, ...rows, []].map((cells) => cells.join(separator)).join('\n');
const ROWS = [
  row('Overhead', 'Actual', '160', '10'),
  row('Workload', 'Pilot', '8000', '500'),
  row('Workload', 'Actual', '3600', '225'),
  row('Workload', 'Result', '3440', '215'),
  row('Workload', 'Result', '3444', '215.25'),
];
const shown = (path: string, text: string) =>
  readText(path, text).measurements.map(({ metric, statistic, value, unit, over, pointer }) => [
    metric,
    statistic,
    value,
    unit,
    over,
    pointer,
  ]);

describe('measurements of BenchmarkDotNet', () => {
  it('are the results of the workload, an operation each', () => {
    const reading = readText('x-measurements.csv', table(',', ...ROWS));
    expect(reading).toMatchObject({ format: 'benchmarkdotnet', records: 2, failed: [], warnings: [] });
    expect(shown('x-measurements.csv', table(',', ...ROWS))).toEqual([
      ['execution_time', 'value', 215, 'ns', 'repetitions', 'line 5 column Measurement_Value'],
      ['execution_time', 'value', 215.25, 'ns', 'repetitions', 'line 6 column Measurement_Value'],
    ]);
    expect(reading.measurements[0]?.labels).toEqual({
      tool: 'BenchmarkDotNet',
      test: 'Maps.Get',
      params: 'N=8',
      job: 'Short(LaunchCount=2)',
      runtime: '.NET 8.0',
    });
  });

  it('may have commas for fractions, and no stages in early versions', () => {
    const rows = [row('Pilot', '', '8000', '500'), row('Result', '', '3440', '215,5'), row('Result', '', '3440', '1215,25')];
    expect(shown('x.csv', table(';', ...rows)).map(([, , value]) => value)).toEqual([215.5, 1215.25]);
  });

  it('are of one namespace, and say which benchmark has no result', () => {
    const text = [
      'Target,Target_Namespace,Measurement_IterationMode,Measurement_IterationStage,Measurement_Nanoseconds,Measurement_Operations,Measurement_Value',
      'Maps.Get,One,Workload,Result,3440,16,215',
      'Maps.Get,Two,Workload,Actual,3200,16,200',
      'Maps.Get,Three,Workload,Pilot,3200,16,200',
      'Maps.Get,Two,Workload,Result,1600,16,100',
      '',
    ].join('\n');
    const reading = readText('x.csv', text);
    expect(reading.measurements.map(({ value, labels }) => [value, labels.namespace])).toEqual([
      [215, 'One'],
      [100, 'Two'],
    ]);
    expect(reading.warnings).toEqual(['line 4: its benchmark has no result, only what was measured on the way to one: it was not read']);
  });

  it('survives whatever stands there', () => {
    expectNoFaultWhenMangled('x.csv', table(',', ...ROWS));
    expectNoOtherNumberWhereCut('x.csv', table(',', ...ROWS));
  });
});
