import { describe, expect, it } from 'vitest';
import { expectNoFaultWhenMangled, expectNoOtherNumberWhereCut } from '../../../../test/support/mangling.ts';
import { readText } from './reading-for-test.ts';

const TEXT = `# gpu    pwr  gtemp  mtemp     sm    mem   mclk   pclk  tviol     fb  rxpci
# Idx      W      C      C      %      %    MHz    MHz   bool     MB   MB/s
    0     71     45      -      3      1   5000   1590      0   1024     10
    1    250     55     60     99     61   7000   1890      1   2048     20
# gpu    pwr     sm
# Idx      W      %
    0     72      4
    1      -      -
`;
const DATED = `#Date       Time        gpu     pwr     sm
#YYYYMMDD   HH:MM:SS    Idx       W      %
 20260613   00:27:52      0      71     35
`;
const CSV = '#gpu, pwr, gtemp, sm\n#Idx, W, C, %\n0, 71, 45, 3\n1, 250, 55, 99\n';
const numbers = (path: string, text: string) =>
  readText(path, text).measurements.map(({ metric, value, unit, labels, pointer }) => [metric, value, unit, labels.gpu_index, pointer]);

describe('nvidia-smi dmon', () => {
  it('reads the samples of each GPU by the header above them', () => {
    const reading = readText('dmon.txt', TEXT);
    expect(reading).toMatchObject({ format: 'nvidia-smi-dmon', records: 4, failed: [], warnings: [] });
    expect(numbers('dmon.log', TEXT)).toEqual([
      ['power', 71, 'W', '0', 'line 3 column pwr'],
      ['gtemp', 45, '°C', '0', 'line 3 column gtemp'],
      ['gpu_utilization', 3, '%', '0', 'line 3 column sm'],
      ['mem', 1, '%', '0', 'line 3 column mem'],
      ['mclk', 5000, 'MHz', '0', 'line 3 column mclk'],
      ['pclk', 1590, 'MHz', '0', 'line 3 column pclk'],
      ['tviol', 0, null, '0', 'line 3 column tviol'],
      ['fb', 1024, 'MiB', '0', 'line 3 column fb'],
      ['rxpci', 10, 'MB/s', '0', 'line 3 column rxpci'],
      ['power', 250, 'W', '1', 'line 4 column pwr'],
      ['gtemp', 55, '°C', '1', 'line 4 column gtemp'],
      ['mtemp', 60, '°C', '1', 'line 4 column mtemp'],
      ['gpu_utilization', 99, '%', '1', 'line 4 column sm'],
      ['mem', 61, '%', '1', 'line 4 column mem'],
      ['mclk', 7000, 'MHz', '1', 'line 4 column mclk'],
      ['pclk', 1890, 'MHz', '1', 'line 4 column pclk'],
      ['tviol', 1, null, '1', 'line 4 column tviol'],
      ['fb', 2048, 'MiB', '1', 'line 4 column fb'],
      ['rxpci', 20, 'MB/s', '1', 'line 4 column rxpci'],
      ['power', 72, 'W', '0', 'line 7 column pwr'],
      ['gpu_utilization', 4, '%', '0', 'line 7 column sm'],
    ]);
    for (const one of reading.measurements) {
      expect(one).toMatchObject({ statistic: 'value', over: 'samples', n: null, failed: false });
      expect(Object.keys(one.labels)).toEqual(['tool', 'gpu_index']);
    }
    expect(reading.measurements[0]?.labels.tool).toBe('nvidia-smi');
  });

  it('reads it with dates, with commas, and with line ends of Windows', () => {
    expect(numbers('dmon.txt', DATED)).toEqual([
      ['power', 71, 'W', '0', 'line 3 column pwr'],
      ['gpu_utilization', 35, '%', '0', 'line 3 column sm'],
    ]);
    const expected = [
      ['power', 71, 'W', '0', 'line 3 column pwr'],
      ['gtemp', 45, '°C', '0', 'line 3 column gtemp'],
      ['gpu_utilization', 3, '%', '0', 'line 3 column sm'],
      ['power', 250, 'W', '1', 'line 4 column pwr'],
      ['gtemp', 55, '°C', '1', 'line 4 column gtemp'],
      ['gpu_utilization', 99, '%', '1', 'line 4 column sm'],
    ];
    expect(numbers('dmon.csv', CSV)).toEqual(expected);
    expect(numbers('dmon.txt', CSV)).toEqual(expected);
    expect(numbers('dmon.txt', TEXT.replaceAll('\n', '\r\n'))).toEqual(numbers('dmon.txt', TEXT));
  });

  it('takes another unit than the known one as the file states it', () => {
    const text = '# gpu    pwr     fb\n# Idx     mW     GB\n    0  71000      2\n';
    expect(numbers('dmon.txt', text)).toEqual([
      ['pwr', 71000, 'mW', '0', 'line 3 column pwr'],
      ['fb', 2, 'GB', '0', 'line 3 column fb'],
    ]);
  });

  it('names what it did not read', () => {
    const reading = readText('dmon.txt', `${TEXT}    0     72\n    0   fast      9\n    0     75     30`);
    expect(reading.warnings).toEqual([
      'line 9 has 2 cells where the header has 3, or names no GPU: it was not read',
      'line 10 column pwr: "fast" is no number: it was not read',
      'line 11, the last one ("0 75 30"), has no line end and may be cut: it was not read',
    ]);
    expect(reading.at('line 10 column sm')).toMatchObject({ value: 9 });
    expect(reading.at('line 11 column sm')).toBeUndefined();
  });

  it.each([
    ['processes', 'a.txt', '# gpu     pid   type     sm\n# Idx       #    C/G      %\n    0    1234     C     50\n'],
    ['a header without units', 'a.txt', '# gpu    pwr     sm\n    0     71      3\n'],
    ['a page', 'README.md', TEXT],
  ])('does not claim %s', (_, path, text) => {
    expect(readText(path, text).format).not.toBe('nvidia-smi-dmon');
  });

  it('survives whatever stands there, and yields no other number where it is cut', () => {
    for (const [path, text] of [
      ['dmon.txt', TEXT],
      ['dmon.csv', CSV],
    ] as const) {
      expectNoFaultWhenMangled(path, text);
      expectNoOtherNumberWhereCut(path, text);
    }
  });
});
