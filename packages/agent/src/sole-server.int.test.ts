import { setImmediate } from 'node:timers/promises';
import type { BehaviourScript, ReplayTimers } from '@chimera/ollama';
import type { Section } from '@chimera/shared/domain';
import { describe, expect, it } from 'vitest';
import { HASH, inputOf, isOf, never, OPTIONS, sole, start } from '../../../test/support/sole.ts';
import type { GpuWatch } from './gpu-watch.ts';
import { AGENT, factOf } from './testing.ts';

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
