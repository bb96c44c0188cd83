import type { Fact } from '@chimera/shared/domain';
import { UNITS } from '@chimera/shared/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyOf } from './any-of.ts';
import { checkPage } from './check.ts';
import { createTruth } from './create-truth.ts';
import { UNIT_PATTERN, unitOf } from './units.ts';

const MODEL = 'alpha3-8b';

function truthOf(metric: string, value: number, unit: string) {
  const fact: Fact = {
    id: 'f0000000000000001',
    kind: 'group',
    claim: `The median ${metric} is what it is.`,
    metric,
    statistic: 'median',
    value,
    unit,
    n: 9,
    interval: null,
    labels: { model: MODEL },
    scope: 'runs/first.csv',
    formula: 'median',
    inputs: [],
    sources: [{ inventory: 'all' }],
    class: 'measured',
  };
  return createTruth({ facts: [fact], artifacts: [] });
}

/** The verdict on `words` of a model in prose, where the artifacts have `value` `unit` of `metric`. */
function verdict(metric: string, words: string, [value, unit]: readonly [number, string], said: string): string {
  const page = `The median ${words} of model ${MODEL} was ${said}.`;
  const claims = checkPage(page, truthOf(metric, value, unit)).filter(({ claim }) => claim.kind === 'number');
  expect([page, claims.length]).toEqual([page, 1]);
  return claims[0]?.verdict ?? 'none';
}

type Case = readonly [metric: string, words: string, value: number, unit: string, said: number, spelling: string];

// The same quantity twice, by arithmetic on paper.
const CASES: readonly Case[] = [
  ['execution_time', 'execution time', 4.21e-10, 's', 421, 'ps'],
  ['execution_time', 'execution time', 421, 'ps', 0.421, 'ns'],
  ['execution_time', 'execution time', 4.213e-6, 's', 4213, 'ns/op'],
  ['execution_time', 'execution time', 4213, 'ns', 4.213, 'µs/op'],
  ['execution_time', 'execution time', 4213, 'ns/op', 4.213, 'µs'],
  ['execution_time', 'execution time', 4213, 'ns', 4213, 'ns per iteration'],
  ['execution_time', 'execution time', 1.25, 's/op', 1250, 'ms/op'],
  ['execution_time', 'execution time', 1.25, 's/op', 1250, 'milliseconds'],
  ['request_latency', 'request latency', 0.0941, 's', 94.1, 'ms'],
  ['request_latency', 'request latency', 94.1, 'ms', 0.0941, 'seconds'],
  ['request_latency', 'request latency', 94.1, 'ms', 94_100, 'us'],
  ['duration', 'benchmark duration', 90, 's', 1.5, 'minutes'],
  ['duration', 'benchmark duration', 5400, 's', 1.5, 'h'],
  ['peak_memory', 'peak memory', 5.12e9, 'bytes', 5.12, 'GB'],
  ['peak_memory', 'peak memory', 5.12e9, 'bytes', 5120, 'MB'],
  ['peak_memory', 'peak memory', 4294967296, 'bytes', 4, 'GiB'],
  ['peak_memory', 'peak memory', 4, 'GiB', 4096, 'MiB'],
  ['peak_memory', 'peak memory', 3072, 'KiB', 3, 'MiB'],
  ['peak_memory', 'peak memory', 1.5, 'TB', 1500, 'GB'],
  ['B/op', 'B/op', 1536, 'B/op', 1536, 'B/op'],
  ['allocated', 'allocated memory', 1536, 'B/op', 1.536, 'KB per operation'],
  ['allocated', 'allocated memory', 1536, 'B/op', 1536, 'bytes per op'],
  ['allocated', 'allocated memory', 1536, 'B/op', 1536, 'bytes'],
  ['allocs', 'allocs', 1234, 'allocs/op', 1234, 'allocs/op'],
  ['allocs', 'allocs', 1234, 'allocs/op', 1234, 'allocations per operation'],
  ['allocs', 'allocs', 1234, 'allocs/op', 1234, 'allocations'],
  ['transfer', 'transfer', 12.5, 'MB/s', 0.0125, 'GB/s'],
  ['transfer', 'transfer', 12.5, 'MiB/s', 12_800, 'KiB/s'],
  ['transfer', 'transfer', 12.5, 'MiB/s', 12_800, 'KiB per second'],
  ['transfer', 'transfer', 1_234_000, 'bytes/s', 1.234, 'MB/s'],
  ['output_token_throughput', 'output token throughput', 112.4, 'tok/s', 112.4, 'tokens per second'],
  ['output_token_throughput', 'output token throughput', 112.4, 'tok/s', 6744, 'tokens per minute'],
  ['output_token_throughput', 'output token throughput', 6744, 'tok/min', 112.4, 't/s'],
  ['request_throughput', 'request throughput', 13.5, 'req/s', 810, 'req/min'],
  ['request_throughput', 'request throughput', 810, 'req/min', 13.5, 'requests per second'],
  ['request_throughput', 'request throughput', 13.5, 'req/s', 13.5, 'QPS'],
  ['operation_throughput', 'operation throughput', 4321, '1/s', 4321, 'ops/s'],
  ['operation_throughput', 'operation throughput', 4321, '1/s', 4321, 'per second'],
  ['operation_throughput', 'operation throughput', 4321, '1/s', 4321, '1/s'],
  ['operation_throughput', 'operation throughput', 4321, '1/s', 4.321, 'ops/ms'],
  ['operation_throughput', 'operation throughput', 4321, 'ops/s', 4.321, 'kops/s'],
  ['operation_throughput', 'operation throughput', 4.321, 'ops/ms', 4321, 'operations per second'],
  ['operation_throughput', 'operation throughput', 4.321, 'ops/us', 4.321, 'Mops/s'],
  ['operation_throughput', 'operation throughput', 4.321, 'ops/ns', 4321, 'ops/µs'],
  ['operation_throughput', 'operation throughput', 12.5, 'ops/s', 750, 'ops/min'],
  ['request_throughput', 'request throughput', 2.25, 'req/s', 135, 'requests per minute'],
  ['load_duration', 'load duration', 93, 's', 1.55, 'min'],
  ['operation_throughput', 'operation throughput', 12.5, 'ops/s', 45_000, 'ops/h'],
  ['operation_throughput', 'operation throughput', 4321, '1/s', 4321, 'it/s'],
  ['operation_throughput', 'operation throughput', 4321, '1/s', 4321, 'Hz'],
  ['prefill throughput', 'prefill throughput', 432.1, 'samples/s', 432.1, 'samples per second'],
  ['items', 'items', 2.5, 'Melem/s', 2_500_000, 'elements per second'],
  ['items', 'items', 25_000, 'items/s', 25_000, 'items/s'],
  ['images', 'images', 432.1, 'images/s', 432.1, 'images per second'],
  ['frames', 'frames', 61.5, 'frames/s', 61.5, 'FPS'],
  ['power', 'power draw', 0.3505, 'kW', 350.5, 'W'],
  ['power', 'power draw', 350.5, 'W', 350_500, 'mW'],
  ['energy', 'energy', 0.0052, 'J', 5.2, 'mJ'],
  ['energy', 'energy', 5.2, 'MJ', 5200, 'kJ'],
  ['energy', 'energy', 0.0125, 'kWh', 45, 'kJ'],
  ['energy', 'energy', 45_000, 'J', 12.5, 'Wh'],
  ['energy', 'energy', 9_000_000, 'J', 2.5, 'kilowatt-hours'],
  ['efficiency', 'efficiency', 4.25, 'tok/s/W', 4.25, 'tokens per joule'],
  ['efficiency', 'efficiency', 3_600_000, 'tok/kWh', 1, 'tok/s per watt'],
  ['energy per token', 'energy per token', 0.125, 'J/token', 125, 'mJ/token'],
  ['token time', 'token time', 78_125, 'ns/token', 0.078125, 'ms per token'],
  ['accuracy', 'accuracy', 0.7342, 'ratio', 73.42, '%'],
  ['accuracy', 'accuracy', 73.42, '%', 73.42, 'percent'],
  ['error_rate', 'error rate', 0.0215, 'ratio', 2.15, 'per cent'],
  ['gpu_utilization', 'GPU utilization', 93.5, '%', 93.5, '%'],
  ['clock', 'clock', 1410, 'MHz', 1.41, 'GHz'],
  ['gpu_temperature', 'GPU temperature', 71.5, '°C', 71.5, '°C'],
  ['voltage', 'voltage', 0.875, 'V', 875, 'mV'],
];

