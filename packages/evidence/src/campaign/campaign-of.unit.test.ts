import { indexFacts } from '@chimera/shared/domain';
import { describe, expect, it } from 'vitest';
import { campaignOf, isCampaign } from './campaign-of.ts';
import { cellOf, evidenceOf, evidenceOfCells, labelsOf, measurementsOf, runsOfCells, SLOWED } from './testing.ts';

describe('campaignOf', () => {
  it('gives the facts of each cell by metric, in one order', () => {
    const view = campaignOf(indexFacts(evidenceOfCells([...SLOWED, cellOf(labelsOf('b', 'serial'), [30])]).facts));
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
      { path: 'a.csv', measurements: measurementsOf(runsOfCells(SLOWED)).map((one) => ({ ...one, labels: { model: 'm' } })) },
    ]);
    expect([isCampaign(indexFacts(facts)), campaignOf(indexFacts(facts))]).toEqual([false, null]);
    expect(isCampaign(indexFacts(evidenceOfCells(SLOWED).facts))).toBe(true);
  });
});
