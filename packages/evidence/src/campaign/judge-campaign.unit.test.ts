import { canonicalJson } from '@chimera/shared/store';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CampaignCell, cellsOfRuns } from './cells.ts';
import { judgeCampaign } from './judge-campaign.ts';
import { around, cellOf, labelsOf, normals, runsOfCells } from './testing.ts';

const SERIAL = [22.0, 22.4, 22.8, 23.2, 23.6];
const PARALLEL = [26.5, 26.8, 27.1, 27.4, 27.7];

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

describe('judgeCampaign, of profiles', () => {
  const family = (wall: readonly number[], draw: ReturnType<typeof normals>) => ({
    wall_clock: wall,
    output_token_throughput: draw(8, 80, 2.4),
    time_per_output_token: draw(8, 0.012, 0.000_36),
    time_to_first_token: draw(8, 0.4, 0.012),
    energy: draw(8, 5000, 150),
  });
  const pair = (draw: ReturnType<typeof normals>, factor: number) =>
    judgeCampaign([
      cellOf(labelsOf('a', 'serial'), [], family(draw(8, 20, 0.6), draw)),
      cellOf(labelsOf('b', 'serial'), [], family(draw(8, 20 * factor, 0.6 * factor), draw)),
    ]).comparisons.flatMap(({ judged }) => judged);

  it('finds a true difference of 10 % in noise of 3 % with eight repeats', () => {
    const judged = pair(normals(8), 1.1);
    expect(judged).toHaveLength(5);
    expect(judged[0]).toMatchObject({ metric: 'execution_time', verdict: 'worse', n: [8, 8] });
    let found = 0;
    const draw = normals(20_261_121);
    for (let i = 0; i < 200; i++) if (pair(draw, 1.1)[0]?.verdict === 'worse') found += 1;
    expect(found).toBeGreaterThanOrEqual(180);
  }, 60_000);

  it('finds none in pure noise, in 95 % of 200 draws at least', () => {
    const draw = normals(95);
    let told = 0;
    for (let i = 0; i < 200; i++) if (pair(draw, 1).some(({ verdict }) => verdict === 'better' || verdict === 'worse')) told += 1;
    // A verdict needs a superiority of 0.9: of 64 pairs of runs six at most the other way. So are 30 of the 12,870 orders of eight and
    // eight, for 1 + 1 + 2 + 3 + 5 + 7 + 11 partitions have a sum of six at most, and as many the other way; in one of five metrics.
    expect(tail(200, (5 * 2 * 30) / 12_870, 10)).toBeLessThan(0.01);
    expect(told).toBeLessThanOrEqual(10);
  }, 60_000);

  it('finds none among twelve profiles of pure noise, of which the best is chosen afterwards, in 95 % of 60 campaigns', () => {
    const draw = normals(12);
    let told = 0;
    for (let i = 0; i < 60; i++) {
      const cells = Array.from({ length: 12 }, (_, k) => cellOf(labelsOf(`p${k}`, 'serial'), draw(8, 20, 0.6)));
      const { comparisons } = judgeCampaign(cells);
      expect(comparisons).toHaveLength(11);
      if (comparisons.some(({ judged }) => judged.some(({ verdict }) => verdict === 'better' || verdict === 'worse'))) told += 1;
    }
    expect(tail(60, 0.05, 7)).toBeLessThan(0.02);
    expect(told).toBeLessThanOrEqual(7);
  }, 60_000);

  /** P(X > most) of n draws with probability p. */
  function tail(n: number, p: number, most: number): number {
    let [term, below] = [(1 - p) ** n, 0];
    for (let k = 0; k <= most; k++) {
      below += term;
      term *= ((n - k) / (k + 1)) * (p / (1 - p));
    }
    return 1 - below;
  }

  it('compares each with the recommended one, in each arrangement and start that both ran', () => {
    const { comparisons, recommended } = judgeCampaign([
      cellOf(labelsOf('a', 'serial'), PARALLEL),
      cellOf(labelsOf('b', 'serial'), SERIAL),
      cellOf(labelsOf('a', 'parallel'), PARALLEL),
      cellOf(labelsOf('c', 'serial', {}, 'cold'), PARALLEL),
      cellOf(labelsOf('b', 'serial', {}, 'cold'), PARALLEL),
    ]);
    expect(recommended?.cell).toMatchObject({ profile: 'b', arrangement: 'serial', start: 'warm' });
    expect(comparisons.map(({ of, to }) => `${of.profile} ${to.profile} ${of.arrangement} ${of.start}`)).toEqual([
      'a b serial warm',
      'c b serial cold',
    ]);
  });

  it('counts no tokens of one model against those of another', () => {
    const draw = normals(3);
    const { comparisons } = judgeCampaign([
      cellOf(labelsOf('a', 'serial'), [], family(draw(8, 20, 1), draw)),
      cellOf(labelsOf('b', 'serial', { model: 'llama3.2:3b' }), [], family(draw(8, 30, 1), draw)),
    ]);
    expect(comparisons[0]?.judged.map(({ metric }) => metric)).toEqual(['execution_time', 'time_to_first_token', 'energy']);
    expect(comparisons[0]?.caveats).toEqual([expect.stringContaining('their models differ')]);
  });
});

