import { type ReplayServer, type ReplayServerConfig, startReplayServer } from '@chimera/ollama';
import { systemClock } from '@chimera/shared/bus';
import { afterEach, describe, expect, it } from 'vitest';
import { recorder } from '../../../test/support/wait.ts';
import { openSession, type SessionOptions } from './model-session.ts';
import { AskFailed, type Question } from './question.ts';
import { ServerPool } from './servers/pool.ts';
import { localSlots, type SlotDesk } from './servers/slot-desk.ts';
import { serverSpec } from './servers/spec.ts';
import { PATIENT, poolOf } from './testing.ts';

const TINY = { model: 'tiny:1b', options: {} };
const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

async function server(config: ReplayServerConfig = {}): Promise<ReplayServer> {
  const started = await startReplayServer({ models: ['tiny:1b'], ...config });
  opened.push(started);
  return started;
}

async function open(urls: readonly string[], rest: Partial<SessionOptions> = {}) {
  const pool = poolOf(urls);
  opened.unshift(pool);
  const session = await openSession(TINY, {
    ...{ pool, lane: null, patienceMs: 0, now: Date.now, elapsed: () => performance.now(), generations: null, gpus: null },
    timeouts: PATIENT,
    keepTranscript: async () => 'a'.repeat(64),
    signal: new AbortController().signal,
    ...rest,
  });
  return { session, pool };
}

const question = (n: number): Question => ({
  section: `section-${n}`,
  repair: false,
  prompt: [
    { role: 'system', content: 'You are it.' },
    { role: 'user', content: `F${n} | The median is so.` },
  ],
  schema: { type: 'object', properties: { ready: { type: 'boolean' } }, required: ['ready'] },
  usable: () => true,
  estimate: 100,
  numPredict: 500,
});

describe('the questions of a session', () => {
  it('are put side by side as far as its server has slots, and never more', async () => {
    const gpu = await server({ rates: { promptMs: 30 } });
    const { session, pool } = await open([`${gpu.url}#slots=2`]);
    expect(session.width).toBe(2);
    await Promise.all([1, 2, 3, 4, 5].map((n) => session.ask(question(n))));
    expect([gpu.calls.length, gpu.busyMax]).toEqual([5, 2]);
    await session.close();
    expect([await pool.take(TINY), await pool.take(TINY), await pool.take(TINY)].map((lane) => lane?.slot.index)).toEqual([
      0,
      1,
      undefined,
    ]);
  });

  it('are put one after the other at a server of one slot, however many come at once', async () => {
    const gpu = await server({ rates: { promptMs: 10 } });
    const { session } = await open([gpu.url]);
    await Promise.all([1, 2, 3].map((n) => session.ask(question(n))));
    expect([gpu.calls.length, gpu.busyMax]).toEqual([3, 1]);
    expect(session.calls.some(({ slotWaitSeconds }) => slotWaitSeconds >= 0.01)).toBe(true);
  });

  it('leave no slot behind when there is no time for them', async () => {
    let now = 0;
    const gpu = await server();
    const { session, pool } = await open([gpu.url], { now: () => now });
    await session.ask(question(1));
    now = PATIENT.totalMs;
    const late = await Promise.allSettled([2, 3].map((n) => session.ask(question(n))));
    expect(late.map((each) => each.status === 'rejected' && each.reason instanceof AskFailed && each.reason.code)).toEqual(
      Array(2).fill('out_of_time'),
    );
    await session.close();
    expect(await pool.take(TINY)).not.toBeNull();
  });

  it('go elsewhere when the server fails that several were put to, and none to it again', async () => {
    const [bad, good] = [await server({ behaviour: { kind: 'out-of-memory' } }), await server()];
    const { session } = await open([`${bad.url}#slots=2`, `${good.url}#slots=2`]);
    await Promise.all([1, 2].map((n) => session.ask(question(n))));
    expect(bad.calls.length).toBeLessThanOrEqual(2);
    expect(good.calls).toHaveLength(2);
    await session.ask(question(3));
    expect(good.calls).toHaveLength(3);
  });

  it('are not sent to the server that just failed another one, though its slot fell free', async () => {
    const [bad, good] = [await server({ behaviour: { kind: 'out-of-memory' } }), await server()];
    const slow = localSlots();
    const desk: SlotDesk = {
      ...slow,
      async take(key, count) {
        const slot = await slow.take(key, count);
        // As NATS does: the slot is free before whoever gave it back hears that it is.
        const release = async () => {
          await slot?.release();
          await new Promise((resolve) => setTimeout(resolve, 20));
        };
        return slot && { ...slot, release };
      },
    };
    const servers = [bad, good].map(({ url }) => serverSpec(url, 'here'));
    const { signal } = new AbortController();
    const pool = new ServerPool({ servers, timeouts: PATIENT, clock: systemClock, desk, known: null, signal });
    opened.unshift(pool);
    const { session } = await open([], { pool });
    await Promise.all([1, 2].map((n) => session.ask(question(n))));
    expect([bad.calls.length, good.calls.length]).toEqual([1, 2]);
  });

  it('all end when the session is aborted, those that wait for a slot too, and no slot stays behind', async () => {
    const gpu = await server({ behaviour: { kind: 'hang' } });
    const stop = new AbortController();
    const { session, pool } = await open([gpu.url], { signal: stop.signal });
    const asked = Promise.allSettled([1, 2, 3].map((n) => session.ask(question(n))));
    const call = await gpu.call(0);
    stop.abort(new Error('it is over'));
    expect((await asked).map(({ status }) => status)).toEqual(Array(3).fill('rejected'));
    expect(await call.ended).toBe('aborted');
    await session.close();
    expect(await pool.take(TINY)).not.toBeNull();
    expect(gpu.calls.length).toBeLessThanOrEqual(1);
  });

  it('are put again to another slot when the one they had is lost', async () => {
    const gpu = await server({ behaviour: (_, index) => (index === 0 ? { kind: 'hang' } : { kind: 'well-behaved' }) });
    const pool = poolOf([gpu.url]);
    opened.unshift(pool);
    const lose = new AbortController();
    const first = await pool.take(TINY);
    const lane = first && { ...first, slot: { ...first.slot, lost: lose.signal } };
    const { session } = await open([], { pool, lane });
    const asked = session.ask(question(1));
    await gpu.call(0);
    lose.abort(new Error('slot 0 was taken by another process'));
    await asked;
    expect(session.calls.map(({ outcome }) => outcome)).toEqual(['aborted', 'stop']);
  });

  it('fail with what keeping a transcript threw, at the end of the session and not beside it', async () => {
    const rejections = recorder<unknown>();
    process.on('unhandledRejection', rejections.add);
    const gpu = await server();
    const keepTranscript = () => Promise.reject(new Error('the disk is full'));
    const { session } = await open([gpu.url], { keepTranscript });
    await session.ask(question(1));
    await session.ask(question(2));
    await expect(session.close()).rejects.toThrow('the disk is full');
    process.off('unhandledRejection', rejections.add);
    expect(rejections.all).toEqual([]);
  });
});
