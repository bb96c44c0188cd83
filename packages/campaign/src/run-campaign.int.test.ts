import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BehaviourScript, type ReplayServer, startReplayServer } from '@chimera/ollama';
import { systemClock } from '@chimera/shared/bus';
import { afterEach, describe, expect, it } from 'vitest';
import { campaignOf, DEFINITIONS, groundsOf, INVENTORY, soleServer } from '../../../test/support/campaign-runs.ts';
import type { JournalEntry } from './entry.ts';
import { openJournal } from './journal.ts';
import { planOf } from './plan.ts';
import { type CampaignParts, type CampaignProgress, runCampaign } from './run-campaign.ts';

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

async function replay(behaviour: BehaviourScript = { kind: 'well-behaved' }, port = 0): Promise<ReplayServer> {
  const server = await startReplayServer({ models: ['tiny:1b'], behaviour, port });
  opened.push(server);
  return server;
}

/** A campaign in a folder of its own, as often as it is run; waiting takes no time. */
async function campaign(urls: readonly string[], content: object) {
  const folder = await mkdtemp(join(tmpdir(), 'chimera-run-campaign-'));
  opened.push({ close: () => rm(folder, { recursive: true }) });
  const file = campaignOf(content);
  const told: CampaignProgress[] = [];
  return {
    file,
    told,
    entries: async () => (await openJournal(folder)).entries(),
    async run(rest: Partial<CampaignParts> = {}) {
      const servers = urls.map(soleServer);
      opened.unshift(...servers);
      return runCampaign({
        ...{ file, servers, definitions: DEFINITIONS, grounds: groundsOf(), dataset: 'bucket', inventory: INVENTORY },
        clock: { ...systemClock, sleep: async () => undefined },
        journal: await openJournal(folder),
        untilDecided: false,
        signal: new AbortController().signal,
        keepTranscript: async () => 'c'.repeat(64),
        keep: async () => undefined,
        afterRun: async () => undefined,
        ...rest,
        onProgress(progress) {
          told.push(progress);
          rest.onProgress?.(progress);
        },
      });
    },
  };
}

const brief = (entries: readonly JournalEntry[]) => entries.map(({ line }) => [line.ordinal, line.attempt, line.outcome]);
const BOTH = { repeats: 3, arrangements: ['serial', 'parallel'] };

