import { describe, expect, it } from 'vitest';
import { judgeCampaign } from './judge-campaign.ts';
import { cellOf, labelsOf, PARALLEL, SERIAL } from './testing.ts';

describe('judgeCampaign, of speed-ups', () => {
  it('says what a second slot costs that slows the first one down', () => {
    const { speedUps, decided } = judgeCampaign([
      cellOf(labelsOf('a', 'serial'), SERIAL),
      cellOf(labelsOf('a', 'parallel'), [...PARALLEL].reverse()),
    ]);
    // The third of five is the median: 22.8 over 27.1.
    expect(speedUps).toMatchObject([{ ratio: 22.8 / 27.1, decided: true, judged: [{ verdict: 'worse', medians: [27.1, 22.8] }] }]);
    const [low, high] = speedUps[0]?.interval ?? [0, 0];
    // No ratio of two resampled medians lies beyond those of the extremes.
    expect([low >= 22.0 / 27.7, low < 22.8 / 27.1, high > 22.8 / 27.1, high <= 23.6 / 26.5]).toEqual([true, true, true, true]);
    expect(decided).toBe(true);
  });

  it('says where it is faster', () => {
    const { speedUps } = judgeCampaign([cellOf(labelsOf('a', 'serial'), PARALLEL), cellOf(labelsOf('a', 'spread'), SERIAL)]);
    expect(speedUps).toMatchObject([{ ratio: 27.1 / 22.8, judged: [{ verdict: 'better' }], of: { arrangement: 'spread' } }]);
  });

  it('compares warm with warm, and a profile with itself', () => {
    const cells = (['a', 'b'] as const).flatMap((profile) =>
      (['warm', 'cold'] as const).flatMap((start) => [
        cellOf(labelsOf(profile, 'serial', {}, start), SERIAL),
        cellOf(labelsOf(profile, 'parallel', {}, start), PARALLEL),
      ]),
    );
    const { speedUps } = judgeCampaign(cells);
    expect(speedUps.map(({ of, to }) => [of.profile, of.start, to.profile, to.start])).toEqual([
      ['a', 'warm', 'a', 'warm'],
      ['a', 'cold', 'a', 'cold'],
      ['b', 'warm', 'b', 'warm'],
      ['b', 'cold', 'b', 'cold'],
    ]);
  });

  it('tells none where serial was not measured', () => {
    const found = judgeCampaign([cellOf(labelsOf('a', 'parallel'), PARALLEL), cellOf(labelsOf('b', 'serial'), SERIAL)]);
    expect(found).toMatchObject({ speedUps: [], untold: [{ of: { profile: 'a' }, against: 'serial', why: 'not measured' }] });
  });

  // Four a side, apart: p = 2 / 70 = 0.0286. Looked at twice it counts 0.0571; five a side would have 2 * 2 / 252.
  it('counts p as often as was looked', () => {
    const cells = (looks: number) => [
      cellOf(labelsOf('a', 'serial'), SERIAL.slice(0, 4)),
      cellOf(labelsOf('a', 'parallel'), PARALLEL.slice(0, 4), {}, looks),
    ];
    const once = judgeCampaign(cells(1)).speedUps[0];
    expect(once).toMatchObject({ looks: 1, judged: [{ verdict: 'worse', adjusted: expect.closeTo(2 / 70, 12) }] });
    const twice = judgeCampaign(cells(2));
    expect(twice.speedUps[0]).toMatchObject({
      ...{ looks: 2, decided: false, needed: 1 },
      judged: [{ verdict: 'not enough samples', p: expect.closeTo(2 / 70, 12), adjusted: expect.closeTo(4 / 70, 12) }],
    });
    expect(twice).toMatchObject({
      decided: false,
      undecided: [{ kind: 'speed-up', name: 'parallel against serial for profile a, warm', needed: 1, beyond: false }],
    });
  });

  it('says what else is not the same', () => {
    const cells = [
      cellOf(labelsOf('a', 'serial'), SERIAL, { output_tokens: [2000, 2000, 2000, 2000, 2000] }),
      cellOf(labelsOf('a', 'parallel', { context_in_force: '2048' }), PARALLEL, { output_tokens: [2500, 2500, 2500, 2500, 2500] }),
      cellOf(labelsOf('a', 'alone'), PARALLEL, { output_tokens: [2100, 2100, 2100, 2100, 2100] }),
    ];
    expect(judgeCampaign(cells).speedUps.map(({ caveats }) => caveats)).toEqual([
      ['other settings in force: context_in_force 2048 against 4096', 'their outputs differ in length (1.25 times)'],
      ['one agent has the duties of both: the duties are the same, the prompts are not'],
    ]);
  });
});

describe('judgeCampaign, where a profile found several settings in force', () => {
  const small = { context_in_force: '2048' };

  it('compares only what found the same', () => {
    const found = judgeCampaign([
      cellOf(labelsOf('a', 'serial'), SERIAL),
      cellOf(labelsOf('a', 'serial', small), [40, 41, 42, 43]),
      cellOf(labelsOf('a', 'parallel', small), PARALLEL),
    ]);
    expect(found.speedUps).toMatchObject([{ to: { labels: small }, ratio: 41.5 / 27.1 }]);
    expect(found.speedUps[0]?.caveats).toEqual([
      'the runs of profile a in serial, warm are of 2 sorts, kept apart: context_in_force 2048 (4 runs); context_in_force 4096 (5 runs)',
    ]);
  });

  it('asks for no more runs of what a few found', () => {
    const found = judgeCampaign([
      cellOf(labelsOf('a', 'serial'), SERIAL),
      cellOf(labelsOf('a', 'serial', small), [40]),
      cellOf(labelsOf('a', 'parallel'), PARALLEL),
      cellOf(labelsOf('a', 'parallel', small), [41]),
    ]);
    expect(found.speedUps.map(({ decided }) => decided)).toEqual([false, true]);
    expect(found).toMatchObject({ undecided: [], decided: true });
  });

  it('tells nothing where nothing found the same', () => {
    const found = judgeCampaign([
      cellOf(labelsOf('a', 'serial'), SERIAL),
      cellOf(labelsOf('a', 'serial', small), SERIAL),
      cellOf(labelsOf('a', 'parallel', { context_in_force: '1024' }), PARALLEL),
    ]);
    expect(found).toMatchObject({ speedUps: [], untold: [{ why: 'other settings' }] });
  });

  it('takes the server with the most runs, where servers alone differ', () => {
    const found = judgeCampaign([
      cellOf(labelsOf('a', 'serial'), SERIAL.slice(0, 4)),
      cellOf(labelsOf('a', 'serial', { server: 'http://b:1' }), SERIAL),
      cellOf(labelsOf('a', 'spread', { server: 'http://a:1, http://b:1' }), PARALLEL),
    ]);
    expect(found.speedUps).toMatchObject([{ to: { labels: { server: 'http://b:1' } } }]);
    expect(found.speedUps[0]?.caveats).toEqual([
      'it has more servers: server http://a:1, http://b:1 against http://b:1',
      'the runs of profile a in serial, warm are of 2 sorts, kept apart: server http://a:1 (4 runs); server http://b:1 (5 runs)',
    ]);
  });
});
