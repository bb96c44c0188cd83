import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { expectNoFaultWhenMangled } from '../../../../test/support/mangling.ts';
import { readSample, readText, SAMPLES } from './reading-for-test.ts';

const LIST = [
  { name: 'Start-up', unit: 'ms', value: 12.5, range: '± 3', extra: 'of 10 runs' },
  { name: 'Heap', unit: 'Megabytes', value: '64' },
];

describe('github-action-benchmark, custom', () => {
  it('reads entries by their names, in the unit that stands there', () => {
    const reading = readText('b.json', JSON.stringify(LIST));
    expect(reading).toMatchObject({ format: 'github-action-benchmark', records: 2, failed: [], warnings: [] });
    expect(reading.measurements.map(({ metric, statistic, value, unit, pointer }) => [metric, statistic, value, unit, pointer])).toEqual([
      ['Start-up', 'value', 12.5, 'ms', '/0/value'],
      ['Heap', 'value', 64, 'MB', '/1/value'],
    ]);
  });

  it.each([
    ['entries with other keys', [{ name: 'a', unit: 's', value: 1, model: 'x' }]],
    ['a list of which one is none', [...LIST, { name: 'a' }]],
    ['entries without a unit', [{ name: 'a', value: 1 }]],
    ['no numbers', [{ name: 'a', unit: 's', value: 'fast' }]],
    ['an entry alone', LIST[0]],
    ['an empty list', []],
  ])('does not claim %s', (_, value) => {
    expect(readText('b.json', JSON.stringify(value)).format).toBe('generic');
  });

  it('survives whatever stands there', () => {
    expectNoFaultWhenMangled('b.json', JSON.stringify(LIST));
  });
});

const HISTORY = {
  lastUpdate: 1700000002000,
  repoUrl: 'https://example.org/a',
  entries: {
    'My/suite': [
      {
        commit: { id: 'abc123', timestamp: '2026-01-02T03:04:05Z' },
        date: 1700000000000,
        tool: 'go',
        benches: [
          { name: 'BenchmarkGet', value: 12.5, unit: 'ns/op\t      64 B/op', extra: '100 times', new: 1 },
          { name: 'BenchmarkPut', value: 250, unit: 'ns/op', range: '± 3' },
          { name: 'lost' },
        ],
      },
      {
        commit: { id: 'def456' },
        date: 1700000001000,
        tool: 'customSmallerIsBetter',
        benches: [{ name: 'Heap', value: '64', unit: 'MiB' }],
      },
    ],
  },
};

describe('github-action-benchmark, its history', () => {
  const text = JSON.stringify(HISTORY, null, 2);

  it.each([
    ['data.js', `window.BENCHMARK_DATA = ${text}`],
    ['data.js', `window.BENCHMARK_DATA = ${text};\n`],
    ['data.json', text],
  ])('has a suite, a commit and a time for each run: %s', (path, content) => {
    const reading = readText(path, content);
    expect(reading).toMatchObject({ format: 'github-action-benchmark', records: 3, failed: [] });
    expect(reading.measurements.map(({ metric, value, unit, labels, pointer }) => [metric, value, unit, labels.commit, pointer])).toEqual([
      ['BenchmarkGet', 12.5, 'ns/op', 'abc123', '/entries/My~1suite/0/benches/0/value'],
      ['BenchmarkPut', 250, 'ns/op', 'abc123', '/entries/My~1suite/0/benches/1/value'],
      ['Heap', 64, 'MiB', 'def456', '/entries/My~1suite/1/benches/0/value'],
    ]);
    expect(reading.measurements[0]?.labels).toEqual({
      tool: 'github-action-benchmark',
      suite: 'My/suite',
      harness: 'go',
      commit: 'abc123',
      timestamp: '1700000000000',
    });
    expect(reading.warnings).toEqual([
      '/entries/My~1suite/0/benches/2: no name, unit and number: it was not read',
      '/entries/My~1suite/0/benches/0/unit: "64 B/op" behind the unit was not read',
    ]);
  });

  it('is refused where the script is cut, or no data', () => {
    expect(() => readText('data.js', `window.BENCHMARK_DATA = ${text.slice(0, -20)}`)).toThrow('is cut off');
    expect(() => readText('data.js', 'window.BENCHMARK_DATA = {"entries": no}')).toThrow('is no JSON');
    expect(readText('data.js', 'window.OTHER = {"entries": {}}').format).toBe('unknown');
    expectNoFaultWhenMangled('data.js', `window.BENCHMARK_DATA = ${text}`);
  });
});

const absent = !existsSync(`${SAMPLES}github-action-benchmark`);

describe.skipIf(absent)(`github-action-benchmark, real samples${absent ? ' (left out: they are not here)' : ''}`, () => {
  it.each(['1-customSmallerIsBetter.json', '2-customBiggerIsBetter.json'])('%s', (name) => {
    const raw: { name: string; value: number }[] = JSON.parse(readFileSync(`${SAMPLES}github-action-benchmark/${name}`, 'utf8'));
    const reading = readSample(`github-action-benchmark/${name}`);
    expect(reading.format).toBe('github-action-benchmark');
    expect(reading.measurements.map(({ metric, value }) => ({ name: metric, value }))).toEqual(
      raw.map(({ name, value }) => ({ name, value })),
    );
  });
});
