import { describe, expect, it } from 'vitest';
import { expectNoFaultWhenMangled, expectNoOtherNumberWhereCut } from '../../../../test/support/mangling.ts';
import { readText } from './reading-for-test.ts';

const DMON = `#Entity   GPUTL  POWER   TOTEC        TMPTR  FBUSD   SMACT  WHAT
ID                W       mJ           C
GPU 0     97     312.25  2.07e+11     64     71234   0.913  5
GPU 1     N/A    70.5    1000         33     120     N/A    2147483632
#Entity   GPUTL  POWER   TOTEC        TMPTR  FBUSD   SMACT  WHAT
ID                W       mJ           C
GPU 0     98     313.5   2.08e+11     65     71235   0.921  6
GPU-I 3   12     313.5   2.08e+11     65     71235   0.125  7
Switch 1  1      1       1            1      1       1      1
`;

describe('dcgmi dmon', () => {
  it.each(['dmon.txt', 'dmon.log', 'dmon.csv'])('is read with the units below its header: %s', (path) => {
    const reading = readText(path, DMON);
    expect(reading).toMatchObject({ format: 'dcgm', records: 4, failed: [], warnings: [] });
    expect(
      reading.measurements.slice(0, 11).map(({ metric, value, unit, pointer, labels }) => [metric, value, unit, pointer, labels.gpu_index]),
    ).toEqual([
      ['gpu_utilization', 97, '%', 'line 3 column GPUTL', '0'],
      ['power', 312.25, 'W', 'line 3 column POWER', '0'],
      ['TOTEC', 2.07e11, 'mJ', 'line 3 column TOTEC', '0'],
      ['TMPTR', 64, '°C', 'line 3 column TMPTR', '0'],
      ['FBUSD', 71234, 'MiB', 'line 3 column FBUSD', '0'],
      ['SMACT', 0.913, 'ratio', 'line 3 column SMACT', '0'],
      ['WHAT', 5, null, 'line 3 column WHAT', '0'],
      ['power', 70.5, 'W', 'line 4 column POWER', '1'],
      ['TOTEC', 1000, 'mJ', 'line 4 column TOTEC', '1'],
      ['TMPTR', 33, '°C', 'line 4 column TMPTR', '1'],
      ['FBUSD', 120, 'MiB', 'line 4 column FBUSD', '1'],
    ]);
    expect(reading.at('line 8 column GPUTL')?.labels).toEqual({ tool: 'dcgm', gpu_index: 'GPU-I 3' });
    expect(reading.measurements.every(({ over, statistic }) => over === 'samples' && statistic === 'value')).toBe(true);
    expect(reading.at('line 9 column GPUTL')).toBeUndefined();
  });

  it('reads the older spelling of the header, and names rows and cells that do not fit', () => {
    const reading = readText('d.txt', '# Entity  POWER  GPUTL\n      Id\n   GPU 0  100.5  7\n   GPU 0  hot    7\n   GPU 0  1\n');
    expect(reading.measurements.map(({ value, unit }) => [value, unit])).toEqual([
      [100.5, 'W'],
      [7, '%'],
      [7, '%'],
    ]);
    expect(reading.warnings).toEqual([
      'line 4 column POWER: "hot" is no number: it was not read',
      'line 5 has 1 values where the header has 2: it was not read',
    ]);
  });

  it('is not claimed on a page that quotes it, nor where no field is known', () => {
    expect(readText('d.md', DMON).format).not.toBe('dcgm');
    expect(readText('d.txt', '#Entity FOO BAR\nGPU 0 1 2\n').format).toBe('unknown');
  });

  it('never fails on a mangled text, and yields no other number of a cut one', () => {
    expectNoFaultWhenMangled('d.txt', DMON);
    expectNoOtherNumberWhereCut('d.txt', DMON);
  });
});

const LONG = `GPUId,TimeStampUs,Field,Values
0,1700000000000000,power_usage,251.50
0,1700000000000100,gpu_utilization,88
1,1700000000000100,fb_used,9223372036854775794
1,1700000000000100,driver_version,550.54
1,1700000000000100,gpu_temp,hot
`;
const EXPORTER = `timestamp,metric_name,gpu_id,device,uuid,modelName,Hostname,container,pod,namespace,value,labels_raw
2026-01-01T00:00:00Z,DCGM_FI_DEV_GPU_UTIL,0,nvidia0,GPU-1,Acme X1,node7,c,p,n,42.5,x
2026-01-01T00:00:00Z,DCGM_FI_DEV_POWER_USAGE,1,nvidia1,GPU-2,Acme X1,node7,c,p,n,70.25,x
2026-01-01T00:00:00Z,DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION,1,nvidia1,GPU-2,Acme X1,node7,c,p,n,1000,x
`;
const WIDE = 'time,gpu,DCGM_FI_DEV_FB_USED,DCGM_FI_PROF_SM_ACTIVE\n1,0,1234,0.5\n2,0,140737488355328.0,0.75\n';

