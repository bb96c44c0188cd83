import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Measurement, Reading } from '@chimera/shared/domain';
import { describe, expect, it } from 'vitest';
import { readArtifact } from '../read-artifact.ts';

type Read = Extract<Reading, { status: 'read' }>;

function read(path: string, text: string): Read {
  const reading = readArtifact({ path, bytes: Buffer.from(text) });
  if (reading.status !== 'read') throw new Error(reading.reason);
  return reading;
}

const brief = ({ metric, value, unit, pointer }: Measurement) => [metric, value, unit, pointer];

const HEADER =
  'timestamp, index, name, pstate, utilization.gpu [%], memory.used [MiB], power.draw [W], clocks.current.sm [MHz], temperature.gpu';
const UNITS = `${HEADER}
2026/05/04 11:20:30.100, 0, NVIDIA H100 80GB HBM3, P0, 97 %, 61234 MiB, 612.34 W, 1980 MHz, 64
2026/05/04 11:20:30.101, 1, NVIDIA H100 80GB HBM3, P0, 3 %, 4 MiB, 70.10 W, 345 MHz, 33
2026/05/04 11:20:31.100, 0, NVIDIA H100 80GB HBM3, P2, 98 %, 61236 MiB, 615.00 W, 1965 MHz, 65
`;

describe('nvidia-smi', () => {
  it('reads samples with the units of header and cells', () => {
    const reading = read('gpu.csv', UNITS);
    expect(reading).toMatchObject({ format: 'nvidia-smi', kind: 'csv', records: 3, failed: [], warnings: [] });
    expect(reading.measurements.slice(0, 6).map(brief)).toEqual([
      ['gpu_utilization', 97, '%', 'line 2 column utilization.gpu [%]'],
      ['memory.used', 61234, 'MiB', 'line 2 column memory.used [MiB]'],
      ['power', 612.34, 'W', 'line 2 column power.draw [W]'],
      ['clocks.current.sm', 1980, 'MHz', 'line 2 column clocks.current.sm [MHz]'],
      ['temperature.gpu', 64, '°C', 'line 2 column temperature.gpu'],
      ['gpu_utilization', 3, '%', 'line 3 column utilization.gpu [%]'],
    ]);
    expect(reading.measurements).toHaveLength(15);
    expect(reading.measurements.every(({ over, statistic, n }) => over === 'samples' && statistic === 'value' && n === null)).toBe(true);
  });

  it.each(['550.54', '535.54.03'])('makes a label, and no number, of the driver %s', (version) => {
    const reading = read('gpu.csv', `driver_version, index, power.draw [W]\n${version}, 0, 80.5 W\n`);
    expect(reading.measurements.map(brief)).toEqual([['power', 80.5, 'W', 'line 2 column power.draw [W]']]);
    expect(reading.measurements[0]?.labels.driver_version).toBe(version);
  });

  it('makes no peak of memory in use', () => {
    expect(read('gpu.csv', UNITS).measurements.some(({ metric }) => metric === 'peak_memory')).toBe(false);
  });

  it('tells the GPUs apart, and makes no configuration of a time or a state', () => {
    const labels = read('gpu.csv', UNITS).measurements.map((one) => one.labels);
    expect(labels[0]).toEqual({ tool: 'nvidia-smi', gpu: 'NVIDIA H100 80GB HBM3', gpu_index: '0', pstate: undefined });
    expect(labels[5]?.gpu_index).toBe('1');
    expect(labels[10]).toEqual(labels[0]);
  });

  it('reads the same numbers without units in the cells, in a text or a log', () => {
    const bare = UNITS.replace(/ (?:%|MiB|W|MHz)(?=,|\n)/g, '').replace(HEADER.replace(/\s/g, ''), HEADER);
    expect(bare).toContain('97, 61234, 612.34');
    for (const path of ['gpu.csv', 'gpu.txt', 'gpu.log'])
      expect(read(path, bare).measurements.map(brief), path).toEqual(read('gpu.csv', UNITS).measurements.map(brief));
  });

  it.each(['[N/A]', 'N/A', '[Not Supported]', '[Insufficient Permissions]', ''])('takes "%s" for no value and never for 0', (cell) => {
    const reading = read('gpu.csv', `index, utilization.gpu [%], power.draw [W]\n0, 50 %, ${cell}\n1, ${cell}, 80.5 W\n`);
    expect(reading.measurements.map(brief)).toEqual([
      ['gpu_utilization', 50, '%', 'line 2 column utilization.gpu [%]'],
      ['power', 80.5, 'W', 'line 3 column power.draw [W]'],
    ]);
    expect(reading.warnings).toEqual([]);
  });

  it.each(['[Unknown Error]', '[GPU requires reset]', 'ERR!', '[GPU is lost]'])('says that a GPU gave "%s"', (cell) => {
    const reading = read('gpu.csv', `index, uuid, utilization.gpu [%]\n0, GPU-1, ${cell}\n1, GPU-2, 5 %\n`);
    expect(reading.measurements).toHaveLength(1);
    expect(reading.warnings).toEqual([`line 2 column utilization.gpu [%]: "${cell}": the GPU gave no value`]);
    expect(reading.measurements[0]?.labels).toEqual({ tool: 'nvidia-smi', gpu_index: '1', gpu_uuid: 'GPU-2' });
  });

  it('does not read a cell of another unit than its column', () => {
    const reading = read('gpu.csv', 'index, memory.used [MiB], power.draw [W]\n0, 4 GiB, 80 W\n1, 7 MiB, much\n');
    expect(reading.measurements.map(brief)).toEqual([
      ['power', 80, 'W', 'line 2 column power.draw [W]'],
      ['memory.used', 7, 'MiB', 'line 3 column memory.used [MiB]'],
    ]);
    expect(reading.warnings).toEqual([
      'line 2 column memory.used [MiB]: "4 GiB" is not in MiB: it was not read',
      'line 3 column power.draw [W]: "much" is no number: it was not read',
    ]);
  });

  it('takes the unit of the cell where the header states none, and nvidia-smi’s own where neither does', () => {
    const reading = read('gpu.csv', 'timestamp,index,memory.used,power.draw,temperature.gpu\n2026-01-01T00:00:00Z,0,2 GiB,75.5,40\n');
    expect(reading.measurements.map(brief)).toEqual([
      ['memory.used', 2, 'GiB', 'line 2 column memory.used'],
      ['power', 75.5, 'W', 'line 2 column power.draw'],
      ['temperature.gpu', 40, '°C', 'line 2 column temperature.gpu'],
    ]);
    expect(reading.warnings).toEqual(['the header (line 1) states no unit for power.draw (W): those of nvidia-smi were taken']);
  });

  it('tells GPUs apart by another column where `index` is the same in every row', () => {
    const reading = read('gpu.csv', 'timestamp,gpu,index,power.draw [W]\nt0,0,0,70 W\nt0,1,0,71 W\n');
    expect(reading.measurements.map(({ labels, value }) => [labels.gpu_index, value])).toEqual([
      ['0', 70],
      ['1', 71],
    ]);
    expect(reading.warnings).toEqual(['column index is 0 in every row while gpu differs: the GPUs are told apart by gpu']);
  });

  it('keeps columns that somebody added: words as labels, numbers under their own names', () => {
    const reading = read(
      'gpu.csv',
      'timestamp, phase, utilization.gpu [%], tokens_per_s\n2026/01/01 00:00:00.000, warm-up, 5 %, 0\n2026/01/01 00:00:01.000, run, 99 %, 41.5\n',
    );
    expect(reading.measurements.slice(2).map(brief)).toEqual([
      ['gpu_utilization', 99, '%', 'line 3 column utilization.gpu [%]'],
      ['tokens_per_s', 41.5, 'tok/s', 'line 3 column tokens_per_s'],
    ]);
    expect(reading.measurements[2]?.labels).toEqual({ tool: 'nvidia-smi', phase: 'run' });
  });

  it('passes over a header that a restart has repeated, and a row that is ragged', () => {
    const reading = read('gpu.csv', `${UNITS}${UNITS}2026/05/04 11:20:32.100, 0\n`);
    expect(reading.records).toBe(6);
    expect(reading.warnings).toEqual(['line 5 repeats the header: not read as data', 'line 9 has 2 cells where the header has 9']);
  });

  it.each([
    ['numbers without a header', '0, 97, 61234\n1, 3, 4\n'],
    ['processes', 'pid, process_name, used_gpu_memory [MiB]\n1, python, 300 MiB\n'],
    ['the columns of another tool', 'timestamp,gpu_util,mem_used_mb\n1,2,3\n'],
    ['one field without its unit', 'run,power.draw\n1,70\n'],
  ])('does not claim %s', (_, text) => {
    expect(read('gpu.csv', text).format).toBe('generic');
  });
});

