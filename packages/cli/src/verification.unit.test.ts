import { type CheckedClaim, checkPage, createTruth } from '@chimera/grounding';
import type { Artifact, Fact } from '@chimera/shared/domain';
import { describe, expect, it } from 'vitest';
import { verificationOf } from './verification.ts';
import { verificationJson } from './verification-json.ts';
import { verificationListing } from './verification-listing.ts';

const SHA = 'a'.repeat(64);
const MEDIAN: Fact = {
  ...{ id: 'f00000000000000aa', kind: 'group', claim: 'The median of output token throughput of model big:7b in a.csv is 21.5 tok/s.' },
  ...{ metric: 'output_token_throughput', statistic: 'median', value: 21.5, unit: 'tok/s', n: 3, interval: null },
  ...{ labels: { model: 'big:7b' }, scope: 'a.csv', formula: 'median', inputs: [], class: 'measured' },
  sources: [
    { path: 'a.csv', sha256: SHA, pointer: 'line 2 column tokens_s … line 4 column tokens_s' },
    { path: 'b.csv', sha256: SHA, pointer: 'line 2 column tokens_s' },
  ],
};
const artifact: Artifact = {
  ...{ path: 'a.csv', kind: 'csv', format: 'generic', bytes: 40, sha256: SHA, status: 'read', reason: null },
  ...{ warnings: [], measurements: 3, records: 3, failed: [] },
};
const truth = createTruth({ facts: [MEDIAN], artifacts: [artifact] });

const HEAD = { report: 'report.md', against: 'results', artifacts: { inventory: SHA, refused: 0, total: 1 }, facts: truth.facts };
const verified = (page: string, checked: readonly CheckedClaim[] = checkPage(page, truth)) => verificationOf(page, checked, HEAD);

/** Claims as the checker would find them, each by its words; all of one verdict. */
function claims(page: string, words: readonly string[], more: Partial<CheckedClaim> = {}): CheckedClaim[] {
  let from = 0;
  return words.map((text) => {
    const start = page.indexOf(text, from);
    from = start + text.length;
    const numeral = { value: Number.parseFloat(text), step: 1, digits: 1 };
    return {
      ...{ claim: { kind: 'number', start, end: from, text, hedge: null, numeral, unit: null, noun: '', by: 'digits' } },
      ...{ verdict: 'unsupported', why: 'no number says so', facts: [], entries: [], truth: null, start, end: from, text },
      ...more,
    };
  });
}
const listed = (page: string, checked: readonly CheckedClaim[], all = false) => [...verificationListing(verified(page, checked), all)];

describe('verificationOf', () => {
  it('gives places as editors count them, over every sort of line end, and puts claims in the order of the page', () => {
    const page = 'a\r\n\u{1f600} 5 x\rb\n  7 y';
    const { claims: found } = verified(page, claims(page, ['5', '7']).reverse());
    expect(found.map(({ text, line, column }) => [text, line, column])).toEqual([
      ['5', 2, 4],
      ['7', 4, 3],
    ]);
  });

  it('tells what is stated: numbers with their unit, both ends of a range, the whole of a part, dates as far as they are told', () => {
    const page =
      'Throughput was 21.5 tok/s, between 3 and 9 ms; 2 of 4 CSV files, from 2025-11-14 to 2025-11-15 and at 2025-11-14 18:53:30 UTC, in March 2024. p = 0.04. It has 1e999 files.';
    const stated = verified(page).claims.map(({ text, value, to, of, unit }) => [text, value, to, of, unit]);
    expect(stated).toContainEqual(['21.5 tok/s', 21.5, undefined, undefined, 'tok/s']);
    expect(stated.find(([text]) => String(text).includes('3 and 9'))).toEqual(['3 and 9 ms', 3, 9, undefined, 'ms']);
    expect(stated).toContainEqual(['2 of 4', 2, undefined, 4, undefined]);
    expect(stated.find(([, value]) => value === '2025-11-14')?.slice(1, 3)).toEqual(['2025-11-14', '2025-11-15']);
    expect(stated.map(([, value]) => value)).toEqual(expect.arrayContaining(['2025-11-14T18:53:30Z', '2024-03', 0.04]));
    for (const [, value] of stated) if (typeof value === 'number') expect(Number.isFinite(value)).toBe(true);
  });

  it('counts, and gives those facts that claims name', () => {
    const { counts, facts } = verified('The median output token throughput of big:7b is 21.5 tok/s in a.csv.');
    expect(counts.supported).toBeGreaterThan(0);
    expect(counts.claims).toBe(counts.supported + counts.contradicted + counts.unsupported);
    expect([...facts.keys()]).toEqual([MEDIAN.id]);
  });
});

