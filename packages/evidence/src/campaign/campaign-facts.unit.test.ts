import { type Evidence, type Fact, indexFacts } from '@chimera/shared/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { campaignOf, campaignsOf, isCampaign } from './campaign-of.ts';
import { type CampaignCell, cellsOfRuns } from './cells.ts';
import { judgeCampaign } from './judge-campaign.ts';
import { around, cellOf, evidenceOf, evidenceOfCells, type File, labelsOf, measurementsOf, runsOfCells } from './testing.ts';

const SERIAL = [22.0, 22.4, 22.8, 23.2, 23.6];
const PARALLEL = [26.5, 26.8, 27.1, 27.4, 27.7];
const five = (value: number) => Array.from({ length: 5 }, (_, i) => value + i / 1000);

const own = {
  ...{ output_tokens: five(2000), prompt_tokens: five(3000), server_seconds: five(22), load_duration: [0, 0, 0, 0, 0] },
  ...{ sentences_survived: five(0.9), duties_fulfilled: [1, 1, 1, 1, 1], repairs: [0, 0, 1, 0, 0], look: [0, 0, 0, 0, 0] },
};
const slowed = [
  cellOf(labelsOf('a', 'serial'), SERIAL, { ...own, output_token_throughput: five(85) }),
  cellOf(labelsOf('a', 'parallel'), PARALLEL, { ...own, output_token_throughput: five(78) }),
];
const ofKind = ({ facts }: Evidence, kind: Fact['kind']) => facts.filter((f) => f.kind === kind);
const claims = (evidence: Evidence, metric: string) => ofKind(evidence, 'campaign').flatMap((f) => (f.metric === metric ? [f.claim] : []));