describe('a campaign', () => {
  it('makes the runs of its plan in order, each generated anew, and keeps each before the next begins', async () => {
    const server = await replay();
    const one = await campaign([server.url], BOTH);
    const kept: number[] = [];
    const { planned, decision } = await one.run({
      afterRun: async (_run, { line }) => {
        kept.push((await one.entries()).length);
        expect(line.ordinal).toBe(kept.length);
      },
    });
    const entries = await one.entries();
    expect(brief(entries)).toEqual([1, 2, 3, 4, 5, 6].map((ordinal) => [ordinal, 1, 'measured']));
    expect(entries.map(({ line }) => line.arrangement)).toEqual(planOf(one.file).map(({ cell }) => cell.arrangement));
    expect(kept).toEqual([1, 2, 3, 4, 5, 6]);
    expect([planned.length, decision]).toEqual([6, null]);
    // The same questions, answered anew each time: three a run.
    expect(entries.flatMap(({ calls }) => calls)).toHaveLength(18);
    const last = one.told.findLast((progress) => progress.kind === 'tried');
    expect(last).toMatchObject({ standing: { done: 6, total: 6, secondsLeft: 0 } });
  });

  it('goes on where it was stopped, and drops only the run under way', async () => {
    const server = await replay();
    const one = await campaign([server.url], BOTH);
    const stop = new AbortController();
    const onProgress = (progress: CampaignProgress) => {
      if (progress.kind === 'begins' && progress.due.run.ordinal === 3) stop.abort(new Error('Ctrl-C'));
    };
    await expect(one.run({ signal: stop.signal, onProgress })).rejects.toThrow('Ctrl-C');
    const before = await one.entries();
    expect(brief(before)).toEqual([
      [1, 1, 'measured'],
      [2, 1, 'measured'],
    ]);
    await one.run();
    const after = await one.entries();
    expect(brief(after)).toEqual([1, 2, 3, 4, 5, 6].map((ordinal) => [ordinal, 1, 'measured']));
    expect(after.slice(0, 2)).toEqual(before);
    const calls = server.calls.length;
    await one.run();
    expect(server.calls).toHaveLength(calls);
  });

  it('tries a run that an accident excluded again, behind all others', async () => {
    let asked = 0;
    const server = await replay(({ messages }) => {
      if (messages.some(({ role }) => role === 'system')) asked += 1;
      // The first is the rehearsal's, the next three are the first run's: this one is of the second run.
      return asked === 5 ? { kind: 'error', status: 500, body: { error: 'gone wrong' } } : { kind: 'well-behaved' };
    });
    const one = await campaign([server.url], { repeats: 2, arrangements: ['serial', 'handoff'] });
    await one.run();
    const tried = one.told.flatMap((progress) => (progress.kind === 'tried' ? [progress.entry] : []));
    expect(brief(tried)).toEqual([
      [1, 1, 'measured'],
      [2, 1, 'excluded'],
      [3, 1, 'measured'],
      [4, 1, 'measured'],
      [2, 2, 'measured'],
    ]);
    expect(tried[1]?.line.reason).toContain(server.url);
  });

  it('loses only the runs that need a server which is away, and names each of them', async () => {
    const [stays, goes] = [await replay(), await replay()];
    const one = await campaign([stays.url, goes.url], { repeats: 3, arrangements: ['serial', 'spread'] });
    await one.run({
      async afterRun(_run, { line }) {
        if (line.arrangement === 'spread') await goes.close();
      },
    });
    const entries = await one.entries();
    const of = (arrangement: string) => entries.filter(({ line }) => line.arrangement === arrangement);
    expect(of('serial').map(({ line }) => line.outcome)).toEqual(['measured', 'measured', 'measured']);
    expect(of('spread').map(({ line }) => line.outcome)).toEqual(['measured', 'excluded', 'excluded']);
    for (const { line } of of('spread').slice(1)) {
      expect(line.reason).toContain(goes.url);
      // What was never begun took no time, and is not taken for fast.
      expect(line.measured.wall_clock).toBeUndefined();
    }
    expect(one.told.filter(({ kind }) => kind === 'put off')).toHaveLength(2);
    expect(one.told.filter(({ kind }) => kind === 'waits')).toHaveLength(1);
  });

  it.each([
    ['whose queue is full', { kind: 'busy' }],
    ['that is started again behind a proxy', { kind: 'error', status: 502, body: 'bad gateway' }],
  ] as const)('waits for a server %s, before a run is begun', async (_, behaviour) => {
    let left = 0;
    const server = await replay(() => (left-- > 0 ? behaviour : { kind: 'well-behaved' }));
    const one = await campaign([server.url], { repeats: 4, arrangements: ['serial'] });
    await one.run({
      async afterRun(_run, { line }) {
        if (line.ordinal === 1) left = 12;
      },
    });
    expect(brief(await one.entries())).toEqual([1, 2, 3, 4].map((ordinal) => [ordinal, 1, 'measured']));
    expect(one.told.filter(({ kind }) => kind === 'put off')).toHaveLength(3);
  });

  it.each([
    ['another server is away', async () => [await replay(), await replay()], 1],
    ['the only server comes later', async () => [await replay()], 0],
  ] as const)('rehearses before the first run that can be made, also where %s', async (_, start, goes) => {
    const servers = await start();
    const asked = () =>
      servers.flatMap(({ calls }) => calls).filter(({ request }) => request.messages.some(({ role }) => role === 'system'));
    const one = await campaign(
      servers.map(({ url }) => url),
      { repeats: 1, arrangements: servers.length === 1 ? ['serial'] : ['spread', 'serial'] },
    );
    const gone = servers[goes] as ReplayServer;
    await gone.close();
    const port = Number(new URL(gone.url).port);
    const sleep = async () => {
      if (goes === 0 && servers.length === 1) servers.push(await replay({ kind: 'well-behaved' }, port));
    };
    await one.run({ clock: { ...systemClock, sleep } });
    const measured = (await one.entries()).filter(({ line }) => line.outcome === 'measured');
    expect(measured).toHaveLength(1);
    // One call more than the run itself had.
    expect(asked()).toHaveLength(measured.flatMap(({ calls }) => calls).length + 1);
  });

  it('does not wait for ever for a server whose queue stays full', async () => {
    let full = false;
    const server = await replay(() => ({ kind: full ? 'busy' : 'well-behaved' }));
    const one = await campaign([server.url], { repeats: 3, arrangements: ['serial'] });
    await one.run({
      async afterRun() {
        full = true;
      },
    });
    expect(brief(await one.entries())).toEqual([
      [1, 1, 'measured'],
      [2, 1, 'excluded'],
      [3, 1, 'excluded'],
    ]);
  });

  it('says of a run whose warm-up failed what its agents met, and counts it nowhere', async () => {
    const server = await replay(({ options }) => ({ kind: options.temperature === 0.9 ? 'error-mid-stream' : 'well-behaved' }));
    const profile = (name: string, temperature: number) => ({ name, agents: { insight: { num_ctx: 8_192, temperature } } });
    const one = await campaign([server.url], { attempts: 1, profiles: [profile('well', 0.1), profile('ill', 0.9)] });
    const kept: string[] = [];
    await one.run({
      async keep(run, _attempt, { analyses }) {
        kept.push(`${run.profile.name} ${Object.keys(analyses).join()}`);
      },
    });
    expect(kept.sort()).toEqual(['ill insight', 'well insight']);
    const entries = await one.entries();
    const of = (name: string) => brief(entries.filter(({ line }) => line.profile === name)).map(([, , outcome]) => outcome);
    expect([of('well'), of('ill')]).toEqual([['measured'], ['excluded']]);
  });

  it('makes the runs of a server that comes back while it is waited for', async () => {
    const [stays, goes] = [await replay(), await replay()];
    const one = await campaign([stays.url, goes.url], { repeats: 2, arrangements: ['serial', 'spread'] });
    await goes.close();
    const port = Number(new URL(goes.url).port);
    let back = false;
    await one.run({
      clock: {
        ...systemClock,
        async sleep() {
          if (back) return;
          back = true;
          opened.push(await startReplayServer({ port, models: ['tiny:1b'] }));
        },
      },
    });
    expect(brief(await one.entries()).map(([, attempt, outcome]) => [attempt, outcome])).toEqual(Array(4).fill([1, 'measured']));
  });

  it('adds runs while something is undecided, up to as many as the file allows, and says so', async () => {
    const server = await replay();
    const one = await campaign([server.url], { repeats: 2, most_repeats: 3, arrangements: ['serial', 'parallel'] });
    const { planned, decision } = await one.run({ untilDecided: true });
    expect(planned.map(({ look }) => look)).toEqual([0, 0, 0, 0, 1, 1]);
    expect(decision?.reason).toContain('most_repeats');
    expect((await one.entries()).map(({ line }) => line.measured.look?.value)).toEqual([0, 0, 0, 0, 4, 4]);
    expect(one.told.filter(({ kind }) => kind === 'looked')).toHaveLength(2);
  });
});
