import { describe, expect, it } from 'vitest';
import { readText } from './formats/reading-for-test.ts';
import { hasPrefixes, withoutPrefixes } from './line-prefixes.ts';

const bare = (text: string): string[] => [...withoutPrefixes(text)];

const RUN = `Running 5s test @ http://h:80/
  1 threads and 2 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     1.25ms    0.50ms  12.00ms   90.00%
    Req/Sec     1.00k     0.10k    2.00k    80.00%

  1000 requests in 5.00s, 1.00MB read
Requests/sec:    200.00
`;
const PREFIXED: readonly [string, (line: string, index: number) => string][] = [
  ['a container', (line) => `load-1  | ${line}`],
  ['a container without a blank behind it', (line) => (line === '' ? 'load-1  |' : `load-1  | ${line}`)],
  ['a time', (line, index) => `2031-02-03T04:05:${10 + index}.1234567Z ${line}`],
  ['a pod', (line) => `[pod/load-x7/main] ${line}`],
  ['a container and a time', (line, index) => `load-1  | 2031-02-03T04:05:${10 + index}Z ${line}`],
  ['colours', (line) => `\u001b[36mload-1  |\u001b[0m ${line}`],
];
const prefixed = (text: string, before: (line: string, index: number) => string): string =>
  `${text.trimEnd().split('\n').map(before).join('\n')}\n`;

describe('marks before each line', () => {
  it.each(PREFIXED)('are taken away: %s', (_, before) => {
    expect(bare(prefixed(RUN, before))).toEqual([RUN]);
    expect(hasPrefixes(prefixed(RUN, before))).toBe(true);
    const reading = readText('load.log', prefixed(RUN, before));
    const plain = readText('load.log', RUN);
    expect(reading.format).toBe('wrk');
    expect(reading.measurements).toEqual(plain.measurements);
    expect(reading.warnings).toEqual([
      'before each line stands a mark that the tool did not print (a colour, a time, the name of a container): they were passed over',
    ]);
  });

  it('are of most lines, or none are', () => {
    expect(bare(RUN)).toEqual([]);
    expect(bare('2031-02-03T04:05:06Z begin\nthis\nthat\n')).toEqual([]);
    expect(bare('a | b\n')).toEqual([]);
    expect(bare('')).toEqual([]);
    expect(hasPrefixes(RUN)).toBe(false);
  });

  it('never put the lines of two containers together', () => {
    const of = (name: string, text: string) =>
      prefixed(text, (line) => `${name}  | ${line}`)
        .trimEnd()
        .split('\n');
    const slow = RUN.replace('1.25ms', '7.75ms').replace('200.00', '20.00');
    const [one, other] = [of('load-1', RUN), of('load-2', slow)];
    // One line of each in turn; and a third container that prints other lines.
    const both = `${one.map((line, index) => `${line}\n${other[index]}\nweb-1 | GET /\n`).join('')}`;
    const reading = readText('load.log', both);
    expect(reading.format).toBe('wrk');
    expect(reading.measurements.map(({ value, statistic }) => [statistic, value])).toEqual(
      readText('load.log', RUN).measurements.map(({ value, statistic }) => [statistic, value]),
    );
    expect(reading.at('line 10 column Latency Avg')?.value).toBe(1.25);
    expect(reading.warnings).toContain(
      'before the lines stand the names of several containers that printed results: those of the first one were read, the others were not',
    );
    const beside = readText('load.log', `${one.map((line) => `web-1 | GET /\n${line}\n`).join('')}`);
    expect(beside.measurements).toHaveLength(reading.measurements.length);
    expect(beside.warnings).toHaveLength(1);
  });

  it('are of one kind: what a line without the time begins with is its own', () => {
    const lines = 'a | 1\n2031-02-03T04:05:06Z b | 2\n2031-02-03T04:05:07Z c\n';
    expect(bare(lines)).toEqual(['a | 1\nb | 2\nc\n']);
  });

  it('glue no numbers together where the cursor was moved', () => {
    expect(bare('12\u001b[5C34\n\u001b[3Cx\u001b[1m\u001b[K7\u001b[0m\n5\u001b[2;9H6\n')).toEqual(['12 34\nx7\n5 6\n']);
  });

  it('keep the lines of CRLF', () => {
    expect(bare(prefixed(RUN, (line) => `load-1  | ${line}`).replaceAll('\n', '\r\n'))).toEqual([RUN.replaceAll('\n', '\r\n')]);
    expect(bare('a | x\r\na |\r\nb | y\r\n')).toEqual(['x\r\n\r\n\r\n', '\r\n\r\ny\r\n']);
  });

  it('leave a text that no format knows as it is', () => {
    expect(readText('x.log', 'a  | one 1\na  | two 2\na  | three 3\n')).toMatchObject({
      format: 'unknown',
      warnings: [],
      measurements: [],
    });
  });

  it('are looked for in the time of reading the text once', () => {
    const long = `${'a'.repeat(200_000)}\n${'b |'.repeat(100_000)}\n${' '.repeat(200_000)}|\n`;
    expect(bare(long)).toEqual([]);
    expect(bare(`\u001b[${'1;'.repeat(200_000)}`)).toEqual([]);
  });
});
