import { setImmediate } from 'node:timers/promises';
import {
  type BehaviourScript,
  OllamaFailure,
  REPLAY_VERSION,
  type RecordedCall,
  type ReplayServer,
  type ReplayServerConfig,
  type ReplayTimers,
  startReplayServer,
} from '@chimera/ollama';
import { systemClock } from '@chimera/shared/bus';
import { type AgentProfile, Analysis, EVIDENCE_SCHEMA, OBSERVATIONS_SCHEMA, type Section } from '@chimera/shared/domain';
import { afterEach, describe, expect, it } from 'vitest';
import type { Transcript } from './generations.ts';
import type { GpuWatch } from './gpu-watch.ts';
import type { NarrateInput } from './narrate.ts';
import { openSoleServer, type SoleServer } from './sole-server.ts';
import { AGENT, factOf, PATIENT } from './testing.ts';

const HASH = 'a'.repeat(64);
const OPTIONS = { num_ctx: 4_096, num_gpu: 20 };
const facts = Array.from({ length: 8 }, (_, i) => factOf(i + 1));
const never = new AbortController().signal;

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close();
});

function inputOf(options: AgentProfile['options'] = OPTIONS, rest: Partial<NarrateInput> = {}): NarrateInput {
  const profile: AgentProfile = { model: 'tiny:1b', options };
  const at = { dataset: 'd', inventory: HASH };
  return {
    definition: AGENT,
    run: { id: HASH, ...at, profile: { name: 'p', agents: { insight: profile } }, ordinal: 1 },
    profile,
    evidence: { schema: EVIDENCE_SCHEMA, ...at, title: null, artifacts: [], facts, groups: [] },
    observations: { schema: OBSERVATIONS_SCHEMA, ...at, bucket: '/data', takenAt: '2025-01-01T00:00:00.000Z', modified: [], facts: [] },
    ...rest,
  };
}

async function start(config: ReplayServerConfig = {}): Promise<ReplayServer> {
  const server = await startReplayServer({ models: ['tiny:1b'], ...config });
  opened.push(server);
  return server;
}

/** A server of its own; `write` keeps the transcripts and checks the analysis. */
function sole(url: string, gpus: GpuWatch | null = null) {
  const server = openSoleServer(url, { timeouts: PATIENT, clock: systemClock, gpus });
  opened.push(server);
  const transcripts: Transcript[] = [];
  const keepTranscript = async (transcript: Transcript) => {
    transcripts.push(transcript);
    return HASH;
  };
  const write = async (input = inputOf(), signal = never) => Analysis.parse(await server.write(input, { signal, keepTranscript }));
  return { server, transcripts, write };
}

/** Time that passes only by being waited for. */
function virtualTimers(): ReplayTimers {
  let at = 0;
  return {
    now: () => at,
    wait: async (ms) => {
      at += ms;
      await setImmediate();
    },
  };
}

/** The calls that ask for something: those that only load or unload have no messages. */
const asked = ({ calls }: Pick<ReplayServer, 'calls'>) => calls.filter(({ request }) => request.messages.length > 0);
const isOf = (persona: string) => (call: RecordedCall) => call.request.messages[0]?.content.startsWith(persona) ?? false;

