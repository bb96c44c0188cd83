import { describe, expect, it } from 'vitest';
import { type CanonicalMetric, canonicalValue, METRICS } from './metric.ts';
import { UNITS, unitNamed } from './unit.ts';

/** What 2.5 of a unit is in the unit of a metric, by arithmetic on paper. */
const TWO_AND_A_HALF: readonly (readonly [CanonicalMetric, string, number])[] = [
  ['request_latency', 'ps', 2.5e-12],
  ['request_latency', 'ns', 2.5e-9],
  ['request_latency', 'us', 0.0000025],
  ['request_latency', 'ms', 0.0025],
  ['request_latency', 's', 2.5],
  ['request_latency', 'min', 150],
  ['request_latency', 'h', 9000],
  ['execution_time', 'ns/op', 2.5e-9],
  ['execution_time', 'ms/op', 0.0025],
  ['peak_memory', 'bytes', 2.5],
  ['peak_memory', 'KB', 2500],
  ['peak_memory', 'MB', 2_500_000],
  ['peak_memory', 'GB', 2_500_000_000],
  ['peak_memory', 'TB', 2_500_000_000_000],
  ['peak_memory', 'KiB', 2560],
  ['peak_memory', 'MiB', 2_621_440],
  ['peak_memory', 'GiB', 2_684_354_560],
  ['peak_memory', 'TiB', 2_748_779_069_440],
  ['accuracy', '%', 0.025],
  ['accuracy', 'ratio', 2.5],
  ['output_token_throughput', 'tok/min', 2.5 / 60],
  ['request_throughput', 'req/min', 2.5 / 60],
  ['operation_throughput', '1/s', 2.5],
  ['operation_throughput', 'ops/s', 2.5],
  ['operation_throughput', 'it/s', 2.5],
  ['operation_throughput', 'ops/ms', 2500],
  ['operation_throughput', 'ops/us', 2_500_000],
  ['operation_throughput', 'ops/ns', 2_500_000_000],
  ['operation_throughput', 'ops/min', 2.5 / 60],
  ['operation_throughput', 'ops/h', 2.5 / 3600],
  ['power', 'mW', 0.0025],
  ['power', 'kW', 2500],
  ['energy', 'mJ', 0.0025],
  ['energy', 'kJ', 2500],
  ['energy', 'MJ', 2_500_000],
  ['energy', 'Wh', 9000],
  ['energy', 'kWh', 9_000_000],
];

describe('a value of a canonical metric', () => {
  it.each(TWO_AND_A_HALF)('%s: 2.5 %s is %d', (metric, unit, wanted) => expect(canonicalValue(metric, 2.5, unit)).toBe(wanted));

  it('is tested in every unit that can be had in a metric’s', () => {
    const dimensions = new Set(Object.values(METRICS).map(({ unit }) => UNITS[unit].dimension));
    const tested = new Set(TWO_AND_A_HALF.map(([, unit]) => unit));
    const own = new Set<string>(['tok/s', 'req/s', 'W', 'J', 's/op', 'us/op', 'ps/op']);
    for (const [name, { dimension }] of Object.entries(UNITS))
      if (dimensions.has(dimension)) expect([name, tested.has(name) || own.has(name)]).toEqual([name, true]);
  });

  it.each<[CanonicalMetric, string]>([
    ['energy', 'mj'],
    ['energy', 'Mj'],
    ['peak_memory', 'Mb'],
    ['peak_memory', 'gb'],
    ['peak_memory', 'B/op'],
    ['peak_memory', 'MB/s'],
    ['request_latency', 'ms/token'],
    ['request_latency', 'Ms'],
    ['power', 'MW'],
    ['request_throughput', '1/s'],
    ['request_throughput', 'tok/s'],
    ['operation_throughput', 'samples/s'],
    ['operation_throughput', 'MHz'],
    ['accuracy', 'points'],
    ['request_latency', 'toString'],
  ])('%s: nothing in %s', (metric, unit) => expect(canonicalValue(metric, 2.5, unit)).toBeNull());
});

describe('the table of units', () => {
  it('has the unit of each metric as the own unit of its dimension', () => {
    for (const { unit } of Object.values(METRICS))
      expect([unit, unitNamed(unit)]).toEqual([unit, expect.objectContaining({ times: 1, over: 1 })]);
  });

  it('has for each dimension a unit of its own, and factors that one double holds', () => {
    for (const { dimension, times, over } of Object.values(UNITS)) {
      expect(Object.values(UNITS).some((other) => other.dimension === dimension && other.times === 1 && other.over === 1)).toBe(true);
      expect(Math.min(times, over)).toBe(1);
    }
  });
});
