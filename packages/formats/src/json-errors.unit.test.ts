import { describe, expect, it } from 'vitest';
import { readArtifact } from './read-artifact.ts';
import { readStreamed, readWhole } from './stream/stream-for-test.ts';

/** Pointers and reasons of the records that failed. */
function failed(text: string, path = 'a.json'): string[] {
  const reading = readArtifact({ path, bytes: Buffer.from(text) });
  if (reading.status === 'refused') throw new Error(reading.reason);
  return reading.failed.map(({ pointer, reason }) => `${pointer}: ${reason}`);
}

describe('numbers under the name of a success, in records beside each other', () => {
  it.each(['ok', 'passed', 'success'])('are counts where one is neither 0 nor 1: %s', (key) => {
    expect(failed(`[{"${key}":17},{"${key}":0},{"${key}":1}]`)).toEqual([]);
    expect(failed(`{"results":[{"${key}":17.0},{"${key}":0}]}`)).toEqual([]);
    expect(failed(`{"${key}":17}\n{"${key}":0}\n`, 'a.jsonl')).toEqual([]);
    expect(failed(`[{"${key}":1},{"${key}":0}]`)).toEqual([`/1: ${key} is 0`]);
    expect(failed(`[{"${key}":17},{"${key}":false}]`)).toEqual([`/1: ${key} is false`]);
    expect(failed(`{"a":[{"${key}":17}],"b":[{"${key}":0}]}`)).toEqual([`/b/0: ${key} is 0`]);
  });

  const lines = (count: number, ok: (line: number) => number) =>
    Array.from({ length: count }, (_, line) => `{"ms":${line + 1}.5,"ok":${ok(line)}}\n`).join('');

  it('are counts in a stream too', () => {
    const head = lines(30, (line) => line % 5);
    const input = { path: 'a.jsonl', bytes: Buffer.from(head + lines(300, (line) => line % 3)) };
    const whole = readWhole(input);
    expect(whole.failed).toEqual([]);
    for (const chunk of [7, 65_536]) expect(readStreamed(input, { chunk, head: head.length })).toEqual(whole);
  });

  it('say in a stream where they turn out to be counts late', () => {
    const head = lines(30, (line) => line % 2);
    const input = { path: 'a.jsonl', bytes: Buffer.from(head + lines(300, (line) => (line === 150 ? 7 : line % 2))) };
    const streamed = readStreamed(input, { chunk: 65_536, head: head.length });
    // The zeros of the head, and of the lines above the first count.
    expect(streamed?.failed).toHaveLength(15 + 75);
    expect(streamed?.warnings).toEqual([
      '"ok" counts from a line on that comes late: a 0 above it was taken for a failure, because the file was read as a stream',
    ]);
  });
});

describe('texts under error, in records beside each other', () => {
  it.each([
    ['"0.013"', '"0.020"'],
    ['"0,013"', '"0,5 %"'],
    ['"1,234"', '0.5'],
    ['"0.4 ms"', '"0.5 ms"'],
    ['0.013', '"0.020"'],
  ])('are bounds and rates where all are numbers: %s %s', (one, other) => {
    expect(failed(`[{"ms":1,"error":${one}},{"ms":2,"error":${other}}]`)).toEqual([]);
    expect(failed(`{"ms":1,"error":${one}}\n{"ms":2,"error":${other}}\n`, 'a.jsonl')).toEqual([]);
  });

  it('are messages and codes else', () => {
    expect(failed('[{"ms":1,"error":"0.013"},{"ms":2,"error":"no GPU"}]')).toEqual(['/0: 0.013', '/1: no GPU']);
    expect(failed('[{"ms":1,"error":""},{"ms":2,"error":"500"}]')).toEqual(['/1: 500']);
    expect(failed('{"ms":1,"error":"0.013"}')).toEqual([': 0.013']);
  });

  it('are the same in a stream', () => {
    const lines = (count: number, of: (line: number) => string) =>
      Array.from({ length: count }, (_, line) => `{"ms":${line + 1}.5,"error":"${of(line)}"}\n`).join('');
    const head = lines(30, (line) => `0.0${line + 10}`);
    const late = (text: (line: number) => string) => (line: number) => (line === 220 ? 'no GPU' : text(line));
    for (const rest of [(line: number): string => `0,${line + 1}`, late(() => ''), late((line) => `0.0${line + 10}`)]) {
      const input = { path: 'a.jsonl', bytes: Buffer.from(head + lines(300, rest)) };
      const streamed = readStreamed(input, { chunk: 65_536, head: head.length });
      // Behind a word, all are messages, also those that are numbers.
      const above = streamed?.failed.filter((one) => Number(/line (\d+)/.exec(one)?.[1]) < 251);
      expect(above).toEqual([]);
      expect(streamed?.failed.some((one) => one.includes('no GPU'))).toBe(rest(220) === 'no GPU');
      expect(readStreamed(input, { chunk: 7, head: head.length })).toEqual(streamed);
    }
  });
});
