import { describe, expect, it } from 'vitest';
import { parseCampaign } from './campaign-file.ts';
import { cellKey, cellsOf } from './cell.ts';

const TWO = '{ collector: { num_gpu: 1 }, insight: { num_gpu: 2 } }';
const cells = (rest: string) => cellsOf(parseCampaign(`name: a\ndataset: b\nmodel: m\n${rest}`, 'a.yaml'));
const ways = (rest: string) => cells(rest).map(({ name, arrangement, start }) => `${name} ${arrangement} ${start}`);

describe('cellsOf', () => {
  it('takes two agents in series and in parallel where nothing else is said, and one agent alone', () => {
    expect(ways(`profiles: [{ name: p, agents: ${TWO} }, { name: q, agents: { insight: } }]`)).toEqual([
      'p serial warm',
      'p parallel warm',
      'q alone warm',
    ]);
  });

  it('takes the arrangements of the profile before those of the file, in each start', () => {
    const file = `start: [warm, cold]\narrangements: [handoff]\nprofiles: [{ name: p, agents: ${TWO}, arrangements: serial }, { name: q, agents: ${TWO} }]`;
    expect(ways(file)).toEqual(['p serial warm', 'p serial cold', 'q handoff warm', 'q handoff cold']);
  });

  it('leaves one agent in alone, with its own settings and the duties of both', () => {
    const [of, to] = ['collector', 'insight'].map((alone) =>
      cells(`arrangements: alone\nalone: ${alone}\nprofiles: [{ name: p, agents: ${TWO} }]`),
    );
    expect(of?.map(({ profile }) => profile)).toEqual([{ name: 'p', agents: { collector: { model: 'm', options: { num_gpu: 1 } } } }]);
    expect(to?.map(({ profile }) => profile)).toEqual([{ name: 'p', agents: { insight: { model: 'm', options: { num_gpu: 2 } } } }]);
  });

  it('leaves a profile of one agent as it is', () => {
    expect(cells('profiles: [{ name: p, agents: { collector: }, duties: own }]')[0]?.profile).toEqual({
      name: 'p',
      agents: { collector: { model: 'm', options: {} } },
      duties: 'own',
    });
  });
});

describe('cellKey', () => {
  it('tells cells apart whatever their names hold', () => {
    const keys = [
      { name: 'a","serial', arrangement: 'serial', start: 'warm' },
      { name: 'a', arrangement: 'serial', start: 'warm' },
      { name: 'a', arrangement: 'serial', start: 'cold' },
    ] as const;
    expect(new Set(keys.map(cellKey)).size).toBe(3);
  });
});