describe('judgeCampaign, of settings', () => {
  const gpu = (num_gpu: string, wall = around(20, 0.03), more: Record<string, string> = {}) => [
    cellOf(labelsOf(`gpu-${num_gpu}`, 'serial', { num_gpu, ...more }), wall, { time_to_first_token: around(0.4, 0.1) }),
    cellOf(labelsOf(`gpu-${num_gpu}`, 'parallel', { num_gpu, ...more }), around(25, 0.03)),
  ];

  it('finds that num_gpu above the layers of a model has no effect', () => {
    const { settings } = judgeCampaign([...gpu('120'), ...gpu('60'), ...gpu('80')]);
    expect(settings).toMatchObject([{ setting: 'num_gpu', values: ['60', '80', '120'], found: { context: '4096', layers: '35' } }]);
    // Three pairs in each of two arrangements.
    expect(settings[0]?.pairs).toHaveLength(6);
    expect(settings[0]?.labels).toMatchObject({ model: 'gemma3:latest', num_ctx: '4096' });
    expect(settings[0]?.labels).not.toHaveProperty('num_gpu');
  });

  it('finds none where a difference is shown, in one arrangement alone', () =>
    expect(judgeCampaign([...gpu('60'), ...gpu('80', around(24, 0.03))]).settings).toEqual([]));

  it('finds none with too few runs, or where more than the setting differs', () => {
    expect(
      judgeCampaign([...gpu('60', [20, 20, 20]), ...gpu('80', [20, 20, 20])].filter((c) => c.arrangement === 'serial')).settings,
    ).toEqual([]);
    expect(judgeCampaign([...gpu('60'), ...gpu('80', around(20, 0.03), { num_ctx: '8192' })]).settings).toEqual([]);
  });

  it('tells of those values that do nothing, where another leaves layers off the GPU', () => {
    const { settings } = judgeCampaign([...gpu('10', around(90, 0.03), { layers_on_gpu: '10' }), ...gpu('60'), ...gpu('80')]);
    expect(settings).toMatchObject([{ values: ['60', '80'] }]);
  });

  it('cannot say so where what was in force is not told', () => {
    const untold = { layers_on_gpu: 'not told' };
    expect(judgeCampaign([...gpu('60', around(20, 0.03), untold), ...gpu('80', around(20, 0.03), untold)]).settings).toMatchObject([
      { values: ['60', '80'], found: null },
    ]);
  });
});

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

