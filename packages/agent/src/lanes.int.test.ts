import { startReplayServer } from '@chimera/ollama';
import { systemClock } from '@chimera/shared/bus';
import { afterEach, describe, expect, it } from 'vitest';
import { signal, until } from '../../../test/support/wait.ts';
import { Lanes } from './lanes.ts';
import { type Lane, ServerPool } from './servers/pool.ts';
import { localSlots, type SlotDesk } from './servers/slot-desk.ts';
import { serverSpec } from './servers/spec.ts';
import { PATIENT } from './testing.ts';

const TINY = { model: 'tiny:1b', options: {} };
const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

async function serverUrl(): Promise<string> {
  const server = await startReplayServer({ models: ['tiny:1b'] });
  opened.push(server);
  return server.url;
}

function poolOf(urls: readonly string[], desk: SlotDesk = localSlots()): ServerPool {
  const servers = urls.map((url) => serverSpec(url, 'here'));
  const stop = new AbortController();
  const pool = new ServerPool({
    servers,
    timeouts: { ...PATIENT, connectMs: 1_000 },
    clock: systemClock,
    desk,
    known: null,
    signal: stop.signal,
  });
  opened.unshift(pool);
  return pool;
}

/** The slots of an analysis that holds one already. */
async function open(pool: ServerPool, stop = new AbortController().signal, first?: (lane: Lane) => Lane) {
  const lane = await must(pool.acquire(TINY, { signal: stop, patienceMs: 0 }));
  const held = first?.(lane) ?? lane;
  return { lane: held, lanes: new Lanes(TINY, held, { pool, patienceMs: 0, signal: stop, elapsed: () => performance.now() }) };
}

async function must(taking: Promise<Lane | null>): Promise<Lane> {
  const lane = await taking;
  if (lane === null) throw new Error('There is no slot.');
  return lane;
}
/** Whoever asks for a slot of this process has been answered, or waits. */
const turn = () => new Promise(setImmediate);
const nameOf = (lane: Lane | null) => lane && `${lane.server.spec.url}#${lane.slot.index}`;

describe('the slots of one analysis', () => {
  it('are as many as its server is worth, and no more: the next call waits for one that is over', async () => {
    const url = await serverUrl();
    const { lanes, lane } = await open(poolOf([`${url}#slots=2`]));
    expect(lanes.width).toBe(2);
    const [one, two] = [await must(lanes.take()), await must(lanes.take())];
    expect(one).toBe(lane);
    expect([nameOf(one), nameOf(two)]).toEqual([`${url}#0`, `${url}#1`]);
    // Also while all are in use its server is worth as many.
    expect(lanes.width).toBe(2);
    const third = lanes.take();
    lanes.putBack(two);
    expect(await third).toBe(two);
    lanes.putBack(one);
    lanes.putBack(two);
    expect(await lanes.take()).not.toBeNull();
  });

  it('are all of one server, also where another one has some free', async () => {
    const [one, two] = [await serverUrl(), await serverUrl()];
    const pool = poolOf([one, two]);
    const { lanes } = await open(pool);
    const first = await must(lanes.take());
    const second = lanes.take();
    lanes.putBack(first);
    expect(nameOf(await second)).toBe(`${one}#0`);
    expect(nameOf(await pool.take(TINY))).toBe(`${two}#0`);
  });

  it('are given back when it ends, and others have them', async () => {
    const url = await serverUrl();
    const pool = poolOf([`${url}#slots=2`]);
    const { lanes } = await open(pool);
    const [one, two] = [await must(lanes.take()), await must(lanes.take())];
    lanes.putBack(one);
    await lanes.drop(two);
    await lanes.close();
    expect([nameOf(await pool.take(TINY)), nameOf(await pool.take(TINY)), await pool.take(TINY)]).toEqual([`${url}#0`, `${url}#1`, null]);
  });

  it('hold none that another process took: it is dropped, and one asked for anew', async () => {
    const url = await serverUrl();
    const { lanes, lane } = await open(poolOf([url]), undefined, (held) => ({ ...held, slot: { ...held.slot, held: () => false } }));
    const taken = await must(lanes.take());
    expect(taken).not.toBe(lane);
    expect(taken.slot.held()).toBe(true);
  });

  it('are asked for anew by a call that waited for one that was lost', async () => {
    const url = await serverUrl();
    const { lanes } = await open(poolOf([url]));
    const first = await must(lanes.take());
    const waiting = lanes.take();
    await turn();
    await lanes.drop(first);
    const second = await must(waiting);
    expect(second).not.toBe(first);
    expect(second.slot.held()).toBe(true);
  });

  it('tell each call that waits where no server can be asked any more', async () => {
    const server = await startReplayServer({ models: ['tiny:1b'] });
    const pool = poolOf([server.url]);
    const { lanes } = await open(pool);
    const first = await must(lanes.take());
    const waiting = [lanes.take(), lanes.take(), lanes.take()];
    await turn();
    await server.close();
    await until('the loss of the server', async () => {
      await pool.look(0);
      return pool.outlook(TINY).when === 'never';
    });
    await lanes.drop(first);
    expect(await Promise.all(waiting)).toEqual([null, null, null]);
  });

  it('end the wait of each call with the analysis', async () => {
    const url = await serverUrl();
    const stop = new AbortController();
    const pool = poolOf([url]);
    const { lanes } = await open(pool, stop.signal);
    const first = await must(lanes.take());
    const waiting = [lanes.take(), lanes.take(), lanes.take()];
    const ended = Promise.allSettled(waiting);
    await turn();
    stop.abort(new Error('it is over'));
    await lanes.drop(first);
    expect((await ended).map((each) => each.status === 'rejected' && String(each.reason))).toEqual(Array(3).fill('Error: it is over'));
    expect(nameOf(await pool.take(TINY))).toBe(`${url}#0`);
  });

  it('are not waited for by a call whose try ends just after the last one was put back', async () => {
    const url = await serverUrl();
    const desk = localSlots();
    const [asked, go] = [signal(), signal()];
    let slow = false;
    const pool = poolOf([url], {
      ...desk,
      async take(server, count) {
        const slot = await desk.take(server, count);
        if (slow) {
          asked.resolve();
          await go.promise;
        }
        return slot;
      },
    });
    const { lanes } = await open(pool);
    const first = await must(lanes.take());
    slow = true;
    const second = lanes.take();
    await asked.promise;
    lanes.putBack(first);
    go.resolve();
    expect(await second).toBe(first);
  });
});
