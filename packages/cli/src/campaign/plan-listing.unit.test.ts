import { parseCampaign } from '@chimera/campaign';
import { collector } from '@chimera/collector';
import { insight } from '@chimera/insight';
import { describe, expect, it } from 'vitest';
import { planListing, planSummary } from './plan-listing.ts';

const file = parseCampaign(
  JSON.stringify({
    name: 'c',
    dataset: '../data',
    model: 'tiny:1b',
    repeats: 4,
    start: ['warm', 'cold'],
    profiles: [
      { name: 'two', agents: { collector: { num_ctx: 512 }, insight: {} }, arrangements: ['serial', 'parallel'] },
      { name: 'one', agents: { insight: { temperature: 0.5 } } },
      { name: 'own', agents: { collector: {} }, duties: 'own' },
    ],
  }),
  '/srv/campaigns/c.yaml',
);
const plan = planSummary(file, ['http://127.0.0.1:11434'], { collector, insight });

describe('a plan before it is run', () => {
  it('has each cell with its runs, and a call for each section of each run', () => {
    // The collector has three sections, insight six, the single agent nine.
    expect(plan.cells.map(({ profile, arrangement, start, runs, calls }) => [profile, arrangement, start, runs, calls])).toEqual([
      ['two', 'serial', 'warm', 4, 36],
      ['two', 'serial', 'cold', 4, 36],
      ['two', 'parallel', 'warm', 4, 36],
      ['two', 'parallel', 'cold', 4, 36],
      ['one', 'alone', 'warm', 4, 36],
      ['one', 'alone', 'cold', 4, 36],
      ['own', 'alone', 'warm', 4, 12],
      ['own', 'alone', 'cold', 4, 12],
    ]);
    expect(plan.calls).toBe(240);
    expect(plan.runs.map(({ ordinal }) => ordinal)).toEqual(Array.from({ length: 32 }, (_, i) => i + 1));
  });

  it('says settings once where agents are alike, and of each where they are not', () => {
    expect([...new Set(plan.cells.map(({ settings }) => settings))]).toEqual([
      'collector: tiny:1b, num_ctx 512; insight: tiny:1b',
      'tiny:1b, temperature 0.5',
      'tiny:1b',
    ]);
  });

  it('is printed as a table, with what it comes to above', () => {
    const [first = '', second, head, ...rows] = planListing(plan);
    expect(first).toContain('over /srv/data: 32 runs of 8 cells, about 240 calls');
    expect(second).toBe('Servers: http://127.0.0.1:11434');
    expect(head).toMatch(/^ {2}PROFILE +ARRANGEMENT +START +AGENTS +RUNS +CALLS +SETTINGS$/);
    expect(rows).toHaveLength(8);
    expect(new Set(rows.map((row) => row.indexOf('tiny:1b') > 0))).toEqual(new Set([true]));
  });
});
