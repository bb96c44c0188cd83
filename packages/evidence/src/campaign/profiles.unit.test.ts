import { describe, expect, it } from 'vitest';
import { judgeCampaign } from './judge-campaign.ts';
import { cellOf, labelsOf, normals, PARALLEL, SERIAL } from './testing.ts';

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