describe('the facts of a campaign', () => {
  it('say a speed-up below 1 in plain words', () => {
    const [fact] = ofKind(evidenceOfCells(slowed), 'campaign').filter(({ metric }) => metric === 'speed_up');
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

describe('the evidence of a campaign', () => {
  const runs = runsOfCells(slowed);

  it("holds the campaign's own metrics as groups in their units, and as no series", () => {
    const evidence = evidenceOfCells(slowed);
    const unit = (metric: string) => evidence.groups.filter((group) => group.metric === metric).map((group) => group.unit);
    expect(unit('output_tokens')).toEqual(['tokens', 'tokens']);
    expect(unit('repairs')).toEqual(['calls', 'calls']);
    expect(unit('server_seconds')).toEqual(['s', 's']);
    const repairs = ofKind(evidence, 'group').filter(({ metric, labels }) => metric === 'repairs' && labels.arrangement === 'serial');
    expect(repairs.map(({ statistic, value }) => [statistic, value])).toEqual([
      ['max', 1],
      ['mean', 0.2],
      ['median', 0],
      ['min', 0],
      ['stddev', expect.closeTo(Math.sqrt(0.2), 12)],
    ]);
    expect(repairs[0]?.claim).toContain('repair calls of profile a in serial, warm (context_in_force 4096, layers_on_gpu 35), in results');
    expect(ofKind(evidence, 'group').some(({ metric }) => metric === 'look')).toBe(false);
    expect(ofKind(evidence, 'series')).toEqual([]);
  });

  it('makes no generic study of it, and doubts nothing that a campaign does on purpose', () => {
    const calls = measurementsOf(runs).filter(({ metric }) => metric === 'output_token_throughput');
    const evidence = evidenceOf([
      { path: 'results/runs.jsonl', measurements: measurementsOf(runs) },
      { path: 'results/calls.csv', measurements: calls.map((one) => ({ ...one, over: 'requests' as const })) },
    ]);
    for (const kind of ['choice', 'comparison', 'duplicate', 'conflict'] as const) expect(ofKind(evidence, kind)).toEqual([]);
    expect(ofKind(evidence, 'doubt')).toEqual([]);
    expect(ofKind(evidence, 'gap').filter(({ metric }) => metric === 'artifacts_without_metric')).toEqual([]);
    // The list of calls repeats the numbers of the runs, and takes none from them.
    expect(evidence.groups.filter(({ metric, scope }) => metric === 'output_token_throughput' && scope.endsWith('.jsonl'))).toHaveLength(2);
    expect(campaignsOf(indexFacts(evidence.facts))).toHaveLength(1);
  });

  it('leaves studies of other files as they are', () => {
    const other = ['1', '2'].map((backend, i): File => {
      const measurements = measurementsOf(runs.slice(0, 5)).filter(({ metric }) => metric === 'execution_time');
      return {
        path: `bench-${backend}.json`,
        measurements: measurements.map((one) => ({ ...one, value: one.value + i, labels: { model: 'm', backend } })),
      };
    });
    const facts = (files: File[]) => evidenceOf(files).facts.filter(({ kind }) => kind === 'choice' || kind === 'comparison');
    expect(facts(other).length).toBeGreaterThan(0);
    const beside = [...other, { path: 'results/runs.jsonl', measurements: measurementsOf(runs) }];
    expect(facts(beside).map(({ id, claim }) => [id, claim])).toEqual(facts(other).map(({ id, claim }) => [id, claim]));
  });

  it('counts no excluded run', () => {
    const lost = runs.map((run, i) =>
      i === 0 ? { ...run, outcome: 'excluded' as const, measured: { wall_clock: { value: 0.1, unit: 's' } } } : run,
    );
    const evidence = evidenceOf([{ path: 'results/runs.jsonl', measurements: measurementsOf(lost) }]);
    const [fact] = ofKind(evidence, 'campaign').filter(({ metric }) => metric === 'speed_up');
    // Without 22.0 the median of serial is that of 22.4, 22.8, 23.2 and 23.6.
    expect(fact).toMatchObject({ value: 23 / 27.1, n: 9 });
  });

  it('judges as the campaign itself does', () => {
    const { speedUps, comparisons, undecided } = judgeCampaign(cellsOfRuns(runs));
    const view = campaignOf(indexFacts(evidenceOfCells(slowed).facts));
    expect(view?.speedUps.map(({ value, interval }) => [value, interval])).toEqual(
      speedUps.map(({ ratio, interval }) => [ratio, interval]),
    );
    expect([view?.comparisons.length, view?.needed.length]).toEqual([comparisons.length, undecided.length]);
  });

  it('judges each campaign of one file by itself', () => {
    const of = (campaign: string, profile: string, wall: number, num_gpu: string) =>
      (['serial', 'parallel'] as const).map((arrangement) =>
        cellOf(labelsOf(profile, arrangement, { campaign, num_gpu }), around(wall, 0.03)),
      );
    const cells = [...of('x', 'a', 20, '60'), ...of('x', 'b', 22, '20'), ...of('y', 'a', 5, '60')];
    const views = campaignsOf(indexFacts(evidenceOfCells(cells).facts));
    expect(views.map(({ cells: own, recommended }) => [own.length, recommended?.labels])).toEqual([
      [4, expect.objectContaining({ campaign: 'x', campaign_profile: 'a' })],
      [2, expect.objectContaining({ campaign: 'y', campaign_profile: 'a' })],
    ]);
    // Nothing of one is compared with the other, and nobody says that runs of one were of two sorts.
    expect(views.map(({ comparisons, speedUps, untold }) => [comparisons.length, speedUps.length, untold.length])).toEqual([
      [2, 2, 0],
      [0, 1, 0],
    ]);
    expect(views.flatMap(({ speedUps }) => speedUps.flatMap(({ comparison }) => comparison?.caveats ?? []))).toEqual([]);
  });

  it('pools runs of folders that differ in their date only where they are of one campaign over the same artifacts', () => {
    const on = (day: string, campaign: string, inventory: string, wall: number): File => ({
      path: `2026-11-${day}/runs.jsonl`,
      measurements: measurementsOf(runsOfCells([cellOf(labelsOf('a', 'serial', { campaign, inventory }), around(wall, 0.03, 4))])),
    });
    const runs = (...files: File[]) =>
      campaignsOf(indexFacts(evidenceOf(files).facts)).flatMap(({ cells }) => cells.map(({ facts }) => facts.get('execution_time')?.n));
    expect(runs(on('20', 'c', 'x', 20), on('21', 'c', 'x', 21))).toEqual([8]);
    expect(runs(on('20', 'c', 'x', 20), on('21', 'd', 'x', 21))).toEqual([4, 4]);
    expect(runs(on('20', 'c', 'x', 20), on('21', 'c', 'y', 21))).toEqual([4, 4]);
  });

  it('keeps campaigns of several files apart', () => {
    const evidence = evidenceOf([
      { path: 'x/runs.jsonl', measurements: measurementsOf(runs) },
      { path: 'y/runs.jsonl', measurements: measurementsOf(runsOfCells([cellOf(labelsOf('a', 'serial'), [9, 9.5, 9.7, 9.8])])) },
    ]);
    const views = campaignsOf(indexFacts(evidence.facts));
    expect(views.map(({ scope, cells, speedUps }) => [scope, cells.length, speedUps.length])).toEqual([
      ['x/runs.jsonl', 2, 1],
      ['y/runs.jsonl', 1, 0],
    ]);
  });
});

describe('the evidence of a campaign that anybody may have written', () => {
  const wild = fc.constantFrom(0, 5e-324, 1e-300, 0.5, 1, 2, 3, 1e150, 1e300);
  const all = fc.array(wild, { maxLength: 6 });
  const cell = fc
    .record({
      profile: fc.constantFrom('a', 'b', ''),
      arrangement: fc.constantFrom('serial', 'parallel', 'alone', 'sideways'),
      start: fc.constantFrom('warm', 'cold', 'tepid'),
      more: fc.constantFrom<Record<string, string>[]>(
        {},
        { num_gpu: '60' },
        { num_gpu: '80' },
        { context_in_force: 'not told' },
        { server: '' },
      ),
      ...{ wall: all, ttft: all, share: all, energy: all, look: all },
    })
    .map(({ profile, arrangement, start, more, wall, ttft, share, energy, look }) =>
      cellOf(labelsOf(profile, arrangement as 'serial', more, start as 'warm'), wall, {
        ...{ time_to_first_token: ttft, sentences_survived: share, energy, look },
      }),
    );
  const some = fc.uniqueArray(cell, { selector: ({ labels }) => JSON.stringify(labels), maxLength: 8 });

  it('is computed, whatever stands there, and the same in any order of its cells', () => {
    fc.assert(
      fc.property(some, (cells) => {
        const plain = ({ facts }: Evidence) => facts.filter(({ kind }) => kind === 'campaign').map(({ id, claim }) => [id, claim]);
        expect(plain(evidenceOfCells([...cells].reverse()))).toEqual(plain(evidenceOfCells(cells)));
      }),
      { numRuns: 200 },
    );
  });
});

describe('campaignOf', () => {
  it('gives the facts of each cell by metric, in one order', () => {
    const view = campaignOf(indexFacts(evidenceOfCells([...slowed, cellOf(labelsOf('b', 'serial'), [30])]).facts));
    expect(
      view?.cells.map(({ labels, facts }) => [labels.campaign_profile, labels.arrangement, facts.get('execution_time')?.value]),
    ).toEqual([
      ['a', 'parallel', 27.1],
      ['a', 'serial', 22.8],
      ['b', 'serial', 30],
    ]);
    expect(view?.recommended).toMatchObject({ labels: { campaign_profile: 'a', arrangement: 'serial' } });
    expect(view?.cells[0]?.facts.get('repairs')).toMatchObject({ statistic: 'median', unit: 'calls' });
  });

  it('finds none in anything else', () => {
    const { facts } = evidenceOf([
      { path: 'a.csv', measurements: measurementsOf(runsOfCells(slowed)).map((one) => ({ ...one, labels: { model: 'm' } })) },
    ]);
    expect([isCampaign(indexFacts(facts)), campaignOf(indexFacts(facts))]).toEqual([false, null]);
    expect(isCampaign(indexFacts(evidenceOfCells(slowed).facts))).toBe(true);
  });
});
