import type { Artifact, Fact } from '@chimera/shared/domain';
import { describe, expect, it } from 'vitest';
import { checkPage } from './check.ts';
import { createTruth } from './create-truth.ts';
import { claimsIn } from './find-claims.ts';
import { endsWithGlob, holdsGlob } from './glob.ts';
import { stretchesOf } from './page.ts';
import { plainText } from './plain-text.ts';

const SHA = 'a'.repeat(64);
const artifact = (path: string, kind: Artifact['kind']): Artifact => ({
  ...{ path, kind, format: 'generic', bytes: 40, sha256: SHA, status: 'read', reason: null },
  ...{ warnings: [], measurements: 3, records: 3, failed: [] },
});
const MEDIAN: Fact = {
  ...{ id: 'f00000000000000aa', kind: 'group', claim: 'The median of output token throughput of model big:7b in a.csv is 112.4 tok/s.' },
  ...{ metric: 'output_token_throughput', statistic: 'median', value: 112.4, unit: 'tok/s', n: 3, interval: null },
  ...{ labels: { model: 'big:7b' }, scope: 'a.csv', formula: 'median', inputs: [], class: 'measured' },
  sources: [{ path: 'a.csv', sha256: SHA, pointer: 'line 2 column tokens_s' }],
};
const truth = createTruth({
  facts: [MEDIAN],
  artifacts: [artifact('a.csv', 'csv'), artifact(`${'a'.repeat(80)}/b.json`, 'json'), artifact(`${'a'.repeat(80)}.md`, 'markdown')],
});
const spaces = (count: number) => ' '.repeat(count);
const amounts = (page: string) =>
  stretchesOf(plainText(page).text)
    .flatMap((stretch) => claimsIn(stretch.text))
    .flatMap((claim) => (claim.kind === 'number' ? [`${claim.numeral.value}${claim.unit === null ? '' : ` ${claim.unit.name}`}`] : []));
/** Each a page that took minutes and more, for the time grew with a power of its length or doubled with each sign. */
const BUDGET = 20_000;

describe('pages that are made to take long', () => {
  it.each([
    ['a pattern of stars', `It took 5 ms in \`${'*'.repeat(20)}zz.csv\`.`],
    ['a pattern of many stars', `It took 5 ms in \`${'a*'.repeat(30)}zz.csv\`.`],
    ['a count of what a pattern matches', `\`${'a*'.repeat(30)}zz.json\` files: 12`],
    ['white space between a kind and a number', `CSV${spaces(5_000)}x 5 files, CSV${spaces(900)}"x`],
    ['quotes between a file and a number', `a.csv${'"'.repeat(4_000)}x 5 files`],
    ['white space between a value and a name', `5 tok/s${spaces(5_500)}x big:7b`],
    ['white space between a count and a share', `12 CSV files${spaces(5_500)}x 5 %`],
    ['white space in a heading', `# a${spaces(300_000)}b`],
    ['lines of white space in headings', `# a${spaces(5_500)}b\n\n`.repeat(100)],
    ['white space where a rule of a table may begin', `${spaces(300_000)}x`],
    ['white space behind a line in bold', `**a**${spaces(300_000)}x`],
    ['a heading of a million letters', `### ${'a'.repeat(1_000_000)}\n\nIt took 5 ms.`],
    ['a column called by a million letters', `|${'a'.repeat(1_000_000)}|\n|--|\n|5 ms|`],
  ])(
    '%s',
    (_, page) => {
      expect(Array.isArray(checkPage(page, truth))).toBe(true);
    },
    BUDGET,
  );

  it(
    'copies no head of a column for each cell',
    () => {
      const stretches = stretchesOf(`|${'h '.repeat(2_900)}|h|\n|--|--|\n${'|1|1|\n'.repeat(20_000)}`);
      const longest = Math.max(...stretches.map(({ column, row, settings }) => Math.max(column.length, row.length, settings.length)));
      expect(longest).toBeLessThanOrEqual(1_000);
      expect(stretches).toHaveLength(40_000);
    },
    BUDGET,
  );

  it('reads a line that is longer than any person writes as text', () => {
    const [first] = stretchesOf(`# ${'word '.repeat(2_000)}`);
    expect(first?.kind).toBe('paragraph');
    expect(stretchesOf(`|${'h|'.repeat(5_000)}`).every(({ kind }) => kind === 'paragraph')).toBe(true);
  });

  it('frames with no more of a title than a frame may have', () => {
    const found = stretchesOf(`# ${'word '.repeat(500)}\n\nIt took 5 ms.`);
    expect(found.at(-1)?.headings[0]).toHaveLength(1_000);
  });
});

describe('patterns with stars', () => {
  it.each([
    ['runs/a_1.csv', 'a_*.csv', true],
    ['runs/a_1.csv', '*/a_*', true],
    ['a_1.csv', '*/a_*', false],
    ['runs/b/a_1.csv', 'runs/*.csv', false],
    ['runs/aXbXc.csv', 'a*b**c.csv', true],
    ['ab', 'ab*b', false],
    ['aab', 'a*ab', true],
    ['x/a(1).csv', 'a(*).csv', true],
    ['xa.csv', 'a.csv', false],
  ])('%s ends as %s: %s', (path, pattern, expected) => expect(endsWithGlob(path, pattern)).toBe(expected));

  it.each([
    ['runs/conv_bench_1.csv', 'conv*bench', true],
    ['runs/bench_conv.csv', 'conv*bench', false],
    ['a.b', 'a?b', false],
  ])('%s holds %s: %s', (path, pattern, expected) => expect(holdsGlob(path, pattern)).toBe(expected));
});

describe('decimal commas', () => {
  it.each([
    ['Der Durchsatz lag bei 112,4 tok/s.', ['112.4 tok/s']],
    ['Es dauerte 3,25 ms, dann 1.234,5 ms.', ['3.25 ms', '1234.5 ms']],
    ['Es waren 1,2k tok/s.', ['1200 tok/s']],
    ['Im Mittel 112,4, sonst nichts.', ['112.4']],
    ['It saw 1,234 tokens and 1,234,567 bytes.', ['1234 tokens', '1234567 bytes']],
    ['It took 5, 6 or 7 ms.', ['5', '6', '7 ms']],
    ['See [1,2] and devices=0,1.', []],
  ])('%s', (page, expected) => expect(amounts(page)).toEqual(expected));

  it('binds the whole of it, and calls a false one false', () => {
    const verdict = (value: string) =>
      checkPage(`The median output token throughput of big:7b in a.csv is ${value} tok/s.`, truth).find(
        ({ claim }) => claim.kind === 'number',
      );
    expect(verdict('112,4')).toMatchObject({ verdict: 'supported', text: '112,4 tok/s' });
    expect(verdict('119,4')).toMatchObject({ verdict: 'contradicted', text: '119,4 tok/s' });
  });
});

describe('numbers that are no amounts', () => {
  it.each([
    'Call 1-800-555-0199 or (800) 555-0199 or +49 30 1234567.',
    'Ask at ext. 4471, or extension 12.',
    'It is on Floor 3, Room 12.',
    'It listens on port 8000, and on ports 8001 and 8002.',
    'The run 20251002-170837 and 20251002T170837Z.',
  ])('%s', (page) => expect(amounts(page)).toEqual([]));

  it('still reads what stands beside them', () => {
    expect(amounts('It costs $9.99 on port 8000 and took 5 ms in 12 runs.')).toEqual(['9.99 USD', '5 ms', '12']);
    expect(amounts('The export is 512 MB.')).toEqual(['512 MB']);
  });
});
