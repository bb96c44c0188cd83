import type { NumberSink } from '@chimera/shared/domain';
import { describe, expect, it } from 'vitest';
import { readStreamed, readWhole } from './stream-for-test.ts';
import { StreamReader } from './stream-reader.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const SINK: NumberSink = { open: () => 0, add: () => {}, addRun: () => {}, drop: () => {} };

/** A small table: some rows to be told by, in this order of columns. */
const TABLE = `model,ttft_ms\n${Array.from({ length: 20 }, (_, row) => `m${row % 2},${row}.5\n`).join('')}`;
const HEAD = TABLE.length;

describe('StreamReader', () => {
  it.each([
    ['one JSON document', 'a.json', '{"a_ms": 1,\n"b": 2}\n'],
    ['a page', 'a.md', '# Title\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n'],
    ['a text', 'a.txt', 'hello\nworld\n'],
    ['nothing', 'a.csv', ''],
    ['one line without an end', 'a.csv', 'a,b'],
    ['a header', 'a.csv', 'a,b\n'],
    ['prose', 'a.csv', 'no table\nat all\n'],
    ['an error message', 'a.csv', 'Error: no such file\nat line 3\n'],
    ['a JSON document under the name of a table', 'a.csv', '[{"a": 1},\n{"a": 2}]\n'],
  ])('does not read %s', (_, path, text) => {
    expect(StreamReader.of({ path, head: bytesOf(text), sink: SINK })).toBeNull();
  });

  it('does not read UTF-16, NULs and bytes that are no text', () => {
    for (const bytes of [Buffer.from(`\ufeff${TABLE}`, 'utf16le'), bytesOf(`\0${TABLE}`), Buffer.from(`${TABLE}\xff\n`, 'latin1')]) {
      expect(StreamReader.of({ path: 'a.csv', head: bytes, sink: SINK })).toBeNull();
    }
  });

  it.each([
    ['a byte order mark', `\ufeff${TABLE}`],
    ['JSON lines under the name of a table', '{"ttft_ms": 1}\n{"ttft_ms": 2}\n'],
    ['letters that were damaged', `${TABLE}mÂµ,3\n`],
    ['a character of four bytes', `${TABLE}m\u{1f600},3\n`],
    ['a number that is cut', `${TABLE}m1,3`],
    ['a number in quotes at the end', `${TABLE}m1,"3"`],
    ['a last row that is cut inside of quotes', `${TABLE}m1,"3`],
    ['a last row that lacks a cell', `${TABLE}m1`],
    ['a quote that swallows rows', `${TABLE}"m1,3\nm2,4\n"m3",5\nm1,6\n`],
    ['a second table', `${TABLE}\nother,names,here\n1,2,3\n`],
    ['blank lines', `${TABLE}\n\n \nm1,3\n`],
    ['carriage returns', TABLE.replaceAll('\n', '\r')],
    ['numbers out of range', `${TABLE}m1,1e200\nm1,1e-200\nm1,1e999\n`],
    ['a number with more digits than a double has', `${TABLE}m1,12345678901234567890\n`],
    ['texts over lines', `${TABLE}"m\n1",3\nm1,4\n`],
  ])('reads %s as it is read whole', (_, text) => {
    const input = { path: 'a.csv', bytes: bytesOf(text) };
    for (const chunk of [1, 3, 65_536]) {
      expect(readStreamed(input, { chunk, head: HEAD })).toEqual(readWhole(input));
    }
  });

  it.each([
    ['a byte that is no UTF-8', Buffer.from(`${TABLE}m\xe9,3\nm1,4\n`, 'latin1')],
    ['a character that is cut', Buffer.from(`${TABLE}m\xe2\x82`, 'latin1')],
    ['a NUL', bytesOf(`${TABLE}m1,\0\n`)],
    ['NULs up to the end', bytesOf(`${TABLE}m1,4\n\0\0\0`)],
    ['a cell that is too long', bytesOf(`${TABLE}${'m'.repeat(1_000_001)},3\n`)],
    ['a row of too many cells', bytesOf(`${TABLE}${','.repeat(10_000)}\n`)],
  ])('refuses %s as it is refused whole', (_, bytes) => {
    const input = { path: 'a.csv', bytes };
    for (const chunk of [5, 65_536]) {
      const { status, reason, cut } = readWhole(input);
      expect(readStreamed(input, { chunk, head: HEAD })).toMatchObject({ status, reason, cut });
    }
  });

  it('refuses a file beyond the limit of bytes, of combinations of labels, and of a row', () => {
    const input = { path: 'a.csv', bytes: bytesOf(`${TABLE}m7,1\nm8,1\nm9,1\n`) };
    expect(readStreamed({ ...input, limits: { maxStreamBytes: 100 } }, { head: HEAD })).toMatchObject({
      status: 'refused',
      reason: 'too large: more than 100 bytes: the limit CHIMERA_MAX_STREAM_BYTES is 100',
    });
    expect(readStreamed({ ...input, limits: { maxNumberColumns: 4 } }, { head: HEAD })).toMatchObject({
      status: 'refused',
      reason:
        'has more than 4 combinations of labels and metrics (at time_to_first_token; the label "model", here "m9", has 4 values so far: without it in the file, or with a higher limit, the file can be read): the limit CHIMERA_MAX_NUMBER_COLUMNS is 4',
    });
  });

  it('lists the first of many failed records, and says how many there are', () => {
    const rows = Array.from({ length: 9 }, (_, row) => `m,${row},broken ${row}\n`).join('');
    const streamed = readStreamed({ path: 'a.csv', bytes: bytesOf(`model,ttft_ms,error\nm,1,\n${rows}`), limits: { maxFailedRecords: 2 } });
    expect(streamed?.failed).toEqual(['line 3: broken 0', 'line 4: broken 1']);
    expect(streamed?.warnings).toEqual(['9 records say that they failed: the first 2 are listed, and none of them counts']);
    expect(streamed?.numbers.filter((number) => number.endsWith('true]'))).toHaveLength(9);
  });

  it('says of a column that was empty in the head and has words later that they label nothing', () => {
    const bytes = bytesOf(`model,kernel,ttft_ms\nm,,1\nm,,2\nm,base,3\nm,base,4\n`);
    const streamed = readStreamed({ path: 'a.csv', bytes }, { head: 33 });
    expect(streamed?.warnings).toEqual([
      'column "kernel" is empty in the first rows and has words further down: they label nothing, because the file was read as a stream',
    ]);
    expect(streamed?.numbers).toHaveLength(4);
  });

  it('takes nothing more once it has refused, and never throws', () => {
    const reader = StreamReader.of({ path: 'a.csv', head: bytesOf(TABLE), limits: { maxStreamBytes: 10 }, sink: SINK });
    reader?.push(bytesOf(TABLE));
    reader?.push(bytesOf(TABLE));
    expect(reader?.end()).toMatchObject({ status: 'refused', kind: 'csv', format: 'generic' });
  });

  it('says that the reader failed where the sink throws', () => {
    const sink: NumberSink = {
      ...SINK,
      add: () => {
        throw new TypeError('no room');
      },
    };
    const reader = StreamReader.of({ path: 'a.csv', head: bytesOf(TABLE), sink });
    reader?.push(bytesOf(TABLE));
    expect(reader?.end()).toMatchObject({
      status: 'refused',
      reason: 'the reader failed, which is a fault of its own: TypeError: no room',
    });
  });
});
