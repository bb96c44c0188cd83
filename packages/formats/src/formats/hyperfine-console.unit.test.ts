import { describe, expect, it } from 'vitest';
import { expectNoFaultWhenMangled, expectNoOtherNumberWhereCut } from '../../../../test/support/mangling.ts';
import { readText } from './reading-for-test.ts';

const TWO = `$ hyperfine --warmup 2 'work --fast' 'work --slow'
Benchmark 1: work --fast
  Time (mean ± σ):     103.2 ms ±   0.7 ms    [User: 81.1 ms, System: 12.5 ms]
  Range (min … max):   102.1 ms … 104.6 ms    28 runs
 
Benchmark 2: work --slow
  Time (mean ± σ):      1.205 s ±  0.031 s    [User: 1.100 s, System: 0.090 s]
  Range (min … max):    1.170 s …  1.260 s    10 runs
 
Summary
  work --fast ran
   11.68 ± 0.31 times faster than work --slow
`;
const ONE = `Benchmark #1: build
done in 3 s
  Time (abs ≡):        23.463 s               [User: 23.413 s, System: 0.043 s]
 
`;
const numbers = (text: string) =>
  readText('h.txt', text).measurements.map(({ metric, statistic, value, unit, n, pointer }) => [
    metric,
    statistic,
    value,
    unit,
    n,
    pointer,
  ]);

describe('hyperfine, on the terminal', () => {
  it('reads each time in its unit, with the number of runs, and not what only compares', () => {
    const reading = readText('h.txt', TWO);
    expect(reading).toMatchObject({ format: 'hyperfine', records: 2, failed: [], warnings: [] });
    expect(numbers(TWO)).toEqual([
      ['execution_time', 'mean', 103.2, 'ms', 28, 'line 3 column Time mean'],
      ['execution_time', 'stddev', 0.7, 'ms', 28, 'line 3 column Time σ'],
      ['User', 'mean', 81.1, 'ms', 28, 'line 3 column User'],
      ['System', 'mean', 12.5, 'ms', 28, 'line 3 column System'],
      ['execution_time', 'min', 102.1, 'ms', 28, 'line 4 column Range min'],
      ['execution_time', 'max', 104.6, 'ms', 28, 'line 4 column Range max'],
      ['execution_time', 'mean', 1.205, 's', 10, 'line 7 column Time mean'],
      ['execution_time', 'stddev', 0.031, 's', 10, 'line 7 column Time σ'],
      ['User', 'mean', 1.1, 's', 10, 'line 7 column User'],
      ['System', 'mean', 0.09, 's', 10, 'line 7 column System'],
      ['execution_time', 'min', 1.17, 's', 10, 'line 8 column Range min'],
      ['execution_time', 'max', 1.26, 's', 10, 'line 8 column Range max'],
    ]);
    expect(reading.measurements[0]?.labels).toEqual({ tool: 'hyperfine', command: 'work --fast' });
  });

  it('reads the only run of a command as one, among the lines of the command itself', () => {
    expect(numbers(ONE)).toEqual([
      ['execution_time', 'value', 23.463, 's', null, 'line 3 column Time abs'],
      ['User', 'value', 23.413, 's', 1, 'line 3 column User'],
      ['System', 'value', 0.043, 's', 1, 'line 3 column System'],
    ]);
  });

  it('reads microseconds, and versions that do not say how many runs there were', () => {
    const old = TWO.replaceAll(/ {4}\d+ runs/g, '').replace('103.2 ms ±   0.7 ms', '103.2 µs ±   0.7 µs');
    expect(numbers(old).slice(0, 2)).toEqual([
      ['execution_time', 'mean', 103.2, 'us', null, 'line 3 column Time mean'],
      ['execution_time', 'stddev', 0.7, 'us', null, 'line 3 column Time σ'],
    ]);
  });

  it('counts a command as failed whose exit code was ignored, or that ended all', () => {
    const ignored = TWO.replace(' \nSummary', '\n  Warning: Ignoring non-zero exit code.\n \nSummary');
    const reading = readText('h.txt', ignored);
    expect(reading.failed).toEqual([{ pointer: 'line 6', reason: 'an exit code that was not 0 was ignored ("work --slow")' }]);
    expect(reading.measurements.map(({ failed }) => failed)).toEqual([...Array(6).fill(false), ...Array(6).fill(true)]);
    const ended = `${TWO}Benchmark 3: work --not\nError: Command terminated with non-zero exit code: 127. Use the '-i'/'--ignore-failure' option.\n`;
    expect(readText('h.txt', ended).failed).toEqual([
      {
        pointer: 'line 13',
        reason: expect.stringMatching(/^Command terminated with non-zero exit code: 127\. .*\("work --not"\)$/),
      },
    ]);
  });

  it('reads what was pasted with a margin, coloured, or with other ends of lines', () => {
    const values = numbers(TWO).map(([, , value]) => value);
    const coloured = TWO.replace(/^(Benchmark \d)/gm, '\u001b[1m$1\u001b[0m').replaceAll('mean', '\u001b[1;32mmean\u001b[0m');
    for (const text of [TWO.replace(/^/gm, '\t'), TWO.replaceAll('\n', '\r\n'), coloured])
      expect(numbers(text).map(([, , value]) => value)).toEqual(values);
  });

  it('says where a command has no time', () => {
    const cut = readText('h.txt', `${TWO}Benchmark 3: work --more\n`);
    expect(cut.warnings).toEqual(['line 13: "work --more" has no time, or no range of it: it was not read']);
    expect(cut.records).toBe(2);
  });

  it('does not claim other texts', () => {
    expect(readText('h.txt', 'Benchmark 1: a thing\n').format).toBe('unknown');
    expect(readText('h.txt', '  Time (mean ± σ):     103.2 ms ±   0.7 ms\n').format).toBe('unknown');
    expect(readText('h.md', TWO).format).toBe('generic');
  });

  it('survives whatever stands there', () => {
    for (const text of [TWO, ONE]) expectNoFaultWhenMangled('h.txt', text);
    expectNoOtherNumberWhereCut('h.txt', TWO + ONE);
  });
});