describe('an analysis on a sole server', () => {
  it('is written one call at a time, whatever the URL says of slots, and keeps its transcripts', async () => {
    const replay = await start({ parallel: 4 });
    const { write, transcripts } = sole(`${replay.url}#slots=4`);
    const analysis = await write();
    expect(analysis.narrator).toMatchObject({ kind: 'model', model: 'tiny:1b' });
    expect(analysis.sections.map(({ reason }) => reason)).toEqual([null, null]);
    expect([replay.busyMax, analysis.calls.length, transcripts.length]).toEqual([1, replay.calls.length, replay.calls.length]);
    expect(analysis.calls.map(({ slotWaitSeconds }) => slotWaitSeconds < 1)).not.toContain(false);
    expect(analysis.found).toMatchObject([{ slots: { count: 1 }, context: 4_096, layersOnGpu: 20, layers: 35, quantization: 'Q4_K_M' }]);
  });

  it('runs beside another one, each with one call at a time', async () => {
    const timers: ReplayTimers = {
      now: () => performance.now(),
      // No call gets on before one of the other analysis is worked at beside it.
      wait: async (_, signal) => {
        do await setImmediate(undefined, { signal });
        while (replay.workingMax < 2);
      },
    };
    const replay = await start({ parallel: 2, timers });
    const { write } = sole(replay.url);
    const agents = ['You are one.', 'You are the other.'].map((persona) => ({ ...AGENT, persona }));
    const both = await Promise.all(agents.map((definition) => write(inputOf(OPTIONS, { definition }))));
    expect(replay.workingMax).toBe(2);
    expect(replay.busyMax).toBe(2);
    for (const { persona } of agents) {
      const calls = replay.calls.filter(isOf(persona));
      expect(calls.length).toBe(both.find((analysis) => analysis.persona === persona)?.calls.length);
      for (const [i, call] of calls.entries())
        if (i > 0) expect(call.arrivedAt).toBeGreaterThanOrEqual(calls[i - 1]?.endedAt ?? Number.NaN);
    }
  });

  it('is generated anew each time', async () => {
    const replay = await start();
    const { write } = sole(replay.url);
    const [first, second] = [await write(), await write()];
    expect(second.sections).toEqual(first.sections);
    expect(replay.calls).toHaveLength(first.calls.length + second.calls.length);
    expect([...first.calls, ...second.calls].map(({ stored }) => stored)).not.toContain(true);
  });

  it('ends with its signal, and the call with it; the next one is written', async () => {
    const behaviour: BehaviourScript = (_, index) => ({ kind: index === 1 ? 'stall' : 'well-behaved' });
    const replay = await start({ behaviour });
    const { write } = sole(replay.url);
    const stop = new AbortController();
    const stopped = expect(write(inputOf(), stop.signal)).rejects.toThrow(/broken off/);
    const call = await replay.call(1);
    stop.abort();
    await stopped;
    expect(await call.ended).toBe('aborted');
    expect(replay.calls).toHaveLength(2);
    expect((await write()).narrator.kind).toBe('model');
    await expect(write(inputOf(), AbortSignal.abort(new Error('too late')))).rejects.toThrow('too late');
  });

  it('that a server fails costs itself alone: the next one is asked at once', async () => {
    const behaviour: BehaviourScript = (_, index) => ({ kind: index === 0 ? 'busy' : 'well-behaved' });
    const { write } = sole((await start({ behaviour })).url);
    expect((await write()).narrator).toMatchObject({ kind: 'template', reason: expect.stringContaining('503') });
    expect((await write()).narrator.kind).toBe('model');
  });

  it('is the template’s where nobody is there, or nobody has the model', async () => {
    expect((await sole('http://127.0.0.1:9').write()).narrator).toMatchObject({
      kind: 'template',
      reason: expect.stringMatching(/no Ollama server answers/i),
    });
    const { write } = sole((await start({ models: ['other'] })).url);
    expect((await write()).narrator).toMatchObject({ kind: 'template', reason: expect.stringContaining('tiny:1b') });
  });

  it('has its GPUs watched call by call', async () => {
    const watched: string[] = [];
    const use = {
      node: 'n',
      source: 'nvidia-smi',
      gpus: 1,
      samples: 2,
      seconds: 1,
      utilization: 0.5,
      memoryBytes: 1,
      powerWatts: 100,
      energyJoules: 50,
    } as const;
    const gpus: GpuWatch = {
      watch: ({ url }) => {
        watched.push(url);
        return { end: async () => use };
      },
      close: async () => undefined,
    };
    const replay = await start();
    const { write } = sole(replay.url, gpus);
    const { calls } = await write();
    expect(watched).toEqual(calls.map(() => replay.url));
    expect(calls.map(({ gpu }) => gpu?.energyJoules)).toEqual(calls.map(() => 50));
  });

  it('is there before its GPUs have told of it, where whoever wants it waits for them afterwards', async () => {
    const replay = await start();
    const told = Promise.withResolvers<void>();
    let watched = 0;
    const gpus: GpuWatch = {
      watch: ({ node }) => {
        const samples = ++watched;
        const use = { node, source: 'dcgm' as const, gpus: 1, samples, seconds: 1, utilization: 0.5 };
        return { end: () => told.promise.then(() => ({ ...use, memoryBytes: null, powerWatts: 10, energyJoules: 10 * samples })) };
      },
      close: async () => undefined,
    };
    const { server } = sole(replay.url, gpus);
    const rest: Promise<void>[] = [];
    const options = { signal: never, keepTranscript: async () => HASH, afterwards: (one: Promise<void>) => void rest.push(one) };
    const { calls } = await server.write(inputOf(), options);
    expect(calls.map(({ gpu }) => gpu)).toEqual(calls.map(() => null));
    told.resolve();
    await Promise.all(rest);
    expect(calls.map(({ gpu }) => gpu?.energyJoules)).toEqual(calls.map((_, i) => 10 * (i + 1)));
    expect([rest.length, calls.length]).toEqual([1, watched]);
  });

  it('ends when the server is closed', async () => {
    const replay = await start({ behaviour: { kind: 'hang' } });
    const { server, write } = sole(replay.url);
    const ended = expect(write()).rejects.toThrow();
    const call = await replay.call(0);
    await server.close();
    await ended;
    expect(await call.ended).toBe('aborted');
    await expect(write()).rejects.toThrow(/closed/);
  });

  it('shows what was heard in each prompt, in those that ask again too', async () => {
    const faulty = { kind: 'text', text: JSON.stringify({ sentences: ['It is 5.', 'It is told.'] }) } as const;
    const replay = await start({ behaviour: (_, index) => (index === 0 ? faulty : { kind: 'well-behaved' }) });
    const sentence = { mitigation: null, kind: 'observation', by: 'model' } as const;
    const heard: Section[] = [
      {
        ...({ id: 'coverage', title: 'Coverage', layout: 'bullets', reason: null, leftOut: [], template: [] } as const),
        sentences: [
          { ...sentence, text: `The folder holds {{${factOf(7).id}}}.` },
          { ...sentence, text: 'Something is at {{f00000000000000ff}}.' },
        ],
      },
    ];
    await sole(replay.url).write(inputOf(OPTIONS, { heard }));
    const prompts = replay.calls.map(({ request }) => request.messages[1]?.content ?? '');
    expect(prompts.some((prompt) => prompt.includes('again without the faults'))).toBe(true);
    for (const prompt of prompts) {
      expect(prompt).toContain('What DataCollector-9000 has reported (checked):\n```reported\nThe folder holds {{F1}}.\n```\n');
      expect(prompt).toContain('F1 | The median of column 7 is so.');
      expect(prompt).not.toContain('Something is at');
    }
    const without = await start();
    await sole(without.url).write();
    for (const { request } of without.calls) expect(request.messages[1]?.content).not.toContain('DataCollector-9000');
  });
});

