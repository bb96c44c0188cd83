import { expect, test } from 'vitest';
import { parseDcgm } from './dcgm-text.ts';
import { GpuFault } from './gpu-fault.ts';

const FROM = 'The DCGM exporter http://gpu1:9400/metrics';
const read = (...lines: string[]) => parseDcgm(lines.join('\n'), FROM);
const MIB = 1024 * 1024;

test('percent, MiB, watts and millijoules', () => {
  const readings = read(
    '# HELP DCGM_FI_DEV_GPU_UTIL GPU utilization (in %).',
    '# TYPE DCGM_FI_DEV_GPU_UTIL gauge',
    'DCGM_FI_DEV_GPU_UTIL{gpu="0",UUID="GPU-aa",device="nvidia0",modelName="NVIDIA A100, \\"big\\"",Hostname="n1"} 97',
    'DCGM_FI_DEV_GPU_UTIL{gpu="1",UUID="GPU-bb",device="nvidia1"} 0',
    'DCGM_FI_DEV_FB_USED{gpu="0",UUID="GPU-aa"} 40000',
    'DCGM_FI_DEV_POWER_USAGE{gpu="0",UUID="GPU-aa"} 311.174000',
    'DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION{gpu="0",UUID="GPU-aa"} 257858316',
    'DCGM_FI_DEV_GPU_TEMP{gpu="0",UUID="GPU-aa"} 61',
    'DCGM_FI_DEV_VGPU_PER_PROCESS_UTILIZATION{gpu="0",UUID="GPU-aa"} ERROR - FAILED TO CONVERT TO STRING',
  );
  expect(readings).toEqual([
    { gpu: 'GPU-aa', utilization: 0.97, memoryBytes: 40_000 * MIB, powerWatts: 311.174, energyJoules: 257_858.316 },
    { gpu: 'GPU-bb', utilization: 0, memoryBytes: null, powerWatts: null, energyJoules: null },
  ]);
});

test('ratio, bytes, watts and joules of exporters from 4.9.0 on', () => {
  const readings = read(
    'DCGM_FI_DEV_GPU_UTIL_RATIO{gpu="0",UUID="GPU-aa",hostname="n1"} 0.97',
    'DCGM_FI_DEV_FB_USED_BYTES{gpu="0",UUID="GPU-aa"} 41943040000',
    'DCGM_FI_DEV_BOARD_POWER_WATTS{gpu="0",UUID="GPU-aa"} 311.174',
    'DCGM_FI_DEV_GPU_ENERGY_JOULES_TOTAL{gpu="0",UUID="GPU-aa"} 257858',
  );
  expect(readings).toEqual([{ gpu: 'GPU-aa', utilization: 0.97, memoryBytes: 41_943_040_000, powerWatts: 311.174, energyJoules: 257_858 }]);
});

test('where the old and the new counter are exported, the finer one counts, in any order', () => {
  const old = 'DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION{UUID="GPU-aa"} 5600';
  const young = 'DCGM_FI_DEV_GPU_ENERGY_JOULES_TOTAL{UUID="GPU-aa"} 6';
  expect(read(old, young)).toMatchObject([{ energyJoules: 5.6 }]);
  expect(read(young, old)).toMatchObject([{ energyJoules: 5.6 }]);
});

test('a GPU that pods share is one GPU', () => {
  const readings = read(
    'DCGM_FI_DEV_POWER_USAGE{UUID="GPU-aa",pod="one"} 300',
    'DCGM_FI_DEV_POWER_USAGE{UUID="GPU-aa",pod="two"} 301',
    'DCGM_FI_DEV_FB_USED{UUID="GPU-aa",pod="one"} 10',
    'DCGM_FI_DEV_FB_USED{UUID="GPU-aa",pod="two"} 10',
  );
  expect(readings).toEqual([{ gpu: 'GPU-aa', utilization: null, memoryBytes: 10 * MIB, powerWatts: 301, energyJoules: null }]);
});

test('MIG instances: the board counts once, memory is summed, utilization is unknown', () => {
  const instance = (metric: string, id: string, value: string): string =>
    `${metric}{gpu="0",UUID="GPU-aa",GPU_I_PROFILE="2g.20gb",GPU_I_ID="${id}"} ${value}`;
  const lines = ['3', '5', '6'].flatMap((id, index) => [
    instance('DCGM_FI_DEV_POWER_USAGE', id, `78.${index}`),
    instance('DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION', id, '257858316'),
    instance('DCGM_FI_DEV_FB_USED', id, '1000'),
    instance('DCGM_FI_DEV_GPU_UTIL', id, '0'),
  ]);
  const board = { gpu: 'GPU-aa', utilization: null, powerWatts: 78.2, energyJoules: 257_858.316 };
  expect(read(...lines)).toEqual([{ ...board, memoryBytes: 3_000 * MIB }]);
  expect(read(...lines, 'DCGM_FI_DEV_GPU_UTIL{UUID="GPU-aa"} 0')).toMatchObject([{ utilization: null }]);
  expect(read(...lines, instance('DCGM_FI_DEV_POWER_USAGE', '7', '78'))).toMatchObject([{ memoryBytes: null }]);
});

test.each(['NaN', '+Inf', '-1', '140737488355328', '9223372036854775792', 'ERROR - FAILED'])(
  '%s is no value, and the GPU still stands there',
  (value) => {
    expect(read(`DCGM_FI_DEV_POWER_USAGE{UUID="GPU-aa"} ${value}`)).toMatchObject([{ gpu: 'GPU-aa', powerWatts: null }]);
    expect(read(`DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION{UUID="GPU-aa"} ${value}`)).toMatchObject([{ gpu: 'GPU-aa', energyJoules: null }]);
  },
);

test('a ratio above 1 is a percentage under the wrong name, and so unknown', () => {
  expect(read('DCGM_FI_DEV_GPU_UTIL_RATIO{UUID="GPU-aa"} 57')).toMatchObject([{ utilization: null }]);
});

test('an energy counter at 0 is one that the GPU does not have', () => {
  expect(read('DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION{UUID="GPU-aa"} 0')).toMatchObject([{ energyJoules: null }]);
});

test('without a UUID the number of the GPU tells it from others', () => {
  expect(read('DCGM_FI_DEV_POWER_USAGE{gpu="0"} 1', 'DCGM_FI_DEV_POWER_USAGE{gpu="1"} 2')).toMatchObject([{ gpu: '0' }, { gpu: '1' }]);
});

test.each([
  ['go_goroutines 12', /tells of no GPU: none of DCGM_FI_DEV_GPU_UTIL/],
  ['DCGM_FI_DEV_POWER_USAGE 12', /does not say whose DCGM_FI_DEV_POWER_USAGE/],
  ['DCGM_FI_DEV_POWER_USAGE{UUID="GPU-aa} 12', /no line of metrics \(line 1\)/],
])('%s is a fault that names the exporter', (line, why) => {
  expect(() => read(line)).toThrow(GpuFault);
  expect(() => read(line)).toThrow(why);
  expect(() => read(line)).toThrow(FROM);
});
