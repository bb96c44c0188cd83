import { indexFacts } from '@chimera/shared/domain';
import { describe, expect, it } from 'vitest';
import { campaignOf } from './campaign-of.ts';
import type { CampaignCell } from './cells.ts';
import { around, cellOf, claims, evidenceOfCells, labelsOf, ofKind, PARALLEL, SERIAL, SLOWED } from './testing.ts';

describe('the facts of a campaign', () => {
  it('say a speed-up below 1 in plain words', () => {
    const [fact] = ofKind(evidenceOfCells(SLOWED), 'campaign').filter(({ metric }) => metric === 'speed_up');
    expect(fact).toMatchObject({
      ...{ statistic: 'parallel against serial', value: 22.8 / 27.1, unit: 'times', n: 10, scope: 'results/runs.jsonl' },
      labels: { campaign_profile: 'a', arrangement: 'parallel', start: 'warm' },
      comparison: {
        label: 'arrangement',
        of: 'parallel',
        to: 'serial',
        verdict: 'worse',
        medians: [27.1, 22.8],
        family: ['execution_time'],
      },
    });
    // 22.8 / 27.1 = 0.84133; the third of five is the median of the rates too.
    expect(fact?.claim).toMatch(
      /^parallel is slower than serial for profile a, warm: 27\.1 s against 22\.8 s of wall clock, a speed-up of 0\.8413 \(95 % interval [\d.]+ to [\d.]+; n = 5 and 5\), below 1: .*; together 78\.00 tok\/s against 85\.00 tok\/s\.$/,
    );
    expect(fact?.sources).toHaveLength(2);
  });

  it('say a speed-up above 1, none, and one that few runs cannot tell', () => {
    const told = (wall: number[]) =>
      claims(evidenceOfCells([cellOf(labelsOf('a', 'serial'), PARALLEL), cellOf(labelsOf('a', 'spread'), wall)]), 'speed_up')[0];
    expect(told(SERIAL)).toMatch(/^spread is faster than serial .* a speed-up of 1\.189 /);
    expect(told(PARALLEL.map((value) => value + 0.001))).toMatch(
      /^No difference is shown between spread and serial .* a speed-up of 1\.000 \(95 % interval /,
    );
    expect(told([20, 21])).toMatch(
      /^Whether spread is faster or slower than serial for profile a, warm cannot be told yet: .* so far \(n = 2 and 5\); 2 more runs a side are needed\.$/,
    );
  });

  it('say that nothing can be told without serial', () => {
    const evidence = evidenceOfCells([cellOf(labelsOf('a', 'parallel'), PARALLEL)]);
    expect(ofKind(evidence, 'campaign').find(({ metric }) => metric === 'speed_up_untold')).toMatchObject({ value: 5, unit: null });
    expect(claims(evidence, 'speed_up_untold')).toEqual([
      'For profile a in parallel, warm, no speed-up can be told: serial was not measured; parallel has 5 runs.',
    ]);
  });

  it('say that a setting has no effect, and no more than is told', () => {
    const gpu = (num_gpu: string, more: Record<string, string> = {}) =>
      cellOf(labelsOf(`gpu ${num_gpu}`, 'serial', { num_gpu, ...more }), around(20, 0.03));
    const evidence = evidenceOfCells([gpu('60'), gpu('80'), gpu('120')]);
    expect(ofKind(evidence, 'campaign').find(({ metric }) => metric === 'setting_effect')).toMatchObject({
      ...{ statistic: 'num_gpu', value: 3, unit: null, n: 24 },
    });
    expect(claims(evidence, 'setting_effect')[0]).toMatch(
      /^num_gpu 60, 80 and 120 have no effect for model gemma3:latest, quantization Q4_K_M, num_ctx 4096: the same context \(4096\) was in force and as many layers \(35\) lay on the GPU, and no difference is shown in wall clock \(serial, warm; n = 8 a side, 3 pairs\)\. A difference of up to [\d.]+ % in wall clock is not excluded\.$/,
    );
    const untold = { context_in_force: 'not told' };
    const vague = ofKind(evidenceOfCells([gpu('60', untold), gpu('80', untold)]), 'campaign').find(
      ({ metric }) => metric === 'setting_effect',
    );
    expect(vague).toMatchObject({ statistic: 'num_gpu, not told' });
    expect(vague?.claim).toMatch(
      /^Of num_gpu 60 and 80 .* no difference is shown .* is not told, so that the setting has no effect cannot be said\./,
    );
    expect(vague?.claim).not.toContain('the same');
    const warmth = (temperature: string) => cellOf(labelsOf(`t ${temperature}`, 'serial', { temperature }), around(20, 0.03));
    expect(claims(evidenceOfCells([warmth('0'), warmth('1')]), 'setting_effect')[0]).toMatch(
      /^temperature 0 and 1 have no effect on speed .*; of the text this says nothing\./,
    );
  });

  it('compare profiles in the family of their metrics, and say how often was looked', () => {
    const ttft = { time_to_first_token: around(0.4, 0.1), energy: around(5000, 0.1) };
    const looked = { look: [0, 0, 0, 0, 0, 0, 1, 1] };
    const evidence = evidenceOfCells([
      cellOf(labelsOf('a', 'serial', { num_gpu: '60' }), around(20, 0.05), { ...ttft, ...looked }),
      cellOf(labelsOf('b', 'serial', { num_gpu: '20' }), around(22, 0.05), ttft),
    ]);
    const compared = ofKind(evidence, 'campaign').filter(({ comparison }) => comparison?.label === 'campaign_profile');
    expect(compared.map(({ metric, comparison }) => [metric, comparison?.verdict])).toEqual([
      ['energy', 'no difference shown'],
      ['execution_time', 'worse'],
      ['time_to_first_token', 'no difference shown'],
    ]);
    // Eight a side, apart: 2 / C(16, 8) = 2 / 12,870, three metrics, two looks.
    expect(compared[1]).toMatchObject({
      statistic: 'ratio of medians: profile b against a in serial, warm',
      value: expect.closeTo(1.1, 12),
      comparison: { of: 'b', to: 'a', adjusted: expect.closeTo((2 / 12_870) * 3 * 2, 12), family: expect.any(Array) },
    });
    expect(compared[1]?.claim).toMatch(
      /^wall clock, profile b against a in serial, warm \(num_gpu 20 against 60\): 22 s \(n = 8\) against 20 s \(n = 8\), 1\.1 times .*: worse; adjusted p .* in a family of 3, counted 2-fold because the campaign may look at its results 2 times\.$/,
    );
  });

  it('recommend a profile, and say what is not shown', () => {
    const evidence = evidenceOfCells([cellOf(labelsOf('a', 'serial'), [20, 21]), cellOf(labelsOf('b', 'serial'), [22, 23])]);
    const [fact] = ofKind(evidence, 'campaign').filter(({ metric }) => metric === 'recommended_profile');
    // Ranges from 20 to 21 and from 22 to 23: the second is surely beaten.
    expect(fact).toMatchObject({ statistic: 'pareto front', value: 1, n: 2, labels: { campaign_profile: 'a' } });
    expect(fact?.claim).toContain('It is the least measured, and not shown to be better than the next, profile b in serial, warm');
    expect(claims(evidence, 'runs_needed')).toEqual([
      'Not decided by wall clock: profile b against a in serial, warm (n = 2 and 2); at least 2 more runs a side are needed.',
    ]);
  });
});

describe('the recommendation of a campaign', () => {
  const full = (share: number) => ({ duties_fulfilled: Array.from({ length: 8 }, () => share) });
  const serial = (profile: string, wall: number, share: number, n = 8) =>
    cellOf(labelsOf(profile, 'serial'), around(wall, 0.03, n), full(share));
  const recommended = (...cells: CampaignCell[]) => claims(evidenceOfCells(cells), 'recommended_profile');

  it('says why it is not the fastest', () => {
    const [claim] = recommended(serial('a', 20, 1), serial('lazy', 5, 0.6));
    expect(claim).toMatch(
      /^Of 2 profiles and arrangements, profile a in serial, warm is recommended, with the least wall clock of those on the front whose text is about as good as the best: wall clock 20 s and share of duties fulfilled 1 ratio /,
    );
    expect(claim).toContain(' profile lazy in serial, warm is faster (5 s), at a smaller share of duties fulfilled.');
    // Of few runs nothing is shown, and yet it is not the least measured.
    const [few] = recommended(serial('a', 20, 1, 2), serial('lazy', 5, 0.6, 2));
    expect(few).toContain(' profile lazy in serial, warm was measured to be faster (5 s), at a smaller share of duties fulfilled.');
    expect(few).not.toContain('least measured');
  });

  it('is none where nothing fulfils half of its duties, and that is said', () => {
    const evidence = evidenceOfCells([serial('a', 20, 0.2), serial('b', 5, 0.3)]);
    expect(claims(evidence, 'recommended_profile')).toEqual([]);
    expect(claims(evidence, 'comparison_untold')).toEqual([
      'No profile is recommended: none fulfils half of its duties. The nearest, profile b in serial, warm, fulfils a share of 0.3 (median, n = 8); profiles are compared with it all the same.',
    ]);
    expect(campaignOf(indexFacts(evidence.facts))).toMatchObject({ recommended: null, untold: [{ statistic: 'recommended profile' }] });
  });

  it('does not call the only one with enough runs the only one that was measured', () => {
    const [claim] = recommended(serial('a', 20, 1), serial('b', 21, 1, 3));
    expect(claim).toMatch(/^It is the only one that could be weighed: profile a .* 1 other could not be weighed, for want of runs,/);
    expect(recommended(serial('a', 20, 1))[0]).toMatch(/^It is the only one that was measured: [^.]*\(medians, n = 8\)\.$/);
  });
});