describe('a warm start', () => {
  it('measures no load: the model is loaded with the run’s own options, and the warm-up is no part of the analysis', async () => {
    const replay = await start({ rates: { loadMs: 4_000, promptMs: 100 }, timers: virtualTimers() });
    const { server, write, transcripts } = sole(replay.url);
    const options = { ...OPTIONS, temperature: 0.8, seed: 7, num_predict: 300 };
    await server.warm({ model: 'tiny:1b', options }, never);
    const before = replay.calls.map(({ request }) => request);
    expect(before.map(({ messages }) => messages.length)).toEqual([0, 1]);
    expect(before[0]?.options).toEqual(options);
    expect(before[1]?.options).toEqual({ ...options, num_predict: 8 });
    expect(replay.calls[1]?.outputTokens).toBeLessThanOrEqual(8);
    expect((await server.look(never)).loaded).toMatchObject([{ name: 'tiny:1b', contextLength: 4_096 }]);
    const analysis = await write(inputOf(options));
    expect(analysis.calls).toHaveLength(replay.calls.length - 2);
    expect(analysis.calls.map(({ loadSeconds }) => loadSeconds)).toEqual(analysis.calls.map(() => null));
    expect(transcripts).toHaveLength(analysis.calls.length);
  });

  it('finds out once how a model that thinks is to be asked: no run has a call for that', async () => {
    const replay = await start({ models: [{ name: 'tiny:1b', thinking: true }] });
    const { server, write } = sole(replay.url);
    const wanted = { model: 'tiny:1b', options: OPTIONS };
    await server.warm(wanted, never);
    const first = asked(replay).length;
    await server.warm(wanted, never);
    // The try and the words of a warm-up; then the words alone.
    expect([first, asked(replay).length]).toEqual([2, 3]);
    const analysis = await write();
    expect(analysis.calls).toHaveLength(asked(replay).length - 3);
    expect(asked(replay).map(({ request }) => request.think)).not.toContain(undefined);
    expect(new Set(asked(replay).map(({ request }) => request.think))).toEqual(new Set([false]));
  });

  it('is one though all of its words were thinking', async () => {
    const behaviour: BehaviourScript = ({ options }) =>
      options.num_predict === 8 ? { kind: 'empty', thinking: 'So.' } : { kind: 'well-behaved' };
    const { server } = sole((await start({ behaviour })).url);
    await server.warm({ model: 'tiny:1b', options: OPTIONS }, never);
    expect((await server.look(never)).loaded).toHaveLength(1);
  });

  it('fails in a sentence where the model cannot be loaded, and ends with its signal', async () => {
    const { server } = sole((await start({ models: [{ name: 'tiny:1b', gpuLayersAtMost: 4 }] })).url);
    const codeOf = (asking: Promise<unknown>) =>
      asking.then(String, (error: unknown) => (error instanceof OllamaFailure ? error.code : String(error)));
    expect(await codeOf(server.warm({ model: 'tiny:1b', options: OPTIONS }, never))).toBe('out_of_memory');
    expect(await codeOf(server.warm({ model: 'none', options: {} }, never))).toBe('model_not_found');
    expect(await codeOf(server.warm({ model: 'tiny:1b', options: {} }, AbortSignal.abort()))).toBe('aborted');
    expect(await codeOf(sole('http://127.0.0.1:9').server.warm({ model: 'tiny:1b', options: {} }, never))).toBe('unreachable');
  });
});

