import { type Artifact, CAMPAIGN_PROFILE, type Fact, indexFacts } from '@chimera/shared/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byPlace, type Cell, foundApart, isOfCell, placeOf } from './campaign-cells.ts';
import { excludedRuns, holdsCalls, holdsRuns } from './campaign-excluded.ts';
import { settingOf, settingValues } from './campaign-facts.ts';
import { speedWord, spelt, withInterval } from './campaign-words.ts';
import { createCitations } from './citations.ts';
import { renderMarkdown } from './markdown.ts';

let count = 0;
function fact(rest: Partial<Fact>): Fact {
  const id = `f${(++count).toString(16).padStart(16, '0')}`;
  return {
    ...{
      id,
      kind: 'campaign',
      claim: 'It is so.',
      metric: 'speed_up',
      statistic: 'parallel against serial',
      value: 0.84,
      unit: 'times',
      n: 16,
    },
    ...{ interval: null, labels: {}, scope: 'runs.jsonl', formula: 'x', inputs: [], sources: [{ inventory: 'all' }], class: 'derived' },
    ...rest,
  };
}

const compared = (verdict: NonNullable<Fact['comparison']>['verdict'], value: number) =>
  fact({
    value,
    comparison: {
      ...{ verdict, label: 'arrangement', of: 'parallel', to: 'serial', n: [8, 8], medians: [27, 22], p: 0.01, adjusted: 0.01 },
      ...{ family: [], superiority: 1, floor: 0.02, needed: 0, caveats: [] },
    },
  });
const cites = (...facts: Fact[]) => createCitations(indexFacts(facts), null);

describe('a campaign’s words', () => {
  it.each([
    ['worse', 0.84, 'slower'],
    ['better', 1.79, 'faster'],
    ['no difference shown', 0.99, 'no difference shown'],
    ['not enough samples', 1.79, 'cannot be told'],
  ] as const)('call a speed-up that is %s, of %d, %s', (verdict, value, word) => expect(speedWord(compared(verdict, value))).toBe(word));

  it('print an interval where there is one, a share in percent, and a count without the unit that its name tells', () => {
    const [with_, without] = [fact({ interval: [0.82, 0.86] }), fact({})];
    expect(withInterval(with_, cites(with_))).toMatchObject({ type: 'fact', text: '0.84 times (95 % interval 0.82 to 0.86)' });
    expect(withInterval(without, cites(without))).toMatchObject({ text: '0.84 times' });
    const share = fact({ value: 0.9325, unit: 'ratio' });
    expect(spelt(share, cites(share))).toMatchObject({ text: '93.25 %' });
    const tokens = fact({ value: 12_345, unit: 'tokens' });
    expect(spelt(tokens, cites(tokens))).toMatchObject({ text: '12,345' });
  });
});

function cell(labels: Record<string, string>): Cell {
  return { ...placeOf({ labels }), labels, of: () => null };
}

describe('a campaign’s cells', () => {
  const place = (profile: string, arrangement: string, start = 'warm') => cell({ [CAMPAIGN_PROFILE]: profile, arrangement, start });

  it('come by profile, then in the order of arrangements, warm before cold, whatever order they had', () => {
    const wanted = [
      place('a', 'serial'),
      place('a', 'serial', 'cold'),
      place('a', 'handoff'),
      place('a', 'parallel'),
      place('a', 'spread'),
      place('b', 'serial'),
      place('b', 'alone'),
    ];
    fc.assert(
      fc.property(fc.shuffledSubarray(wanted, { minLength: wanted.length }), (some) => {
        expect([...some].sort(byPlace)).toEqual(wanted);
      }),
    );
  });

  it('are told apart by what was found, where their place is the same', () => {
    const [one, two] = ['4096', '8192'].map((context) => cell({ ...place('a', 'serial').labels, context_in_force: context }));
    const all = [one, two, place('b', 'serial')] as Cell[];
    expect(all.map((some) => foundApart(some, all))).toEqual([[['context_in_force', '4096']], [['context_in_force', '8192']], []]);
    expect(isOfCell({ labels: { context_in_force: '4096' } }, one as Cell)).toBe(true);
    expect(isOfCell({ labels: { context_in_force: '4096' } }, two as Cell)).toBe(false);
  });

  it('say what a setting was set to where nothing else was, by number', () => {
    const cells = [
      ['120', 'm'],
      ['60', 'm'],
      ['80', 'other'],
    ].map(([num_gpu = '', model = '']) => cell({ num_gpu, model }));
    const setting = fact({ metric: 'setting_effect', statistic: 'num_gpu, not told', labels: { model: 'm' } });
    expect([settingOf(setting), settingValues(setting, cells)]).toEqual(['num_gpu', ['60', '120']]);
  });
});

describe('excluded runs', () => {
  const artifact = (kind: Artifact['kind'], failed: Artifact['failed'], format = 'chimera-campaign'): Artifact => ({
    ...{
      path: `runs.${kind}`,
      kind,
      format,
      bytes: 1,
      sha256: null,
      status: 'read',
      reason: null,
      warnings: [],
      measurements: 0,
      records: 9,
      failed,
    },
  });
  const printed = (...artifacts: Artifact[]) => {
    const subject = { ...indexFacts([]), artifacts };
    return renderMarkdown([{ type: 'heading', level: 1, text: 'x' }, ...excludedRuns(subject, cites())]).match(/^- .*$/gm) ?? [];
  };

  it('stand each by its name, with those that have the same reason', () => {
    const reasons = [
      'run 3 (profile a (b), serial, try 1): gone: lost',
      'run 9 (profile a, try 2): gone: lost',
      'run 4 (profile a, try 1): cut',
    ];
    expect(
      printed(
        artifact(
          'jsonl',
          reasons.map((reason, i) => ({ pointer: `line ${i}`, reason })),
        ),
      ),
    ).toEqual([
      '- `run 3 (profile a (b), serial, try 1)`, `run 9 (profile a, try 2)`: `gone: lost`',
      '- `run 4 (profile a, try 1)`: `cut`',
    ]);
  });

  it('are named by their place where they do not say which run they are', () =>
    expect(printed(artifact('jsonl', [{ pointer: 'line 7', reason: 'no end' }]))).toEqual(['- `line 7`: `no end`']));

  it('none is left out, whatever the reasons are', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('lost', 'cut', 'another model'), { minLength: 1, maxLength: 60 }), (reasons) => {
        const failed = reasons.map((reason, i) => ({ pointer: `line ${i + 1}`, reason: `run ${i + 1} (profile a, try 1): ${reason}` }));
        const list = printed(artifact('jsonl', failed)).join('\n');
        for (const [i] of reasons.entries()) expect(list).toContain(`\`run ${i + 1} (profile a, try 1)\``);
      }),
    );
  });

  it('are of campaigns alone', () => {
    expect(printed(artifact('jsonl', [{ pointer: 'line 1', reason: 'x' }], 'generic'))).toEqual([]);
    expect([artifact('csv', []), artifact('jsonl', [])].map((one) => [holdsRuns(one), holdsCalls(one)])).toEqual([
      [false, true],
      [true, false],
    ]);
  });
});