const plain = (value: number) => Number(value.toPrecision(12)).toLocaleString('en', { maximumFractionDigits: 12 });

describe('a number in another unit than its file’s', () => {
  it.each(CASES)('%s, %s: %d %s is %d %s', (metric, words, value, unit, said, spelling) => {
    const of = [value, unit] as const;
    expect(verdict(metric, words, of, `${plain(said)} ${spelling}`)).toBe('supported');
    for (const factor of [10, 1000, 0.1, 0.001])
      expect([factor, verdict(metric, words, of, `${plain(said * factor)} ${spelling}`)]).toEqual([factor, 'contradicted']);
  });

  it.each([
    ['energy', 5.2, 'mJ', '5.2 MJ'],
    ['energy', 5.2, 'MJ', '5.2 mJ'],
    ['peak memory', 5.2, 'MB', '5.2 MiB'],
    ['peak memory', 5.2, 'GiB', '5.2 GB'],
    ['transfer', 52.5, 'MB/s', '52.5 Mb/s'],
    ['transfer', 52.5, 'MB/s', '52.5 Mbit/s'],
    ['request latency', 94.1, 'ms', '94.1 s'],
    ['operation throughput', 4321, '1/s', '4321 ops/ms'],
    ['execution time', 421.5, 'ps', '421.5 ns'],
  ])('%s: %d %s is no %s', (words, value, unit, said) => {
    expect(verdict(words.replaceAll(' ', '_'), words, [value, unit], said)).toBe('contradicted');
  });

  it.each([
    ['energy', 5.2, 'mJ', 'Median energy (MJ) of model alpha3-8b: 5.2'],
    ['energy', 5.2, 'MJ', 'The median energy of model alpha3-8b in mJ was 5.2'],
    ['request latency', 94.1, 'ms', 'Median request latency (s) of model alpha3-8b: 94.1'],
  ])('%s: %d %s, not as in: %s', (words, value, unit, page) => {
    const judged = checkPage(page, truthOf(words.replaceAll(' ', '_'), value, unit)).filter(({ claim }) => claim.kind === 'number');
    expect(judged.map(({ verdict: said }) => said)).toEqual(['contradicted']);
  });
});

