import { describe, expect, it } from 'vitest';
import { judgeCampaign } from './judge-campaign.ts';
import { around, cellOf, labelsOf } from './testing.ts';

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
