import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { expectNoFaultWhenMangled } from '../../../../test/support/mangling.ts';
import { readSample, readText, SAMPLES } from './reading-for-test.ts';

const HOST = {
  BenchmarkDotNetVersion: '0.14.0',
  OsVersion: 'Linux',
  ProcessorName: 'A Processor',
  RuntimeVersion: '.NET 9.0',
  Configuration: 'RELEASE',
  HasAttachedDebugger: false,
};
const STATISTICS = {
  OriginalValues: [20, 30],
  N: 2,
  Min: 20,
  Median: 25,
  Mean: 25,
  Max: 30,
  Q1: 22.5,
  Q3: 27.5,
  StandardDeviation: 7.5,
  StandardError: 5.25,
  Percentiles: { P0: 20, P95: 29.5, P100: 30 },
};
const ONE = {
  DisplayInfo: 'Maps.Get: Job-ABC(Runtime=.NET 9.0) [N=8]',
  Namespace: 'Example',
  Type: 'Maps',
  Method: 'Get',
  Parameters: 'N=8',
  FullName: 'Example.Maps.Get(N: 8)',
  Statistics: STATISTICS,
  Memory: { BytesAllocatedPerOperation: 64 },
};
const read = (host: object, ...benchmarks: unknown[]) =>
  readText('b.json', JSON.stringify({ Title: 'x', HostEnvironmentInfo: host, Benchmarks: benchmarks }));

describe('BenchmarkDotNet', () => {
  it('reads statistics and iterations in nanoseconds', () => {
    const reading = read(HOST, ONE);
    expect(reading).toMatchObject({ format: 'benchmarkdotnet', records: 1, failed: [], warnings: [] });
    expect(
      reading.measurements.map(({ metric, statistic, value, unit, n, pointer }) => [
        metric,
        statistic,
        value,
        unit,
        n,
        pointer.replace('/Benchmarks/0/', ''),
      ]),
    ).toEqual([
      ['execution_time', 'mean', 25, 'ns', 2, 'Statistics/Mean'],
      ['execution_time', 'median', 25, 'ns', 2, 'Statistics/Median'],
      ['execution_time', 'stddev', 7.5, 'ns', 2, 'Statistics/StandardDeviation'],
      ['execution_time', 'stderr', 5.25, 'ns', 2, 'Statistics/StandardError'],
      ['execution_time', 'min', 20, 'ns', 2, 'Statistics/Min'],
      ['execution_time', 'max', 30, 'ns', 2, 'Statistics/Max'],
      ['execution_time', 'p25', 22.5, 'ns', 2, 'Statistics/Q1'],
      ['execution_time', 'p75', 27.5, 'ns', 2, 'Statistics/Q3'],
      ['execution_time', 'p95', 29.5, 'ns', 2, 'Statistics/Percentiles/P95'],
      ['execution_time', 'value', 20, 'ns', null, 'Statistics/OriginalValues/0'],
      ['execution_time', 'value', 30, 'ns', null, 'Statistics/OriginalValues/1'],
      ['/Benchmarks/*/Memory/BytesAllocatedPerOperation', 'value', 64, 'bytes', null, 'Memory/BytesAllocatedPerOperation'],
    ]);
    expect(reading.measurements[0]?.labels).toEqual({
      tool: 'BenchmarkDotNet',
      tool_version: '0.14.0',
      test: 'Example.Maps.Get(N: 8)',
      params: 'N=8',
      job: 'Job-ABC(Runtime=.NET 9.0)',
      cpu: 'A Processor',
      os: 'Linux',
      runtime: '.NET 9.0',
    });
  });

  it('keeps a benchmark without statistics as failed', () => {
    const reading = read(HOST, { ...ONE, Statistics: null }, ONE, { Method: 'x' });
    expect(reading.failed).toEqual([
      { pointer: '/Benchmarks/0/Statistics', reason: 'the benchmark has no statistics: no iteration was completed' },
    ]);
    expect(reading.at('/Benchmarks/0/Memory/BytesAllocatedPerOperation')?.failed).toBe(true);
    expect(reading.at('/Benchmarks/1/Statistics/Mean')?.failed).toBe(false);
    expect(reading.warnings).toHaveLength(1);
  });

  it('warns of a debug build and of a debugger', () => {
    expect(read({ ...HOST, Configuration: 'DEBUG', HasAttachedDebugger: true }, ONE).warnings).toHaveLength(2);
  });

  it('does not claim other objects', () => {
    expect(read({}, ONE).format).toBe('generic');
    expect(read(HOST, { Method: 'a' }).format).toBe('generic');
  });

  it('survives whatever stands there', () => {
    expectNoFaultWhenMangled('b.json', JSON.stringify({ HostEnvironmentInfo: HOST, Benchmarks: [ONE] }));
  });
});

const absent = !existsSync(`${SAMPLES}benchmarkdotnet`);
type Raw = {
  Benchmarks: {
    Namespace: string;
    Type: string;
    Method: string;
    Statistics: { N: number; Mean: number; Median: number; OriginalValues?: number[] };
  }[];
};

describe.skipIf(absent)(`BenchmarkDotNet, real samples${absent ? ' (left out: they are not here)' : ''}`, () => {
  it.each(['1-benchmarkdotnet.json', '2-bencher-two.json'])('%s', (name) => {
    const raw: Raw = JSON.parse(readFileSync(`${SAMPLES}benchmarkdotnet/${name}`, 'utf8'));
    const reading = readSample(`benchmarkdotnet/${name}`);
    expect(reading).toMatchObject({ format: 'benchmarkdotnet', records: raw.Benchmarks.length, failed: [], warnings: [] });
    for (const [index, one] of raw.Benchmarks.entries()) {
      const at = `/Benchmarks/${index}/Statistics`;
      const test = `${one.Namespace}.${one.Type}.${one.Method}`;
      expect(reading.at(`${at}/Mean`)).toMatchObject({ value: one.Statistics.Mean, unit: 'ns', n: one.Statistics.N, labels: { test } });
      const samples = reading.measurements.filter(({ pointer }) => pointer.startsWith(`${at}/OriginalValues/`)).map(({ value }) => value);
      expect(samples).toEqual(one.Statistics.OriginalValues ?? []);
    }
  });
});
