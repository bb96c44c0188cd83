import { describe, expect, it } from 'vitest';
import { AREAS, CASES, type HazardCase } from './cases.ts';
import { firstDifference } from './difference.ts';
import { filesWithoutServer, hazardTests, type VitestResult } from './result.ts';
import { faultsOf, hazardsMarkdown } from './table.ts';

const ROOT = '/clone';
const cases: HazardCase[] = [
  { number: 1, area: 'reliability', case: 'It dies.', promise: 'It is started again.' },
  { number: 2, area: 'watching', case: 'A file is cut.', promise: 'It is refused.', untested: 'no disk to cut' },
  { number: 3, area: 'malicious', case: 'Nothing happens.', promise: 'Nothing.', untested: 'comes later' },
];

type Given = { title: string; status?: string; in?: string[] };
const file = (name: string, tests: Given[], status = 'passed') => ({
  name: `${ROOT}/${name}`,
  status,
  assertionResults: tests.map((test) => ({ title: test.title, status: test.status ?? 'passed', ancestorTitles: test.in ?? ['a suite'] })),
});
const run = (...testResults: ReturnType<typeof file>[]): VitestResult => ({ testResults });
const documentOf = (result: VitestResult, given = cases) => hazardsMarkdown(given, hazardTests(result, ROOT));
const rowsOf = (markdown: string) => markdown.split('\n').filter((line) => /^\| \d* \| /.test(line));

const WHOLE = run(
  file('test/b.int.test.ts', [
    { title: 'hazard 1, 2: lives again', in: ['the bus (nats-server 2.15.1)'] },
    { title: 'hazard 1, 2: lives again', in: ['the bus (nats-server 2.9.10)'] },
    { title: 'is no case' },
  ]),
  file('packages/x/src/a.unit.test.ts', [{ title: 'hazard 1: takes a|b, <i> and *_x_* for_words' }]),
);

describe('the table of cases', () => {
  it('has each case of the list once, by area', () => {
    expect(CASES.map(({ number }) => number)).toEqual(Array.from({ length: 57 }, (_, i) => i + 1));
    expect([...new Set(CASES.map(({ area }) => area))]).toEqual([...AREAS]);
  });

  it('fits into the cells of a table', () => {
    for (const one of CASES) expect(`${one.case}${one.promise}${one.untested ?? ''}`).not.toMatch(/[|<\n]/);
  });
});

describe('hazardsMarkdown', () => {
  it('has a row for each test and for what is not tested, and folds servers into one', () => {
    expect(rowsOf(documentOf(WHOLE))).toEqual([
      '| 1 | It dies. | It is started again. | takes a&#124;b, &lt;i> and \\*\\_x\\_\\* for_words ([a.unit.test.ts](../packages/x/src/a.unit.test.ts)) | passed |',
      '|  |  |  | lives again ([b.int.test.ts](../test/b.int.test.ts)) | passed (nats-server 2.9.10, 2.15.1) |',
      '| 2 | A file is cut. | It is refused. | lives again ([b.int.test.ts](../test/b.int.test.ts)) | passed (nats-server 2.9.10, 2.15.1) |',
      '|  |  |  | – | not tested: no disk to cut |',
      '| 3 | Nothing happens. | Nothing. | – | not tested: comes later |',
    ]);
  });

  it('does not depend on the order of files and tests', () => {
    const turned = [...(WHOLE.testResults ?? [])]
      .reverse()
      .map((one) => ({ ...one, assertionResults: [...one.assertionResults].reverse() }));
    expect(documentOf({ testResults: turned })).toBe(documentOf(WHOLE));
  });

  it('says why a test was left out, and which server it failed on', () => {
    const rows = rowsOf(
      documentOf(
        run(
          file('test/a.ts', [
            { title: 'hazard 1: one', status: 'skipped', in: ['a suite (left out: no engine (here) answers)'] },
            { title: 'hazard 1: two (left out: no image)', status: 'skipped' },
            { title: 'hazard 1: three', status: 'skipped' },
            { title: 'hazard 1: four', in: ['x (nats-server 2.9.10)'] },
            { title: 'hazard 1: four', in: ['x (nats-server 2.15.1)'], status: 'failed' },
          ]),
        ),
      ),
    );
    const outcomes = rows.slice(0, 4).map((row) => row.slice(2, -2).split(' | ').slice(3));
    expect(outcomes).toEqual([
      ['four ([a.ts](../test/a.ts))', 'failed (nats-server 2.15.1); passed (nats-server 2.9.10)'],
      ['one ([a.ts](../test/a.ts))', 'skipped: no engine (here) answers'],
      ['three ([a.ts](../test/a.ts))', 'skipped: not for this machine'],
      ['two ([a.ts](../test/a.ts))', 'skipped: no image'],
    ]);
  });

  it('takes a test for failed that did not run because what goes before it failed', () => {
    const [first] = rowsOf(documentOf(run(file('test/a.ts', [{ title: 'hazard 1: one', status: 'skipped' }], 'failed'))));
    expect(first).toMatch(/ \| failed \|$/);
  });
});

