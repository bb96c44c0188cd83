import { setImmediate } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { ask } from '../testing/ask.ts';
import { heldTimers, type TestTimers, virtualTimers } from '../testing/virtual-timers.ts';
import type { Behaviour, BehaviourScript } from './behaviour.ts';
import { type ReplayServer, type ReplayServerConfig, startReplayServer } from './server.ts';

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each.close();
});

async function start(config: ReplayServerConfig): Promise<ReplayServer> {
  const server = await startReplayServer(config);
  opened.push(server);
  return server;
}

/** Nominal times for all, so that a clock that is held measures nothing else. */
const rates = { tokensPerSecond: 100, promptMs: 50 };
/** These calls hold their slot for as long as their caller stays. */
const stalling =
  (...indices: number[]): BehaviourScript =>
  (_, index): Behaviour =>
    indices.includes(index) ? { kind: 'stall' } : { kind: 'text', text: 'yes' };

/** A call that is broken off by `leave`. */
function leaving(server: ReplayServer, body: object = {}) {
  const controller = new AbortController();
  const done = ask(server.url, body, { signal: controller.signal }).catch((error: unknown) => error);
  return {
    done,
    leave: () => {
      controller.abort();
      return done;
    },
  };
}

/** Waits until something holds; a test's own time limit ends it. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await setImmediate();
}

describe('OLLAMA_NUM_PARALLEL', () => {
  it('lets further calls wait in order of arrival, and only their total tells', async () => {
    const timers = heldTimers();
    const server = await start({ parallel: 1, behaviour: stalling(0), rates, timers });
    const first = leaving(server);
    await until(() => server.calls[0]?.firstTokenAt === 0);
    const second = ask(server.url, {});
    await server.call(1);
    timers.at = 300;
    const third = ask(server.url, {});
    await server.call(2);
    expect(server.calls.map(({ startedAt }) => startedAt)).toEqual([0, null, null]);
    timers.at = 700;
    await first.leave();
    const [two, three] = await Promise.all([second, third]);
    // "yes" is a token: 10 ms of output after 50 ms of prompt, and the wait from its arrival to 700.
    expect(two.last).toMatchObject({ total_duration: 760e6, prompt_eval_duration: 50e6, eval_duration: 10e6, eval_count: 1 });
    expect(two.last).not.toHaveProperty('load_duration');
    expect(three.last).toMatchObject({ total_duration: 460e6 });
    expect(server.calls.map(({ arrivedAt, startedAt }) => [arrivedAt, startedAt])).toEqual([
      [0, 0],
      [0, 700],
      [300, 700],
    ]);
    expect([server.busyMax, server.workingMax, server.busySlotMs]).toEqual([3, 1, 700]);
    expect(server.calls.map(({ outputTokens }) => outputTokens)).toEqual([3, 1, 1]);
    expect(await Promise.all(server.calls.map(({ ended }) => ended))).toEqual(['aborted', 'answered', 'answered']);
    expect(server.calls.map(({ endedAt }) => endedAt)).toEqual([700, 700, 700]);
  });

  it('forgets a call that leaves while it waits', async () => {
    const server = await start({ parallel: 1, behaviour: stalling(0) });
    const first = leaving(server);
    await until(() => (server.calls[0]?.startedAt ?? null) !== null);
    const second = leaving(server);
    await server.call(1);
    const third = ask(server.url, {});
    const { ended } = await server.call(1);
    await second.leave();
    expect(await ended).toBe('aborted');
    await server.call(2);
    await first.leave();
    expect((await third).text).toBe('yes');
    expect(server.calls.map(({ startedAt }) => startedAt === null)).toEqual([false, true, false]);
  });

  it('holds for each model apart; without it nobody waits', async () => {
    const each = await start({ parallel: 1, models: ['gemma3', 'qwen3'], behaviour: stalling(0, 1) });
    const free = await start({ behaviour: stalling(0, 1) });
    const calls = [leaving(each), leaving(each, { model: 'qwen3' }), leaving(free), leaving(free)];
    await until(() => each.workingMax === 2 && free.workingMax === 2);
    for (const call of calls) await call.leave();
  });

  it('makes calls that are worked at together as slow as the list of rates says, and not those that wait', async () => {
    const timers = heldTimers();
    const server = await start({ parallel: 2, rates: { tokensPerSecond: [100, 40], promptMs: 0 }, behaviour: stalling(0, 1), timers });
    const stalled = [leaving(server), leaving(server)];
    await until(() => server.calls.filter(({ firstTokenAt }) => firstTokenAt !== null).length === 2);
    const waiting = ask(server.url, {});
    await server.call(2);
    await stalled[0]?.leave();
    // Beside the other that stalls: a token of 25 ms.
    expect((await waiting).last).toMatchObject({ eval_duration: 25e6 });
    await stalled[1]?.leave();
    await server.calls[1]?.ended;
    expect((await ask(server.url, {})).last).toMatchObject({ eval_duration: 10e6 });
  });
});

/** A clock that is held, and waits of this length until they are let go. */
function gate(ms: number): TestTimers & { open: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timers = heldTimers();
  const { wait } = timers;
  return Object.assign(timers, {
    open: resolve,
    wait: async (asked: number, signal: AbortSignal) => {
      if (asked === ms) await promise;
      await wait(asked, signal);
    },
  });
}

