import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ReplayServer, startReplayServer } from '@chimera/ollama';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { campaignFile, medianOf, runCampaign, valuesOf } from '../support/campaign.ts';
import { layFiles, SMALL } from '../support/dataset.ts';

const work = mkdtempSync(join(tmpdir(), 'chimera-campaign-'));
const dataset = layFiles(SMALL);
const servers: ReplayServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});
afterAll(() => {
  rmSync(work, { recursive: true, force: true });
  rmSync(dataset, { recursive: true, force: true });
});

async function replay(...[config]: Parameters<typeof startReplayServer>): Promise<ReplayServer> {
  const server = await startReplayServer(config);
  servers.push(server);
  return server;
}

describe('a campaign', { timeout: 300_000 }, () => {
  it('reports a speed-up below one, in plain words, where a second call at once slows the first down', async () => {
    const server = await replay({ rates: { tokensPerSecond: [98, 20] }, parallel: 2, speed: 8 });
    const file = campaignFile(join(work, 'slow'), {
      name: 'slow second slot',
      dataset,
      servers: [server.url],
      model: 'gemma3:latest',
      repeats: 6,
      arrangements: ['serial', 'parallel'],
      profiles: [{ name: 'plain', agents: { collector: { num_ctx: 8192 }, insight: { num_ctx: 8192 } } }],
    });
    const { lines, facts, markdown, report } = await runCampaign(file, join(work, 'slow/out'));
    expect(lines.map(({ outcome, reason }) => [outcome, reason])).toEqual(Array(12).fill(['measured', null]));
    const [serial, parallel] = (['serial', 'parallel'] as const).map((arrangement) => valuesOf(lines, 'wall_clock', { arrangement }));
    expect([serial?.length, parallel?.length]).toEqual([6, 6]);
    const expected = medianOf(serial ?? []) / medianOf(parallel ?? []);
    expect(expected).toBeLessThan(1);
    const fact = facts.find(({ metric }) => metric === 'speed_up');
    expect(fact).toMatchObject({ kind: 'campaign', unit: 'times', comparison: { of: 'parallel', to: 'serial', verdict: 'worse' } });
    expect(fact?.value).toBeCloseTo(expected, 10);
    expect(fact?.interval?.[1]).toBeLessThan(1);
    expect(fact?.claim).toContain('slower');
    // The tokens say the same, by the server's own account: two at once had 40 tokens per second together, one alone 98.
    const rates = (['serial', 'parallel'] as const).map((arrangement) =>
      medianOf(valuesOf(lines, 'output_token_throughput', { arrangement })),
    );
    expect(rates[1]).toBeLessThan(rates[0] ?? 0);
    const screen = report.summary.map(({ line }) => line.map(({ text }) => text).join('')).join('\n');
    expect(screen).toMatch(/parallel[^.]*slower/);
    expect(markdown).toContain('## Performance Analysis');
    expect(report.record.account.numbers.withoutSource).toBe(0);
  });

  it('says of a setting without effect that it has none', async () => {
    const server = await replay({ rates: { tokensPerSecond: 98 }, speed: 10 });
    const file = campaignFile(join(work, 'layers'), {
      name: 'layers',
      dataset,
      servers: [server.url],
      model: 'gemma3:latest',
      repeats: 5,
      matrix: { agents: ['insight'], both: { num_gpu: [60, 80, 120] } },
    });
    const { facts, report } = await runCampaign(file, join(work, 'layers/out'));
    const effect = facts.filter(({ metric }) => metric === 'setting_effect');
    expect(effect.map(({ statistic }) => statistic)).toEqual(['num_gpu']);
    expect(effect[0]?.claim).toMatch(/num_gpu 60, 80 and 120 have no effect/);
    // 34 blocks and the output layer: what the replay server's model has.
    expect(effect[0]?.claim).toContain('as many layers (35) lay on the GPU');
    expect(facts.filter(({ comparison }) => ['better', 'worse'].includes(comparison?.verdict ?? ''))).toEqual([]);
    expect(JSON.stringify(report.page)).toContain('no effect');
  });

  it('finds a true difference of ten percent with eight repeats, and none in noise', async () => {
    // One profile is a tenth slower; the other two differ in nothing but their noise.
    const server = await replay({
      speed: 4,
      jitter: { share: 0.03, seed: 7 },
      behaviour: ({ options }) => ({ kind: 'slow', rates: { tokensPerSecond: options.temperature === 0.8 ? 180 : 200 } }),
    });
    const profile = (name: string, temperature: number) => ({ name, agents: { insight: { num_ctx: 8192, temperature } } });
    const file = campaignFile(join(work, 'tenth'), {
      name: 'a tenth',
      dataset,
      servers: [server.url],
      model: 'gemma3:latest',
      repeats: 8,
      profiles: [profile('fast', 0.6), profile('alike', 0.7), profile('slow', 0.8)],
    });
    const { lines, facts } = await runCampaign(file, join(work, 'tenth/out'));
    expect(lines.map(({ outcome }) => outcome)).toEqual(Array(24).fill('measured'));
    // By the server's own clock, which no other load on this machine moves: about a ninth more time for a token.
    const perToken = (name: string) => medianOf(valuesOf(lines, 'time_per_output_token', { profile: name }));
    expect(perToken('slow') / perToken('fast')).toBeGreaterThan(1.07);
    expect(perToken('slow') / perToken('fast')).toBeLessThan(1.15);
    const compared = facts.filter(
      ({ metric, comparison }) => metric === 'time_per_output_token' && comparison?.label === 'campaign_profile',
    );
    const verdicts = new Map(compared.map(({ comparison }) => [`${comparison?.of} ${comparison?.to}`, comparison?.verdict]));
    const [recommended] = new Set(compared.map(({ comparison }) => comparison?.to));
    expect(['fast', 'alike']).toContain(recommended);
    expect(verdicts.get(`slow ${recommended}`)).toBe('worse');
    expect(verdicts.get(recommended === 'fast' ? 'alike fast' : 'fast alike')).toBe('no difference shown');
    expect(facts.find(({ metric }) => metric === 'recommended_profile')?.labels.campaign_profile).toBe(recommended);
  });

  it('is refused what it has no model or server for, before anything is run', async () => {
    const file = campaignFile(join(work, 'wrong'), {
      name: 'wrong',
      dataset,
      servers: ['http://127.0.0.1:9'],
      model: 'gemma3:latest',
      repeats: 2,
      arrangements: ['spread'],
      profiles: [{ name: 'two', agents: { collector: {}, insight: {} } }],
    });
    await expect(runCampaign(file, join(work, 'wrong/out'))).rejects.toThrow(/ended with 2[\s\S]*spread/);
  });
});
