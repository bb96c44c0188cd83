import { describe, expect, it } from 'vitest';
import { type CampaignCell, cellsOfRuns } from './cells.ts';
import { judgeCampaign } from './judge-campaign.ts';
import { around, cellOf, labelsOf, runsOfCells } from './testing.ts';

describe('judgeCampaign, of what to choose', () => {
  const quality = (share: number, n = 8) => ({
    sentences_survived: Array.from({ length: n }, () => share),
    time_to_first_token: around(0.4, 0.1, n),
  });

  it('takes the least wall clock on the front, and keeps who is not surely beaten', () => {
    const { recommended } = judgeCampaign([
      cellOf(labelsOf('a', 'serial'), around(20, 0.03), { ...quality(0.95), server_seconds: around(20, 0.03) }),
      // Slower, and cheaper for the server.
      cellOf(labelsOf('b', 'serial'), around(22, 0.03), { ...quality(0.95), server_seconds: around(15, 0.03) }),
      // Worse in everything but the share, in which it is no better.
      cellOf(labelsOf('c', 'serial'), around(40, 0.03), {
        ...quality(0.95),
        server_seconds: around(40, 0.03),
        time_to_first_token: around(2, 0.1),
      }),
    ]);
    expect(recommended?.cell.profile).toBe('a');
    expect(recommended?.front.map(({ profile }) => profile)).toEqual(['a', 'b']);
    expect(recommended?.objectives).toEqual(['wall_clock', 'time_to_first_token', 'sentences_survived', 'server_seconds']);
    expect(recommended?.next?.judged[0]?.verdict).toBe('better');
  });

  it('takes none whose text is withheld for the fastest', () => {
    const { recommended } = judgeCampaign([
      cellOf(labelsOf('a', 'serial'), around(20, 0.03), quality(0.95)),
      cellOf(labelsOf('babbles', 'serial'), around(5, 0.03), quality(0.3)),
    ]);
    expect(recommended).toMatchObject({ cell: { profile: 'a' }, front: [{ profile: 'a' }, { profile: 'babbles' }] });
  });

  it('takes none that fulfils fewer of its duties for the fastest, whatever survives of the little that it writes', () => {
    const duties = (share: number) => ({ ...quality(1), duties_fulfilled: Array.from({ length: 8 }, () => share) });
    const best = (...cells: CampaignCell[]) => judgeCampaign(cells).recommended;
    const whole = cellOf(labelsOf('a', 'serial'), around(20, 0.03), duties(1));
    const lazy = cellOf(labelsOf('lazy', 'serial'), around(5, 0.03), duties(0.4));
    expect(best(whole, lazy)).toMatchObject({ cell: { profile: 'a' }, fulfils: true, front: [{ profile: 'a' }, { profile: 'lazy' }] });
    // One section in ten is nothing beside a quarter of the time.
    expect(best(whole, cellOf(labelsOf('b', 'serial'), around(5, 0.03), duties(0.9)))).toMatchObject({ cell: { profile: 'b' } });
    expect(best(lazy)).toMatchObject({ cell: { profile: 'lazy' }, fulfils: false });
  });

  // Four a side, apart: p = 2 / 70 = 0.0286. The best of three is tested against two others.
  it('counts the test of the best as often as there are others', () => {
    const best = (...cells: CampaignCell[]) => judgeCampaign(cells).recommended?.next?.judged[0]?.adjusted;
    const cell = (profile: string, wall: number) => cellOf(labelsOf(profile, 'serial'), around(wall, 0.03, 4));
    expect(best(cell('a', 20), cell('b', 22))).toBeCloseTo(2 / 70, 12);
    expect(best(cell('a', 20), cell('b', 22), cell('c', 24))).toBeCloseTo((2 * 2) / 70, 12);
  });

  it('weighs agents that keep to their own duties against none that have all', () => {
    const cell = (profile: string, wall: number, duties: string, agents = 'insight') =>
      cellOf(labelsOf(profile, 'alone', { duties, agents }), around(wall, 0.03), quality(0.95));
    const { recommended, comparisons } = judgeCampaign([cell('all', 20, 'all'), cell('own', 8, 'own')]);
    expect(recommended).toMatchObject({ cell: { profile: 'all' }, lacking: [{ profile: 'own' }] });
    expect(comparisons[0]?.caveats).toContain('their duties differ: one has less to write than the other, or something else');
    const both = judgeCampaign([cell('c', 9, 'own', 'collector'), cell('i', 8, 'own'), cell('c2', 9.5, 'own', 'collector')]);
    expect(both.recommended).toMatchObject({ cell: { profile: 'c' }, lacking: [{ profile: 'i' }] });
    expect(both.comparisons.map(({ caveats }) => caveats.length)).toEqual([0, 1]);
  });

  it('asks for no more runs of what has other things to write', () => {
    const cell = (profile: string, duties: string) =>
      cellOf(labelsOf(profile, 'alone', { duties, agents: 'insight' }), around(20, 0.03, 2), quality(0.95));
    const { comparisons, undecided } = judgeCampaign([cell('all', 'all'), cell('all too', 'all'), cell('own', 'own')]);
    expect(comparisons.map(({ of, decided }) => [of.profile, decided])).toEqual([
      ['all too', false],
      ['own', false],
    ]);
    expect(undecided.map(({ of }) => of.profile)).toEqual(['all too']);
  });

  it('takes a wall clock of zero for none', () => {
    const runs = runsOfCells([cellOf(labelsOf('a', 'serial'), [0, 0, 0, 0]), cellOf(labelsOf('b', 'serial'), [0, 5, 6, 7, 8])]);
    expect(cellsOfRuns(runs).map(({ profile, values }) => [profile, values.wall_clock])).toEqual([['b', [5, 6, 7, 8]]]);
  });

  it('weighs few runs, and cold ones, only where there are no others', () => {
    const lone = cellOf(labelsOf('b', 'serial'), [5], quality(0.95, 1));
    const cold = cellOf(labelsOf('c', 'serial', {}, 'cold'), around(1, 0.03), quality(0.95));
    const found = judgeCampaign([lone, cold, cellOf(labelsOf('a', 'serial'), around(20, 0.03), quality(0.95))]);
    expect(found.recommended).toMatchObject({ cell: { profile: 'a' }, lacking: [{ profile: 'b' }] });
    expect(judgeCampaign([lone, cold]).recommended).toMatchObject({ cell: { profile: 'b' } });
    expect(judgeCampaign([cold]).recommended).toMatchObject({ cell: { profile: 'c' } });
    expect(judgeCampaign([]).recommended).toBeNull();
  });

  it('weighs energy where all say it', () => {
    const cell = (profile: string, energy?: number[]) => cellOf(labelsOf(profile, 'serial'), around(20, 0.03), energy ? { energy } : {});
    const objectives = (...cells: CampaignCell[]) => judgeCampaign(cells).recommended?.objectives;
    expect(objectives(cell('a', around(9, 0.1)), cell('b', around(9, 0.1)))).toEqual(['wall_clock', 'energy']);
    expect(objectives(cell('a', around(9, 0.1)), cell('b'))).toEqual(['wall_clock']);
  });
});