describe('OLLAMA_MAX_QUEUE', () => {
  it('bounds the requests that wait for a load, and no others', async () => {
    const timers = gate(500);
    const server = await start({ maxQueue: 1, models: ['a', 'b', 'c'], rates: { ...rates, loadMs: 500 }, timers });
    const loading = ask(server.url, { model: 'a' });
    await server.call(0);
    const pending = ask(server.url, { model: 'b' });
    await server.call(1);
    const refused = await ask(server.url, { model: 'c' });
    expect([refused.status, refused.last]).toEqual([503, { error: 'server busy, please try again.  maximum pending requests exceeded' }]);
    const joining = ask(server.url, { model: 'a' }); // what is being loaded already needs no scheduling
    await server.call(3);
    timers.open();
    expect((await loading).last).toMatchObject({ load_duration: 500e6 });
    expect([(await pending).status, (await joining).status]).toEqual([200, 200]);
  });
});

describe('the scheduler', () => {
  it('loads once for all that want the same, and counts the wait as load', async () => {
    const timers = gate(500);
    const server = await start({ rates: { ...rates, loadMs: 500 }, timers, behaviour: { kind: 'text', text: 'yes' } });
    const both = [ask(server.url, {}), ask(server.url, {})];
    await server.call(1);
    timers.at = 500;
    timers.open();
    const answers = await Promise.all(both);
    expect(answers.map(({ last }) => last.load_duration)).toEqual([500e6, 500e6]);
    expect((await ask(server.url, {})).last).not.toHaveProperty('load_duration');
  });

  it('waits with a reload until nobody uses the model as it is', async () => {
    const timers = heldTimers();
    const server = await start({ rates: { ...rates, loadMs: 500 }, behaviour: stalling(0), timers });
    const first = leaving(server, { options: { num_ctx: 4096 } });
    await until(() => server.calls[0]?.firstTokenAt === 0);
    const other = ask(server.url, { options: { num_ctx: 2048 } });
    await server.call(1);
    timers.at = 2_000;
    await first.leave();
    expect((await other).last).toMatchObject({ load_duration: 2_500e6, total_duration: 2_560e6 });
    expect(server.calls[1]?.loadedAt).toBe(2_000);
  });

  it('loads for the next one when the caller it loads for leaves', async () => {
    const timers = gate(500);
    const server = await start({ rates: { ...rates, loadMs: 500 }, timers, behaviour: { kind: 'text', text: 'yes' } });
    const first = leaving(server);
    const { ended } = await server.call(0);
    const second = ask(server.url, {});
    await server.call(1);
    await first.leave();
    await ended;
    timers.open();
    expect((await second).last).toMatchObject({ done: true, load_duration: 500e6 });
  });

  it('unloads one model for another where only so many may be loaded: models that alternate load each time', async () => {
    const timers = virtualTimers();
    const server = await start({ maxLoaded: 1, models: ['a', 'b'], rates: { ...rates, loadMs: 500 }, timers });
    const loads: unknown[] = [];
    for (const model of ['a', 'b', 'a', 'a']) loads.push((await ask(server.url, { model })).last.load_duration);
    expect(loads).toEqual([500e6, 500e6, 500e6, undefined]);
  });
});

describe('speed', () => {
  it('divides every wait and changes no duration that is reported', async () => {
    const timers = virtualTimers();
    const server = await start({
      speed: 10,
      rates: { tokensPerSecond: 100, promptMs: 200, loadMs: 1_000 },
      timers,
      behaviour: { kind: 'text', text: 'yes' },
    });
    const { last } = await ask(server.url, {});
    expect(last).toMatchObject({ load_duration: 1_000e6, prompt_eval_duration: 200e6, eval_duration: 10e6, total_duration: 1_210e6 });
    expect(timers.at).toBeCloseTo(121, 9);
    expect(server.busySlotMs).toBeCloseTo(21, 9); // a load takes no slot
    expect(server.calls[0]?.firstTokenAt).toBeCloseTo(121, 9);
  });
});

it.each([{ speed: 0 }, { speed: Number.NaN }, { parallel: 0 }, { parallel: 1.5 }, { maxQueue: -1 }, { maxLoaded: 0 }])(
  '%o makes no sense',
  async (config) => {
    await expect(startReplayServer(config)).rejects.toThrow(RangeError);
  },
);