describe('verificationJson', () => {
  it('is one document, without anything that a terminal would act on', () => {
    const page = 'Throughput 5\u009b31m\u202e.';
    const text = [...verificationJson(verified(page, claims(page, ['5\u009b31m\u202e'])))].join('');
    expect(text).not.toMatch(/[\u0080-\u009f\u202e]/);
    expect(JSON.parse(text)).toEqual({
      schema: 'chimera.verification/v1',
      report: 'report.md',
      artifacts: { inventory: SHA, total: 1, refused: 0 },
      counts: { claims: 1, supported: 0, contradicted: 0, unsupported: 1 },
      claims: [
        ...[{ text: '5\u009b31m\u202e', line: 1, column: 12, value: 5, verdict: 'unsupported', facts: [], why: 'no number says so' }],
      ],
      facts: {},
    });
  });

  it('names the single number that says otherwise, or the facts', () => {
    const page = '99 and 98';
    const [one, other] = claims(page, ['99', '98'], { verdict: 'contradicted', truth: '21.5 tok/s' });
    const entry = {
      ...{ fact: null, value: 21.5, unit: null, metric: 0, statistics: new Set(['value'] as const), labels: {} },
      ...{ scope: 'a.csv', n: null, pointer: 'line 3 column tokens_s', configuration: 0 },
    };
    if (!one || !other) throw new Error('two claims were made');
    const both = [
      { ...one, entries: [entry] },
      { ...other, entries: [{ ...entry, fact: MEDIAN }], facts: [MEDIAN.id] },
    ];
    const { claims: found, facts } = JSON.parse([...verificationJson(verified(page, both))].join(''));
    expect(found[0].source).toEqual({ path: 'a.csv', pointer: 'line 3 column tokens_s' });
    expect(found[0].truth).toBe('21.5 tok/s');
    expect(found[1]).not.toHaveProperty('source');
    expect(facts).toEqual({ [MEDIAN.id]: { claim: MEDIAN.claim, sources: MEDIAN.sources } });
  });
});

describe('verificationListing', () => {
  it('begins with the sum and lists what is not supported, with the true value and where it stands', () => {
    const page = 'It was 99 and 7 and 5';
    const [contradicted] = claims(page, ['99'], { verdict: 'contradicted', why: 'the artifacts say otherwise', truth: '21.5 tok/s' });
    const [supported] = claims(page, ['7'], { verdict: 'supported', why: 'it is so', facts: [MEDIAN.id] });
    const checked = [
      ...(contradicted ? [{ ...contradicted, facts: [MEDIAN.id] }] : []),
      ...(supported ? [supported] : []),
      ...claims(page, ['5']),
    ];
    expect(listed(page, checked)).toEqual([
      '3 claims: 1 supported, 1 contradicted, 1 unsupported',
      '',
      '1:8      contradicted  99',
      '    why: the artifacts say otherwise',
      '    true: 21.5 tok/s',
      `    fact: ${MEDIAN.claim}`,
      '    source: a.csv, line 2 column tokens_s … line 4 column tokens_s, and 1 other place',
      '',
      '1:21     unsupported   5',
      '    why: no number says so',
      '',
      '1 supported claim not listed; --all lists it too, with its source.',
    ]);
    expect(listed(page, checked, true).join('\n')).toMatch(
      /1:15 {5}supported {5}7\n {4}why: it is so\n {4}fact: .*\n {4}source: a\.csv, line 2/,
    );
  });

  it('folds claims that follow each other and are alike, and says on which lines they are', () => {
    const page = ['5', '5', '5', 'x', '5', '6', '5'].join('\n');
    const lines = listed(page, claims(page, ['5', '5', '5', '5', '6', '5']));
    expect(lines).toEqual([
      '6 claims: 0 supported, 0 contradicted, 6 unsupported',
      '',
      '1:1      unsupported   5',
      '    why: no number says so',
      '    … and 3 more like this, on lines 2–3, 5',
      '',
      '6:1      unsupported   6',
      '    why: no number says so',
      '',
      '7:1      unsupported   5',
      '    why: no number says so',
    ]);
  });

  it('names no more than the first stretches of many lines', () => {
    const page = Array.from({ length: 60 }, (_, i) => (i % 2 ? '5' : '')).join('\n');
    const lines = listed(
      page,
      claims(
        page,
        Array.from({ length: 30 }, () => '5'),
      ),
    );
    expect(lines).toHaveLength(5);
    expect(lines[4]).toMatch(/^ {4}… and 29 more like this, on lines 4, 6, 8, .*, 26, … 60$/);
  });

  it('says where nothing is stated, and lets nothing drive the terminal', () => {
    expect(listed('Nothing.', [])).toEqual([
      '0 claims: 0 supported, 0 contradicted, 0 unsupported',
      'report.md states no number, date, file or comparison that could be checked against results.',
    ]);
    const page = '5\u001b[31m\u202eevil\nnext';
    const lines = listed(
      page,
      claims(page, [page], { why: 'because of \u001b]0;title\u0007', truth: '\u009b1m', verdict: 'contradicted' }),
    );
    expect(lines.join('')).not.toMatch(/\p{C}/u);
    expect(lines[2]).toBe('1:1      contradicted  5\\x1b[31m\\u{202e}evil next');
  });
});