describe('points', () => {
  const scored = (page: string) =>
    checkPage(
      page,
      createTruth({ facts: [], artifacts: [], paths: ['a.json'], measurements: [measured('performance score', 1234.5)] }),
    ).flatMap(({ claim, verdict: said }) => (claim.kind === 'number' ? [said] : []));
  const measured = (metric: string, value: number) => ({
    path: 'a.json',
    measurement: { metric, statistic: 'value', value, unit: null, n: null, labels: {}, pointer: '/x', failed: false },
  });

  it('of a score are its value, which has no unit', () => {
    expect(scored('In a.json the performance score was 1,234.5 points.')).toEqual(['supported']);
    expect(scored('In a.json it scored a performance score of 12,345 points.')).toEqual(['contradicted']);
  });

  it('by which two differ are none', () => {
    expect(scored('In a.json the performance score rose by 1,234.5 points.')).not.toContain('supported');
  });
});

describe('unitOf', () => {
  it('knows every unit of the shared table, with its factor', () => {
    for (const [name, { times, over }] of Object.entries(UNITS))
      expect([name, unitOf(name)]).toMatchObject([name, { name, factor: times / over }]);
  });

  it.each(['Mj', 'mj', 'gb', 'Kwh', 'Ms/op', 'MS/op', 'toString', '', 'parsec'])('knows no %s', (word) => expect(unitOf(word)).toBeNull());

  it.each([
    ['Tokens/s', 'tok/s'],
    ['MILLISECONDS', 'ms'],
    ['Ops/s', 'ops/s'],
    ['Mb/s', 'Mbit/s'],
  ])('reads %s as %s', (word, name) => expect(unitOf(word)?.name).toBe(name));
});

describe('the pattern of units', () => {
  const whole = new RegExp(`^${UNIT_PATTERN}$`, 'u');
  it('finds each unit by its own name, and as one whole', () => {
    for (const name of Object.keys(UNITS)) if (name !== 'A') expect([name, whole.test(name)]).toEqual([name, true]);
    expect(new RegExp(UNIT_PATTERN, 'u').exec('tok/s/W')?.[0]).toBe('tok/s/W');
    expect(new RegExp(UNIT_PATTERN, 'u').exec('seconds per token')?.[0]).toBe('seconds per token');
  });

  it('finds the longest of any words that is there', () => {
    const word = fc.stringMatching(/^[ab ./]{1,5}$/).filter((text) => text.trim() === text && !text.includes('  '));
    fc.assert(
      fc.property(fc.uniqueArray(word, { minLength: 1, maxLength: 12 }), word, (words, text) => {
        const wanted = words.filter((one) => text.startsWith(one)).sort((a, b) => b.length - a.length)[0];
        expect(new RegExp(`^${anyOf(words)}`, 'u').exec(text)?.[0]).toBe(wanted);
      }),
    );
  });
});

describe('scores of one test', () => {
  const measured = (score: string, filter: string | null, value: number) => ({
    path: 'r.json',
    measurement: {
      metric: 'accuracy',
      statistic: 'mean',
      value,
      unit: 'ratio',
      n: 500,
      labels: { model: MODEL, test: 'arc_easy', score, ...(filter === null ? {} : { filter }) },
      pointer: `/results/arc_easy/${score}`,
      failed: false,
    },
  });
  const truth = createTruth({
    facts: [],
    artifacts: [],
    paths: ['r.json'],
    measurements: [
      measured('acc', null, 0.5125),
      measured('acc_norm', null, 0.4875),
      measured('exact_match', 'strict-match', 0.3125),
      measured('exact_match', 'flexible-extract', 0.3475),
    ],
  });
  it.each([
    ['The mean accuracy by acc_norm on arc_easy was 0.4875.', 'supported'],
    ['The mean accuracy by acc_norm on arc_easy was 48.75 %.', 'supported'],
    ['The mean accuracy by acc_norm on arc_easy was 51.25 %.', 'contradicted'],
    ['The mean accuracy by exact_match (strict-match) on arc_easy was 31.25 %.', 'supported'],
    ['The mean accuracy by exact_match (strict-match) on arc_easy was 34.75 %.', 'contradicted'],
  ])('%s: %s', (page, wanted) => {
    const judged = checkPage(page, truth).flatMap(({ claim, verdict: said }) => (claim.kind === 'number' ? [said] : []));
    expect(judged).toEqual([wanted]);
  });
});
