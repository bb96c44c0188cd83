import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ReplayServer, startReplayServer } from '@chimera/ollama';
import type { CampaignRun } from '@chimera/shared/domain';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { campaignFile, killedAfter, runCampaign, runReports } from '../support/campaign.ts';
import { layFiles, SMALL } from '../support/dataset.ts';

const work = mkdtempSync(join(tmpdir(), 'chimera-campaign-resumed-'));
const dataset = layFiles(SMALL);
const servers: ReplayServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});
afterAll(() => {
  rmSync(work, { recursive: true, force: true });
  rmSync(dataset, { recursive: true, force: true });
});

/** What of a line does not depend on the clock. Of a run that failed: which of two agents failed first does. */
function timeless({ startedAt: _, measured, labels, reason, ...line }: CampaignRun) {
  const { output_tokens, prompt_tokens, sentences_survived, duties_fulfilled, repairs, look } = measured;
  if (line.outcome === 'excluded') return { ...line, reason: reason?.replace(/collector|insight/, 'an agent') };
  const counted = { output_tokens, prompt_tokens, sentences_survived, duties_fulfilled, repairs, look };
  return { ...line, labels, reason, fields: Object.keys(measured).sort(), ...counted };
}

describe('a campaign of 60 runs', { timeout: 600_000 }, () => {
  it('that is killed three times and resumed equals one that was not; its report names every excluded run and why', async () => {
    // One profile meets a stream that breaks off, whenever it is asked: all its runs are excluded.
    const server = await startReplayServer({
      rates: { tokensPerSecond: 4_000 },
      behaviour: ({ options }) => ({ kind: options.temperature === 0.9 ? 'error-mid-stream' : 'well-behaved' }),
    });
    servers.push(server);
    const both = (name: string, temperature: number) => ({
      name,
      agents: { collector: { num_ctx: 8192, temperature }, insight: { num_ctx: 8192, temperature } },
    });
    const content = {
      name: 'sixty',
      dataset,
      servers: [server.url],
      model: 'gemma3:latest',
      seed: 5,
      repeats: 10,
      attempts: 1,
      arrangements: ['serial', 'parallel'],
      profiles: [both('one', 0.5), both('two', 0.6), both('broken', 0.9)],
    };
    const whole = await runCampaign(campaignFile(join(work, 'whole'), content), join(work, 'whole/out'));
    expect(whole.lines).toHaveLength(60);

    const file = campaignFile(join(work, 'killed'), content);
    const out = join(work, 'killed/out');
    for (const tries of [7, 23, 41]) expect(await killedAfter(file, out, tries)).toBeNull();
    const resumed = await runCampaign(file, out);
    expect(resumed.lines.map(timeless)).toEqual(whole.lines.map(timeless));
    expect(new Set(resumed.lines.map(({ ordinal }) => ordinal)).size).toBe(60);

    for (const { lines, markdown, facts, out: folder } of [whole, resumed]) {
      const excluded = lines.filter(({ outcome }) => outcome === 'excluded');
      expect(excluded.map(({ profile }) => profile)).toEqual(Array(20).fill('broken'));
      const gaps = markdown.slice(markdown.indexOf('## Gaps and Refused Files'), markdown.indexOf('## Conclusion'));
      for (const { ordinal } of excluded) expect(gaps).toMatch(new RegExp(`(?<!\\d)${ordinal}(?!\\d)`));
      expect(gaps).toContain('unexpected EOF');
      // What failed is in no comparison.
      const compared = facts.filter(({ kind, comparison }) => kind === 'campaign' && comparison !== undefined);
      expect(compared.length).toBeGreaterThan(0);
      expect(JSON.stringify(compared)).not.toContain('broken');
      // Each run has a report of its own, the excluded ones too.
      expect(runReports(folder).size).toBe(60);
    }
    const shapes = (facts: typeof whole.facts) => facts.map(({ id, kind, metric, statistic, n }) => ({ id, kind, metric, statistic, n }));
    const ofCampaign = ({ facts }: typeof whole) =>
      shapes(facts.filter(({ metric, statistic }) => metric === 'speed_up' && statistic.startsWith('parallel')));
    expect(ofCampaign(resumed)).toEqual(ofCampaign(whole));
  });

  it('loses only the runs of a server that goes away in the middle', async () => {
    const [first, second] = await Promise.all([startReplayServer({}), startReplayServer({})]);
    servers.push(first);
    let asked = 0;
    const closing = startReplayServer({
      behaviour: () => {
        asked += 1;
        // In the middle of the campaign: for good.
        if (asked === 40) void closing.then((server) => server.close());
        return { kind: 'well-behaved' };
      },
    });
    await second.close();
    const away = await closing;
    servers.push(away);
    const file = campaignFile(join(work, 'lost'), {
      name: 'lost',
      dataset,
      servers: [first.url, away.url],
      model: 'gemma3:latest',
      repeats: 8,
      attempts: 2,
      arrangements: ['serial', 'spread'],
      profiles: [{ name: 'plain', agents: { collector: { num_ctx: 8192 }, insight: { num_ctx: 8192 } } }],
    });
    const { lines, markdown } = await runCampaign(file, join(work, 'lost/out'));
    const measured = lines.filter(({ outcome }) => outcome === 'measured');
    const lost = lines.filter(({ outcome }) => outcome === 'excluded');
    // Of the arrangement that needs one server nothing is lost; of the other, what came after.
    expect(measured.filter(({ arrangement }) => arrangement === 'serial')).toHaveLength(8);
    expect(new Set(lost.map(({ arrangement }) => arrangement))).toEqual(new Set(['spread']));
    const spread = measured.filter(({ arrangement }) => arrangement === 'spread').length;
    expect(spread).toBeGreaterThan(0);
    expect(spread).toBeLessThan(8);
    expect(new Set(lost.map(({ ordinal }) => ordinal)).size).toBe(8 - spread);
    for (const { reason } of lost) expect(reason).toContain(new URL(away.url).host);
    for (const { ordinal } of lost) expect(markdown).toMatch(new RegExp(`run[s]? [^\\n]*(?<!\\d)${ordinal}(?!\\d)`));
  });
});