describe('a cold start', () => {
  const loads = async (server: SoleServer) => (await server.look(never)).loaded.map(({ name }) => name);

  it('has the first real call load the model, and no other', async () => {
    const replay = await start({ rates: { loadMs: 4_000, promptMs: 100 }, timers: virtualTimers() });
    const { server, write } = sole(replay.url);
    await server.warm({ model: 'tiny:1b', options: OPTIONS }, never);
    expect(await loads(server)).toEqual(['tiny:1b']);
    await server.chill('tiny:1b', never);
    expect(await loads(server)).toEqual([]);
    const before = replay.calls.length;
    const { calls } = await write();
    expect(calls.map(({ loadSeconds }) => loadSeconds)).toEqual([4, ...calls.slice(1).map(() => null)]);
    expect(replay.calls.length - before).toBe(calls.length);
    expect(replay.calls[before]?.request.messages).toHaveLength(2);
  });

  it('tries nothing first, also with a model that thinks and was never warmed up', async () => {
    const replay = await start({ models: [{ name: 'tiny:1b', thinking: true }], rates: { loadMs: 4_000 }, timers: virtualTimers() });
    const { server, write } = sole(replay.url);
    await server.chill('tiny:1b', never);
    const { calls, narrator } = await write();
    expect(narrator.kind).toBe('model');
    expect(calls[0]?.loadSeconds).toBe(4);
    expect(asked(replay)).toHaveLength(calls.length);
    expect(asked(replay).map(({ request }) => request.think)).not.toContain(undefined);
  });
});

describe('a look at a sole server', () => {
  it('tells what it has itself and what is loaded, and shows no credentials', async () => {
    const replay = await start({ models: ['tiny:1b', { name: 'cloud', remoteHost: 'https://elsewhere.example' }] });
    const { server } = sole(replay.url.replace('//', '//me:secret@'));
    expect(server.url).toBe(replay.url);
    const sight = await server.look(never);
    expect(sight).toMatchObject({ version: { version: REPLAY_VERSION, replay: true }, loaded: [] });
    expect([sight.has('tiny:1b'), sight.has('tiny'), sight.has('cloud')]).toEqual([true, false, false]);
    expect([sight.digest('tiny:1b'), sight.digest('cloud')]).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/), null]);
  });

  it('fails where nobody is there', async () => {
    await expect(sole('http://127.0.0.1:9').server.look(never)).rejects.toThrow(OllamaFailure);
  });
});
