import { describe, expect, it } from 'vitest';
import { readArtifact } from './read-artifact.ts';
import { readStreamed, readWhole } from './stream/stream-for-test.ts';

const SPREAD = 'a number with ± has a spread, and nobody says which';
const SIGN = 'a sign before its numbers is not read';
const MULTIPLE = 'what stands behind its numbers is no unit that is known';
const GROUPS = 'blanks or apostrophes in a number may group thousands';

function read(text: string, path = 'a.csv') {
  const reading = readArtifact({ path, bytes: Buffer.from(text) });
  if (reading.status === 'refused') throw new Error(reading.reason);
  return reading;
}
/** What a column of these cells brings beside a column of numbers. */
function column(name: string, cells: readonly string[], path?: string) {
  const table =
    path === 'a.md'
      ? `| ttft_ms | ${name} |\n|--|--|\n${cells.map((cell) => `| 7.5 | ${cell} |\n`).join('')}`
      : `ttft_ms;${name}\n${cells.map((cell) => `7.5;${cell}\n`).join('')}`;
  const { measurements, warnings } = read(table, path);
  return { numbers: measurements.filter(({ metric }) => metric !== 'time_to_first_token').map(({ value }) => value), warnings };
}

describe('numbers that are written in a way that is not read', () => {
  it.each<[string[], string]>([
    [['12.5 ± 0.3', '13.5 ± 0.4'], SPREAD],
    [['12.5±0.3', '-', '13.5±0.4'], SPREAD],
    [['12.5 +/- 0.3'], SPREAD],
    [['12.5 ms ± 0.3 ms'], SPREAD],
    [['12,5 ± 0,3 ms'], SPREAD],
    [['1 234,5', '2 345,5'], GROUPS],
    [['1 234', '12 345 678'], GROUPS],
    [["1'234", "12'345.5"], GROUPS],
    [['1\u202f234,5 ms', '1\u00a0234,5 ms'], GROUPS],
    // One is too small to have anything grouped.
    [['1 234,5', '234,5'], GROUPS],
    [["1'234", '234'], GROUPS],
    [['\u22121.5', '\u22122.5'], SIGN],
    [['~12 ms', '~14 ms'], SIGN],
    [['<1 ms', '2 ms'], SIGN],
    [['$0.002', '$0.003'], SIGN],
    [['±1', '±2'], SIGN],
    [['1.5K', '2.1M'], MULTIPLE],
    [['45.2 fps', '60 fps'], MULTIPLE],
    [['1.5 TFLOPS', '2.5 TFLOPS'], MULTIPLE],
    [['12 img/s', '-', '14 img/s'], MULTIPLE],
    [['12.5 Gb/s'], MULTIPLE],
    [['1m23s', '1h 2m 10.5s'], MULTIPLE],
  ])('keep their column out, and that is said: %j', (cells, why) => {
    for (const [path, line] of [
      ['a.csv', 2],
      ['a.md', 3],
    ] as const) {
      const { numbers, warnings } = column('speed', cells, path);
      expect(numbers).toEqual([]);
      expect(warnings).toEqual([`column "speed" (line ${line}: "${cells[0]?.replace(/\s/g, ' ')}") was left out: ${why}`]);
    }
  });

  it('are told where they stand among numbers that can be read too, unless words do', () => {
    expect(column('speed', ['12.5', '12.5 ± 0.3']).warnings).toEqual([`column "speed" (line 3: "12.5 ± 0.3") was left out: ${SPREAD}`]);
    expect(column('speed', ['12.5', '1 234', 'fast']).warnings).toEqual(['column "speed" was left out: line 3 has "1 234" among numbers']);
  });

  it('are words beside numbers that are read, and labels where they repeat', () => {
    expect(column('speed', ['12', '1.5K']).warnings).toEqual(['column "speed" was left out: line 3 has "1.5K" among numbers']);
    const { measurements, warnings } = read('ttft_ms,kind\n1,2K\n2,2K\n3,4K\n4,4K\n');
    expect(measurements.map(({ labels }) => labels)).toEqual(['2K', '2K', '4K', '4K'].map((kind) => ({ kind })));
    expect(warnings).toEqual([]);
  });

  it('are said in one sentence of several columns', () => {
    expect(read('a_ms;b_ms;c_ms\n1 ± 2;3 ± 4;1\n').warnings).toEqual([
      `columns "a_ms" (line 2: "1 ± 2"), "b_ms" (line 2: "3 ± 4") were left out: ${SPREAD}`,
    ]);
  });

  it.each<[string, string[]]>([
    ['note', ['12.5 ± 0.3', 'as before']],
    ['note', ['fast', '1 234']],
    ['model', ['7 000', '8 000']],
    ['batch_size', ['1 024', '2 048']],
    ['date', ['2026 001', '2026 002']],
    ['phone', ['01 234 567', '01 234 568']],
    ['range', ['1-2', '3-4']],
    ['quant', ['4 bit', '8 bit']],
    ['weights', ['8x7B', '8x22B']],
    ['ctx', ['32K', '128K']],
    ['chunk', ['1K', '2K']],
    ['clock', ['12:34:56', '12:34:57']],
    ['address', ['10.0.0.1', '10.0.0.2']],
    ['revision', ['1a', '2b']],
    ['comment', ['~12 ms', '1.5x']],
    ['seen', ['1.5K', 'never']],
    ['speedup', ['1.5x', '2.1x']],
  ])('are texts where they stand among words, or under what was set: %s %j', (name, cells) => {
    expect(column(name, cells).warnings).toEqual([]);
  });

  it('are told in a stream as whole', () => {
    // Cells that repeat would label the rows.
    const rows = (cell: string, begin: number, count: number) =>
      Array.from({ length: count }, (_, row) => `m;7.5;${cell.replace('#', String(begin + row))}\n`).join('');
    for (const [cell, rest] of [
      ['12.# ± 0.3', '13.# ± 0.4'],
      ['1 234,#', '999,#'],
      ["1'234.#", "2'345.#"],
      ['12.# ± 0.3', '13.# ± 0.4 ms'],
      ['1 #', '#'],
      ['#', '1 #'],
      ['#', '12.# ± 0.3'],
      ['~#', '~#'],
      ['#K', '#K'],
    ] as const) {
      const head = `model;ttft_ms;speed\n${rows(cell, 100, 30)}`;
      const input = { path: 'a.csv', bytes: Buffer.from(head + rows(rest, 130, 300)) };
      const whole = readWhole(input);
      expect(whole.warnings).toHaveLength(1);
      for (const chunk of [7, 65_536]) expect(readStreamed(input, { chunk, head: head.length })).toEqual(whole);
    }
  });
});