const some = fc.array(fc.double({ min: 1, max: 100, noNaN: true }), { minLength: 0, maxLength: 7 });
const anyCell = fc
  .record({
    profile: fc.constantFrom('a', 'b', 'c'),
    arrangement: fc.constantFrom('serial', 'parallel', 'alone'),
    start: fc.constantFrom('warm', 'cold'),
    num_gpu: fc.constantFrom('60', '80'),
    context: fc.constantFrom('4096', '2048', 'not told'),
    looks: fc.integer({ min: 1, max: 3 }),
    wall: some,
    ttft: some,
    share: some,
  })
  .map(({ profile, arrangement, start, num_gpu, context, looks, wall, ttft, share }) =>
    cellOf(
      labelsOf(profile, arrangement as 'serial', { num_gpu, context_in_force: context }, start as 'warm'),
      wall,
      { time_to_first_token: ttft, sentences_survived: share },
      looks,
    ),
  );
const anyCampaign = fc.uniqueArray(anyCell, { selector: ({ labels }) => canonicalJson(labels), maxLength: 9 });

describe('judgeCampaign, of anything', () => {
  it('depends on the order of neither cells nor runs, and is the same every time', () => {
    fc.assert(
      fc.property(anyCampaign, fc.integer(), (cells, seed) => {
        const turned = [...cells]
          .sort((a, b) => hash(canonicalJson(a.labels), seed) - hash(canonicalJson(b.labels), seed))
          .map((cell) => ({ ...cell, values: Object.fromEntries(Object.entries(cell.values).map(([k, v]) => [k, [...v].reverse()])) }));
        const plain = (given: readonly CampaignCell[]) => canonicalJson(withoutValues(judgeCampaign(given)));
        expect(plain(turned)).toBe(plain(cells));
      }),
      { numRuns: 60 },
    );
  });

  it('asks for more runs exactly where something is undecided, and never for none', () => {
    fc.assert(
      fc.property(anyCampaign, (cells) => {
        const { undecided, decided, speedUps, comparisons } = judgeCampaign(cells);
        const open = [...speedUps, ...comparisons].filter((one) => !one.decided);
        expect(decided).toBe(undecided.length === 0);
        for (const one of undecided) expect(open.some(({ of, to }) => of === one.of && to === one.to)).toBe(true);
        const isSplit = (one: CampaignCell) =>
          cells.filter((c) => c.profile === one.profile && c.arrangement === one.arrangement && c.start === one.start).length > 1;
        expect(undecided.length).toBeGreaterThanOrEqual(open.filter(({ of, to }) => !isSplit(of) && !isSplit(to)).length);
        expect(new Set(undecided.map(({ name }) => name)).size).toBe(undecided.length);
        for (const { needed } of undecided) expect(needed >= 1 && needed <= 200).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  /** Two orders hold the same values otherwise: what is said of them is compared. */
  function withoutValues(value: unknown): unknown {
    return JSON.parse(JSON.stringify(value, (key, own) => (key === 'values' && !Array.isArray(own) ? undefined : own)));
  }

  function hash(text: string, seed: number): number {
    let found = seed | 0;
    for (const char of text) found = Math.imul(found ^ char.charCodeAt(0), 0x01000193);
    return found;
  }
});

describe('cellsOfRuns', () => {
  it('leaves out what was excluded, converts, and counts the looks', () => {
    const runs = runsOfCells([cellOf(labelsOf('a', 'serial', { seed: '7' }), [20, 21, 22], { look: [0, 2, 1] })]);
    const [first, second] = runs;
    if (!first || !second) throw new Error('three were made');
    const cells = cellsOfRuns([
      { ...first, measured: { wall_clock: { value: 20_000, unit: 'ms' }, repairs: { value: 1, unit: 'furlongs' } } },
      second,
      ...runs.slice(2).map((run) => ({ ...run, outcome: 'excluded' as const, reason: 'the server was lost' })),
    ]);
    expect(cells).toMatchObject([{ profile: 'a', looks: 3, values: { wall_clock: [20, 21] } }]);
    expect(cells[0]?.values).not.toHaveProperty('repairs');
    // Runs that differ in the seed alone are repeats.
    expect(cells[0]?.labels).not.toHaveProperty('seed');
  });
});