describe('faultsOf', () => {
  it('names a case that has neither test nor reason, and a title that names no case', () => {
    const tests = hazardTests(run(file('test/a.ts', [{ title: 'hazard 2, 9: one' }])), ROOT);
    expect(faultsOf(cases, tests)).toEqual([
      'hazard 1 has neither a test nor a reason in test/hazards/cases.ts why it has none.',
      '“one” in test/a.ts names hazard 9, which is not in test/hazards/cases.ts.',
    ]);
    expect(faultsOf(cases, hazardTests(WHOLE, ROOT))).toEqual([]);
  });
});

describe('firstDifference', () => {
  const written = documentOf(WHOLE);

  it('finds none in what is the same', () => expect(firstDifference(written, written)).toBeNull());

  it('passes over what the machine lacks: a server, what a suite needs', () => {
    const less = run(
      file('test/b.int.test.ts', [{ title: 'hazard 1, 2: lives again', in: ['the bus (nats-server 2.12.0)'] }]),
      file('packages/x/src/a.unit.test.ts', [
        { title: 'hazard 1: takes a|b, <i> and *_x_* for_words', status: 'skipped', in: ['x (left out: no data)'] },
      ]),
    );
    expect(firstDifference(written, documentOf(less))).toBeNull();
    const none = run(
      file('test/b.int.test.ts', [{ title: 'needs nats-server 2.9.10: …', status: 'skipped', in: ['the bus (nats-server 2.9.10)'] }]),
      file('packages/x/src/a.unit.test.ts', [{ title: 'hazard 1: takes a|b, <i> and *_x_* for_words' }]),
    );
    expect(firstDifference(written, documentOf(none))).toMatch(/^hazard 1: it lists a test that is not there any more: lives again/);
    expect(firstDifference(written, documentOf(none), filesWithoutServer(none, ROOT))).toBeNull();
    expect([...filesWithoutServer(less, ROOT)]).toEqual([]);
  });

  const [b, a] = WHOLE.testResults ?? [];
  const more = { title: 'hazard 2: is new', status: 'passed', ancestorTitles: [] };
  it.each<[string, RegExp, string]>([
    [
      'a new test',
      /^hazard 2: it does not list the test is new/,
      documentOf({ testResults: b && a ? [b, a, { ...a, assertionResults: [more] }] : [] }),
    ],
    ['a test that went', /^hazard 1: it lists a test that is not there any more: takes/, documentOf({ testResults: b ? [b] : [] })],
    [
      'a test that fails',
      /^hazard 1: it says that a test has not failed, which has failed now: lives/,
      written.replaceAll('passed (nats-server 2.9.10, 2.15.1)', 'failed (nats-server 2.9.10); passed (nats-server 2.15.1)'),
    ],
    ['other words', /^hazard 2: case or promise is worded otherwise/, written.replace('It is refused.', 'It is taken.')],
    ['another reason', /^hazard 3: what is not tested is worded otherwise/, written.replace('comes later', 'never comes')],
    [
      'a case more',
      /^hazard 4: the case is not in it/,
      documentOf(WHOLE, [...cases, { number: 4, area: 'grounding', case: 'x', promise: 'y', untested: 'z' }]),
    ],
    ['a case less', /^hazard 3: there is no such case any more/, documentOf(WHOLE, cases.slice(0, 2))],
    ['other prose', /^the text around its tables/, written.replace('What goes wrong', 'What may go wrong')],
  ])('names the first case that differs: %s', (_, expected, fresh) => expect(firstDifference(written, fresh)).toMatch(expected));
});
