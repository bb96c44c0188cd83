import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readArtifact } from './read-artifact.ts';
import { readStreamed, readWhole } from './stream/stream-for-test.ts';

function read(text: string, path = 'a.csv') {
  const reading = readArtifact({ path, bytes: Buffer.from(text) });
  if (reading.status === 'refused') throw new Error(reading.reason);
  return reading;
}
/** The columns that give numbers, in their order, and the names of all labels. */
function seen(text: string, path?: string) {
  const { measurements, warnings } = read(text, path);
  const columns = [...new Set(measurements.map(({ pointer }) => pointer.replace(/^line \d+ column /, '')))];
  return { columns, labels: [...new Set(measurements.flatMap(({ labels }) => Object.keys(labels)))], warnings };
}
const table = (header: string, first: readonly string[]) =>
  `${header}\n${first.map((cell, row) => `${cell},m${row % 2},${row}.5\n`).join('')}`;

describe('the index that pandas writes in front of a table', () => {
  it.each<[string, string[]]>([
    [',model,ttft_ms', ['0', '1', '2', '3']],
    ['Unnamed: 0,model,ttft_ms', ['0', '1', '2', '3']],
    ['Unnamed: 0.1,model,ttft_ms', ['0', '1', '2', '3']],
    // A part of a longer table.
    [',model,ttft_ms', ['40', '41', '42', '43']],
    [',model,ttft_ms', ['0']],
    ['index,model,ttft_ms', ['0', '1', '2', '3']],
    ['index,model,ttft_ms', ['1', '2', '3', '4']],
    ['level_0,model,ttft_ms', ['0', '1', '2', '3']],
  ])('is neither a measurement nor a label: %s %j', (header, first) => {
    expect(seen(table(header, first))).toEqual({ columns: ['ttft_ms'], labels: ['model'], warnings: [] });
  });

  it('may stand there several times', () => {
    expect(seen(',Unnamed: 0,level_0,index,ttft_ms\n0,0,0,0,7.5\n1,1,1,1,8.5\n').columns).toEqual(['ttft_ms']);
    expect(seen(',depth,index,ttft_ms\n0,5,0,7.5\n1,6,1,8.5\n').columns).toEqual(['depth', 'index', 'ttft_ms']);
  });

  it('counts rows that failed too', () => {
    const { columns } = seen(',error,ttft_ms\n0,,7.5\n1,boom,\n2,,8.5\n');
    expect(columns).toEqual(['ttft_ms']);
  });

  it('stands in Markdown too', () => {
    expect(seen('|    | model | ttft_ms |\n|---:|:--|--:|\n|  0 | a | 7.5 |\n|  1 | b | 8.5 |\n', 'a.md').columns).toEqual(['ttft_ms']);
  });

  it.each<[string, string[], string]>([
    [',model,ttft_ms', ['1', '2', '4', '8'], 'column 1'],
    [',model,ttft_ms', ['0', '2', '1', '3'], 'column 1'],
    [',model,ttft_ms', ['0', '1', '', '3'], 'column 1'],
    [',model,ttft_ms', ['0%', '1%', '2%', '3%'], 'column 1'],
    [',model,ttft_ms', ['512'], 'column 1'],
    ['index,model,ttft_ms', ['5', '6', '7', '8'], 'index'],
    ['index,model,ttft_ms', ['1', '2', '4', '8'], 'index'],
    ['depth,model,ttft_ms', ['0', '1', '2', '3'], 'depth'],
  ])('is none where the column does not count, or is another: %s %j', (header, first, name) => {
    expect(seen(table(header, first)).columns).toEqual([name, 'ttft_ms']);
  });

  it('is none where no header says that the column has no name', () => {
    expect(seen('0,7.5\n1,8.5\n').columns).toEqual(['column 1', 'column 2']);
  });

  it('labels rows as before where it holds names', () => {
    const text = `,ttft_ms\n${['llama', 'qwen', 'llama', 'qwen'].map((name, row) => `${name},${row}.5\n`).join('')}`;
    expect(seen(text)).toEqual({ columns: ['ttft_ms'], labels: ['column_1'], warnings: [] });
  });
});

describe('an index, in a stream', () => {
  const rows = (from: number, count: number) =>
    Array.from({ length: count }, (_, row) => `${from + row},m${row % 3},${row % 7}.5\n`).join('');
  const compare = (header: string, head: string, rest: string) => {
    const text = `${header}\n${head}${rest}`;
    const input = { path: 'a.csv', bytes: Buffer.from(text) };
    const whole = readWhole(input);
    for (const chunk of [7, 65_536]) expect(readStreamed(input, { chunk, head: header.length + 1 + head.length })).toEqual(whole);
    return whole.numbers.some((number) => /column (?:column 1|index)"/.test(number));
  };

  it.each<[string, string, boolean]>([
    ['goes on to count', rows(20, 3_000), false],
    ['begins again', rows(0, 300), true],
    ['leaves one out', rows(21, 300), true],
    ['ends with another number', `${rows(20, 300)}7,m1,2.5\n`, true],
    ['lacks one', `${rows(20, 300)},m1,2.5\n${rows(321, 20)}`, true],
    ['is written in another way', `${rows(20, 300)}320.0,m1,2.5\n+321,m1,2.5\n"322",m1,2.5\n${rows(323, 20)}`, false],
    ['brings a unit', `${rows(20, 300)}320%,m1,2.5\n${rows(321, 20)}`, true],
    ['has a row that is none between', `${rows(20, 300)}a,b\n${rows(320, 20)}`, false],
    ['lacks its line end', `${rows(20, 300)}320,m1,2.5`, false],
  ])('is read as whole where it %s', (_, rest, measured) => {
    for (const header of [',model,ttft_ms', 'index,model,ttft_ms']) expect(compare(header, rows(0, 20), rest)).toBe(measured);
  });

  it('is read as whole where its rows are read together', () => {
    const head = rows(0, 100);
    const own = Array.from({ length: 8_000 }, (_, row) => `${row + 100},k${row},${row % 89}.25\n`).join('');
    expect(compare(',model,ttft_ms', head, own)).toBe(false);
    expect(compare(',model,ttft_ms', head, `${own}5,k5,5\n`)).toBe(true);
  });

  it('is read as whole whatever the numbers are', () => {
    const steps = fc.array(fc.constantFrom(1, 1, 1, 1, 1, 1, 0, 2, -1), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(fc.nat(2), steps, fc.nat(12), (begin, deltas, cut) => {
        const values = [begin];
        for (const delta of deltas) values.push((values.at(-1) ?? 0) + delta);
        const lines = values.map((value) => `${value},m,7.5\n`);
        const at = Math.max(1, Math.min(cut, lines.length));
        const measured = compare(',model,ttft_ms', lines.slice(0, at).join(''), lines.slice(at).join(''));
        expect(measured).toBe(deltas.some((delta) => delta !== 1));
      }),
      { numRuns: 60 },
    );
  });
});
