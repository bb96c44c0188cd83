import { describe, expect, it } from 'vitest';
import { expectNoFaultWhenMangled, expectNoOtherNumberWhereCut } from '../../../../test/support/mangling.ts';
import { readText } from './reading-for-test.ts';

const ORG = `| Command  |  Mean [ms] |  Min [ms] |  Max [ms] |  Relative |
|--+--+--+--+--|
| =work --fast=  |  103.2 ± 0.7 |  102.1 |  104.6 |  1.00 |
| =work --slow=  |  203.5 ± 0.9 |  202.2 |  205.0 |  1.97 ± 0.02 |
`;
const ASCIIDOC = `[cols="<,>,>,>,>"]
|===
| Command${' '}
| Mean [s]${' '}
| Min [s]${' '}
| Max [s]${' '}
| Relative${' '}

| \`work --fast\`${' '}
| 1.205 ± 0.031${' '}
| 1.170${' '}
| 1.260${' '}
| 1.00${' '}

| \`work | wc\`${' '}
| 2.500${' '}
| 2.400${' '}
| 2.600${' '}
| 2.07 ± 0.05${' '}
|===
`;
const brief = (path: string, text: string) =>
  readText(path, text).measurements.map(({ metric, statistic, value, unit, pointer, labels }) => [
    metric,
    statistic,
    value,
    unit,
    pointer,
    labels.command,
  ]);

describe('hyperfine, tables of other marks', () => {
  it('reads Org', () => {
    const reading = readText('bench.org', ORG);
    expect(reading).toMatchObject({ format: 'hyperfine', records: 2, failed: [], warnings: [] });
    expect(brief('bench.org', ORG)).toEqual([
      ['execution_time', 'mean', 103.2, 'ms', 'line 3 column Mean [ms]', 'work --fast'],
      ['execution_time', 'stddev', 0.7, 'ms', 'line 3 column Mean [ms]', 'work --fast'],
      ['execution_time', 'min', 102.1, 'ms', 'line 3 column Min [ms]', 'work --fast'],
      ['execution_time', 'max', 104.6, 'ms', 'line 3 column Max [ms]', 'work --fast'],
      ['execution_time', 'mean', 203.5, 'ms', 'line 4 column Mean [ms]', 'work --slow'],
      ['execution_time', 'stddev', 0.9, 'ms', 'line 4 column Mean [ms]', 'work --slow'],
      ['execution_time', 'min', 202.2, 'ms', 'line 4 column Min [ms]', 'work --slow'],
      ['execution_time', 'max', 205, 'ms', 'line 4 column Max [ms]', 'work --slow'],
    ]);
  });

  it('reads AsciiDoc, each row by the line on which it begins', () => {
    expect(readText('bench.adoc', ASCIIDOC)).toMatchObject({ format: 'hyperfine', records: 2, failed: [], warnings: [] });
    expect(brief('bench.adoc', ASCIIDOC)).toEqual([
      ['execution_time', 'mean', 1.205, 's', 'line 9 column Mean [s]', 'work --fast'],
      ['execution_time', 'stddev', 0.031, 's', 'line 9 column Mean [s]', 'work --fast'],
      ['execution_time', 'min', 1.17, 's', 'line 9 column Min [s]', 'work --fast'],
      ['execution_time', 'max', 1.26, 's', 'line 9 column Max [s]', 'work --fast'],
      ['execution_time', 'mean', 2.5, 's', 'line 15 column Mean [s]', 'work | wc'],
      ['execution_time', 'min', 2.4, 's', 'line 15 column Min [s]', 'work | wc'],
      ['execution_time', 'max', 2.6, 's', 'line 15 column Max [s]', 'work | wc'],
    ]);
  });

  it('says which rows it could not read', () => {
    const piped = readText('bench.org', ORG.replace('work --slow', 'work | wc'));
    expect(piped.records).toBe(1);
    expect(piped.warnings).toEqual(['line 4: the row has not as many cells as the header: it was not read']);
    const cut = readText('bench.adoc', ASCIIDOC.slice(0, ASCIIDOC.indexOf('| 2.400')));
    expect(cut.records).toBe(1);
    expect(cut.warnings).toEqual(['line 15: the row has not as many cells as the header: it was not read']);
  });

  it('reads a long table', () => {
    const row = ASCIIDOC.slice(ASCIIDOC.indexOf('| `work --fast`'), ASCIIDOC.indexOf('| `work | wc`'));
    const long = ASCIIDOC.replace(row, row.repeat(400));
    expect(readText('bench.adoc', long)).toMatchObject({ format: 'hyperfine', records: 401, warnings: [] });
  });

  it('does not claim other tables', () => {
    expect(readText('x.org', ORG.replace('Mean [ms]', 'Size')).format).toBe('unknown');
    expect(readText('x.adoc', ASCIIDOC.replace('Mean [s]', 'Size')).format).toBe('unknown');
  });

  it('survives whatever stands there', () => {
    for (const [path, text] of [
      ['bench.org', ORG],
      ['bench.adoc', ASCIIDOC],
    ] as const) {
      expectNoFaultWhenMangled(path, text);
      expectNoOtherNumberWhereCut(path, text);
    }
  });
});
