import { type GpuWatch, openSoleServer } from '@chimera/agent';
import { type ReplayServer, type ReplayServerConfig, startReplayServer } from '@chimera/ollama';
import { systemClock } from '@chimera/shared/bus';
import type { AgentName } from '@chimera/shared/domain';
import { runOf } from '@chimera/shared/store';
import { afterEach, describe, expect, it } from 'vitest';
import { cellOf, DEFINITIONS, groundsOf, INVENTORY, soleServer } from '../../../test/support/campaign-runs.ts';
import { signal as signalOf } from '../../../test/support/wait.ts';
import { PATIENT } from '../../agent/src/testing.ts';
import { makeRun } from './arrangement.ts';
import type { Cell } from './cell.ts';

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close()));
});

async function replay(config: ReplayServerConfig = {}): Promise<ReplayServer> {
  const server = await startReplayServer({ models: ['tiny:1b'], ...config });
  opened.push(server);
  return server;
}

function made(cell: Cell, urls: readonly string[], signal = new AbortController().signal) {
  const servers = urls.map(soleServer);
  opened.unshift(...servers);
  const means = { servers, definitions: DEFINITIONS, grounds: groundsOf(), clock: systemClock, keepTranscript: async () => 'c'.repeat(64) };
  return makeRun(cell, runOf('bucket', INVENTORY, cell.profile, 1), 'warm', means, signal);
}

/** Which agent asked, call by call. */
function askers({ calls }: ReplayServer): (AgentName | null)[] {
  return calls.map(({ request }) => {
    const system = request.messages[0]?.content ?? '';
    return system.startsWith('You are the collector.') ? 'collector' : system.startsWith('You are insight.') ? 'insight' : null;
  });
}

// Long enough that two calls which are sent at once are also under way at once.
const SLOW = { rates: { promptMs: 150 } };