const SAMPLES = fileURLToPath(new URL('../../../../../shared/data/formats/nvidia-smi/', import.meta.url));

// Expected values were taken from the raw files, by eye and by counting with another program.
describe.skipIf(!existsSync(SAMPLES))('nvidia-smi, real samples', () => {
  const sample = (name: string): Read => read(name, readFileSync(`${SAMPLES}${name}`, 'utf8'));

  it('1-nvidia_smi.csv: eight GPUs, a header written by hand', () => {
    const { measurements, records, format, warnings } = sample('1-nvidia_smi.csv');
    expect({ records, format }).toEqual({ records: 43, format: 'nvidia-smi' });
    expect(new Set(measurements.map(({ labels }) => labels.gpu_index)).size).toBe(8);
    expect(measurements.find(({ pointer }) => pointer === 'line 6 column power.draw')).toMatchObject({
      metric: 'power',
      value: 72.6,
      unit: 'W',
      labels: { gpu_index: '4' },
    });
    expect(warnings).toHaveLength(2);
  });

  it('2-gpu_log_with_units.csv: one GPU', () => {
    const { measurements, records, format, warnings } = sample('2-gpu_log_with_units.csv');
    expect({ records, format, warnings }).toEqual({ records: 107, format: 'nvidia-smi', warnings: [] });
    expect(measurements).toHaveLength(107 * 5);
    expect(measurements.find(({ pointer }) => pointer === 'line 18 column utilization.gpu [%]')).toMatchObject({
      metric: 'gpu_utilization',
      value: 19,
      unit: '%',
    });
    expect(measurements.find(({ pointer }) => pointer === 'line 18 column memory.used [MiB]')).toMatchObject({
      metric: 'memory.used',
      value: 966,
      unit: 'MiB',
    });
    expect(measurements[0]?.labels).toEqual({ tool: 'nvidia-smi', gpu: 'Tesla V100S-PCIE-32GB', gpu_index: '0' });
  });
});
