import type { InventoryRef } from '@chimera/shared/domain';
import { describe, expect, it } from 'vitest';
import { type CampaignRecord, changesSince, whyOtherDataset, whyOtherPlan } from './record.ts';

const [A, B] = ['a'.repeat(64), 'b'.repeat(64)];
const inventory = { inventory: A, evidence: A } as InventoryRef;
const known: CampaignRecord = {
  ...{ schema: 'chimera.campaign/v1', campaign: 'c', begunAt: '2026-01-01T00:00:00.000Z', file: A, plan: A },
  ...{ inventory, servers: ['http://a:1'] },
};

describe('going on with a campaign', () => {
  it('is refused with another plan, in a sentence that says what to do', () => {
    expect(whyOtherPlan(known, { file: A, plan: A }, 'c.yaml', '/out')).toBeNull();
    expect(whyOtherPlan(known, { file: B, plan: B }, 'c.yaml', '/out')).toMatch(
      /\/out was begun with another plan: c\.yaml was changed.*--out/,
    );
    expect(whyOtherPlan(known, { file: A, plan: B }, 'c.yaml', '/out')).toMatch(/another version of Chimera.*--out/);
  });

  it('is refused over another dataset, or where other facts are computed from it', () => {
    expect(whyOtherDataset(known, inventory, '/data', '/out')).toBeNull();
    expect(whyOtherDataset(known, { ...inventory, inventory: B }, '/data', '/out')).toMatch(
      /in \/data files were changed.*inventory a{12} then, b{12} now.*--out/,
    );
    expect(whyOtherDataset(known, { ...inventory, evidence: B }, '/data', '/out')).toMatch(/another version of Chimera.*--out/);
  });

  it('tells what changed and does no harm', () => {
    expect(changesSince(known, { file: A, servers: ['http://a:1'] })).toEqual([]);
    const told = changesSince(known, { file: B, servers: ['http://b:2'] });
    expect(told).toHaveLength(2);
    expect(told[1]).toContain('http://a:1');
    expect(told[1]).toContain('http://b:2');
  });
});