describe('an arrangement', () => {
  it('in series asks one thing at a time: the collector, then insight', async () => {
    const server = await replay(SLOW);
    const { analyses, wallSeconds, servers, fault, started } = await made(cellOf('serial'), [server.url]);
    expect(askers(server)).toEqual(['collector', 'insight', 'insight']);
    expect(server.workingMax).toBe(1);
    expect([servers, fault, started]).toEqual([[server.url], null, 'warm']);
    const calls = [analyses.collector, analyses.insight].flatMap((one) => one?.calls ?? []);
    expect(calls).toHaveLength(3);
    expect(wallSeconds).toBeGreaterThanOrEqual(calls.reduce((sum, { wallSeconds }) => sum + wallSeconds, 0));
  });

  it('counts no time in which GPUs still tell of a call that is over, and waits for what they tell', async () => {
    const server = await replay();
    const use = {
      node: 'here',
      source: 'nvidia-smi',
      gpus: 1,
      samples: 2,
      seconds: 1,
      utilization: 1,
      memoryBytes: null,
      powerWatts: 100,
    } as const;
    // They tell of nothing before the clock was read for the second time, which is when it is stopped.
    const stopped = signalOf();
    const gpus: GpuWatch = {
      watch: () => ({ end: () => stopped.promise.then(() => ({ ...use, energyJoules: 100 })) }),
      close: async () => undefined,
    };
    let readings = 0;
    const elapsed = () => {
      readings += 1;
      if (readings === 2) stopped.resolve();
      return systemClock.elapsed();
    };
    const one = openSoleServer(server.url, { timeouts: PATIENT, clock: systemClock, gpus });
    opened.unshift(one);
    const clock = { now: systemClock.now, elapsed };
    const means = { servers: [one], definitions: DEFINITIONS, grounds: groundsOf(), clock, keepTranscript: async () => 'c'.repeat(64) };
    const cell = cellOf('alone', { profiles: [{ name: 'one', agents: { insight: { num_ctx: 8_192 } } }] });
    const { analyses } = await makeRun(cell, runOf('bucket', INVENTORY, cell.profile, 1), 'warm', means, new AbortController().signal);
    const calls = analyses.insight?.calls ?? [];
    expect(calls.length).toBeGreaterThan(1);
    expect(calls.map(({ gpu }) => gpu?.energyJoules)).toEqual(calls.map(() => 100));
  });

  it('in parallel asks both at once at one server', async () => {
    const server = await replay(SLOW);
    const { analyses, fault } = await made(cellOf('parallel'), [server.url, 'http://127.0.0.1:9']);
    expect(server.workingMax).toBe(2);
    expect([...askers(server)].sort()).toEqual(['collector', 'insight', 'insight']);
    expect([fault, analyses.collector?.narrator.kind, analyses.insight?.narrator.kind]).toEqual([null, 'model', 'model']);
  });

  it('spread asks each at a server of its own', async () => {
    const [one, two] = [await replay(SLOW), await replay(SLOW)];
    const { servers, fault } = await made(cellOf('spread'), [one.url, two.url]);
    expect([askers(one), askers(two)]).toEqual([['collector'], ['insight', 'insight']]);
    expect([servers, fault]).toEqual([[one.url, two.url], null]);
  });

  it('as a handoff lets insight read what the collector said, and only there', async () => {
    const [heard, unheard] = [await replay(), await replay()];
    const { analyses } = await made(cellOf('handoff'), [heard.url]);
    const words = (analyses.collector?.sections ?? []).flatMap(({ sentences }) =>
      sentences.flatMap(({ text }) => text.split(/\{\{.*?\}\}/)),
    );
    const [said = ''] = words.sort((a, b) => b.length - a.length);
    expect(said.length).toBeGreaterThan(10);
    await made(cellOf('serial'), [unheard.url]);
    const prompts = ({ calls }: ReplayServer) => calls.slice(1).map(({ request }) => request.messages[1]?.content ?? '');
    expect(prompts(heard).every((prompt) => prompt.includes(said.trim()))).toBe(true);
    expect(prompts(unheard).some((prompt) => prompt.includes(said.trim()))).toBe(false);
  });

  it('of one agent alone asks that one', async () => {
    const server = await replay();
    const { analyses } = await made(cellOf('alone', { profiles: [{ name: 'one', agents: { insight: { num_ctx: 8_192 } } }] }), [
      server.url,
    ]);
    expect([askers(server), Object.keys(analyses)]).toEqual([['insight', 'insight'], ['insight']]);
  });

  it('breaks the other side off where one fails, and says why', async () => {
    const endless = await replay({ behaviour: { kind: 'hang' } });
    const gone = await replay({ behaviour: { kind: 'hang' } });
    const run = made(cellOf('spread'), [endless.url, gone.url]);
    await Promise.all([endless.call(0), gone.call(0)]);
    await gone.close();
    const { analyses, fault } = await run;
    expect(fault).toMatch(/^No model spoke for insight: /);
    expect(fault).toContain(gone.url);
    expect(Object.keys(analyses)).toEqual(['insight']);
    expect(await endless.calls[0]?.ended).toBe('aborted');
  });

  it('does not begin the second one in series where the first failed', async () => {
    const server = await replay({ behaviour: { kind: 'error', status: 503, body: { error: 'server busy' } } });
    const { analyses, fault } = await made(cellOf('serial'), [server.url]);
    expect(Object.keys(analyses)).toEqual(['collector']);
    expect(fault).toMatch(/^No model spoke for collector: .*busy/);
  });

  it('throws the reason of whoever breaks it off', async () => {
    const stop = new AbortController();
    const server = await replay({ behaviour: { kind: 'hang' } });
    const run = made(cellOf('parallel'), [server.url], stop.signal);
    const ended = expect(run).rejects.toThrow('that is enough');
    await server.call(1);
    stop.abort(new Error('that is enough'));
    await ended;
    await expect(made(cellOf('serial'), [server.url], stop.signal)).rejects.toThrow('that is enough');
  });
});
