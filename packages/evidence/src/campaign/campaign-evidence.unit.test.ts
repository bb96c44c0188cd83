import { type Evidence, indexFacts } from '@chimera/shared/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { campaignOf, campaignsOf } from './campaign-of.ts';
import { cellsOfRuns } from './cells.ts';
import { judgeCampaign } from './judge-campaign.ts';
import {
  around,
  cellOf,
  evidenceOf,
  evidenceOfCells,
  type File,
  labelsOf,
  measurementsOf,
  ofKind,
  runsOfCells,
  SLOWED,
} from './testing.ts';

describe('the evidence of a campaign', () => {
  const runs = runsOfCells(SLOWED);

  it("holds the campaign's own metrics as groups in their units, and as no series", () => {
    const evidence = evidenceOfCells(SLOWED);
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
    const view = campaignOf(indexFacts(evidenceOfCells(SLOWED).facts));
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