describe('CSV of DCGM', () => {
  it('of one value a row has each field by its tag', () => {
    const reading = readText('d.csv', LONG);
    expect(reading).toMatchObject({ format: 'dcgm', records: 5 });
    expect(reading.measurements.map(({ metric, value, unit, pointer, labels }) => [metric, value, unit, pointer, labels])).toEqual([
      ['power', 251.5, 'W', 'line 2 column Values', { tool: 'dcgm', gpu_index: '0' }],
      ['gpu_utilization', 88, '%', 'line 3 column Values', { tool: 'dcgm', gpu_index: '0' }],
      ['driver_version', 550.54, null, 'line 5 column Values', { tool: 'dcgm', gpu_index: '1' }],
    ]);
    expect(reading.warnings).toEqual([
      'line 6 column Values: "hot" is no number: it was not read',
      'the table (line 1) states no units: those of DCGM were taken',
    ]);
  });

  it('tells GPUs apart under whichever name their column has', () => {
    for (const column of ['GPUId', 'GPU-Id', 'gpu_id', 'gpu']) {
      const reading = readText('d.csv', `timestamp,Hostname,${column},DCGM_FI_DEV_POWER_USAGE\n1,n1,0,62.5\n1,n1,1,71.25\n`);
      expect(reading.measurements.map(({ value, labels }) => [value, labels.gpu_index])).toEqual([
        [62.5, '0'],
        [71.25, '1'],
      ]);
    }
  });

  it('of one value a row knows a field by its number too', () => {
    // The numbers are those of dcgm_fields.h.
    const rows = [
      [203, '88', 'gpu_utilization', 88, '%'],
      [155, '251.5', 'power', 251.5, 'W'],
      [150, '61', 'DCGM_FI_DEV_GPU_TEMP', 61, '°C'],
      [156, '1000', 'DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION', 1000, 'mJ'],
      [252, '1234', 'DCGM_FI_DEV_FB_USED', 1234, 'MiB'],
      [1002, '0.5', 'DCGM_FI_PROF_SM_ACTIVE', 0.5, 'ratio'],
      [9999, '7', '9999', 7, null],
    ] as const;
    const reading = readText('d.csv', `GPUId,TimeStampUs,Field,Values\n${rows.map(([id, cell]) => `0,17,${id},${cell}\n`).join('')}`);
    expect(reading.measurements.map(({ metric, value, unit }) => [metric, value, unit])).toEqual(
      rows.map(([, , metric, value, unit]) => [metric, value, unit]),
    );
  });

  it('of the exporter has each field by its name, and says which GPU', () => {
    const reading = readText('d.csv', EXPORTER);
    expect(reading.format).toBe('dcgm');
    expect(reading.measurements.map(({ metric, value, unit }) => [metric, value, unit])).toEqual([
      ['gpu_utilization', 42.5, '%'],
      ['power', 70.25, 'W'],
      ['DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION', 1000, 'mJ'],
    ]);
    expect(reading.measurements[1]?.labels).toEqual({
      tool: 'dcgm',
      gpu_index: '1',
      gpu_uuid: 'GPU-2',
      gpu: 'Acme X1',
      host: 'node7',
      pod_name: 'p',
      namespace: 'n',
    });
  });

  it('of a column for each field is read too, without what stands for no value', () => {
    const reading = readText('d.csv', WIDE);
    expect(reading.measurements.map(({ metric, value, unit, pointer }) => [metric, value, unit, pointer])).toEqual([
      ['DCGM_FI_DEV_FB_USED', 1234, 'MiB', 'line 2 column DCGM_FI_DEV_FB_USED'],
      ['DCGM_FI_PROF_SM_ACTIVE', 0.5, 'ratio', 'line 2 column DCGM_FI_PROF_SM_ACTIVE'],
      ['DCGM_FI_PROF_SM_ACTIVE', 0.75, 'ratio', 'line 3 column DCGM_FI_PROF_SM_ACTIVE'],
    ]);
  });

  it.each([
    ['the configuration of the exporter', 'DCGM_FI_DEV_GPU_UTIL, gauge, GPU utilization (in %).\nDCGM_FI_DEV_FB_USED, gauge, Used.\n', []],
    ['metrics of others', 'metric_name,value\ncpu_percent,7\n', ['value']],
  ])('is not what %s is', (_, text) => {
    const reading = readText('c.csv', text);
    expect(reading.measurements.filter(({ labels }) => labels.tool === 'dcgm')).toEqual([]);
  });

  it('never fails on a mangled text, and yields no other number of a cut one', () => {
    for (const text of [LONG, EXPORTER, WIDE]) expectNoFaultWhenMangled('d.csv', text);
    for (const text of [LONG, EXPORTER, WIDE]) expectNoOtherNumberWhereCut('d.csv', text);
  });
});
