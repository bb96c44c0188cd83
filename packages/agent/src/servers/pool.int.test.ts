import { type FailureCode, OllamaFailure, type ReplayServerConfig, startReplayServer } from '@chimera/ollama';
import { systemClock } from '@chimera/shared/bus';
import { afterEach, describe, expect, it } from 'vitest';
import { PATIENT } from '../testing.ts';
import { type Lane, ServerPool } from './pool.ts';
import { localSlots } from './slot-desk.ts';
import { serverSpec } from './spec.ts';

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

async function server(config: ReplayServerConfig = {}) {
  const started = await startReplayServer({ models: ['tiny:1b'], ...config });
  opened.push(started);
  return started;
}

function poolOf(urls: readonly string[]) {
  const said: string[] = [];
  const pool = new ServerPool({
    servers: urls.map((url) => serverSpec(url, 'here')),
    timeouts: { ...PATIENT, connectMs: 1_000 },
    clock: systemClock,
    desk: localSlots(),
    known: null,
    signal: new AbortController().signal,
    onEvent: (sentence) => said.push(sentence),
  });
  opened.unshift(pool);
  return { pool, said };
}

const TINY = { model: 'tiny:1b', options: {} };
const urlOf = (lane: Lane | null) => lane?.server.spec.url;
const failure = (code: FailureCode, url: string, retryAfterMs?: number) =>
  new OllamaFailure(code, `tiny:1b at ${url} failed`, { server: url, retryAfterMs });
const never = new AbortController().signal;

describe('a pool of servers', () => {
  it('gives a slot of a server that has the model, and none of one that has it not', async () => {
    const [other, having] = [await server({ models: ['other:1b'] }), await server()];
    const { pool } = poolOf([other.url, having.url]);
    const lane = await pool.take(TINY);
    expect(urlOf(lane)).toBe(having.url);
    expect(lane).toMatchObject({ think: null, digest: expect.stringMatching(/^[0-9a-f]{64}$/), slots: { count: 1, by: 'assumed' } });
    expect(await pool.take(TINY)).toBeNull();
    await lane?.slot.release();
    expect(urlOf(await pool.take(TINY))).toBe(having.url);
  });

  it('tells how each server stands: slots by configuration or one, how many are held here, whether it is left alone', async () => {
    const [plain, configured] = [await server(), await server()];
    const { pool } = poolOf([plain.url, `${configured.url}#slots=3`]);
    const addresses = [plain, configured].map(({ url }) => new URL(url).host);
    const standing = (held: [number, number], leftAlone: [boolean, boolean]) =>
      [1, 3].map((slots, i) => ({ address: addresses[i], slots, held: held[i], leftAlone: leftAlone[i] }));
    expect(pool.loads()).toEqual(standing([0, 0], [false, false]));
    const lanes = [await pool.take(TINY, pool.servers[0]), await pool.take(TINY, pool.servers[1]), await pool.take(TINY, pool.servers[1])];
    expect(pool.loads()).toEqual(standing([1, 2], [false, false]));
    // Giving back twice is giving back once.
    for (const lane of [lanes[0], lanes[0], lanes[1]]) await lane?.slot.release();
    expect(pool.loads()).toEqual(standing([0, 1], [false, false]));
    if (pool.servers[0]) pool.failed(pool.servers[0], failure('unreachable', plain.url));
    expect(pool.loads()).toEqual(standing([0, 1], [true, false]));
  });

  it('prefers a server where the model is loaded, then one where nothing is, then one where others must make room', async () => {
    const [full, empty, ready] = [await server({ models: ['tiny:1b', 'other:1b'] }), await server(), await server()];
    const { pool } = poolOf([full.url, empty.url, ready.url]);
    const load = (url: string, model: string) =>
      fetch(`${url}/api/chat`, { method: 'POST', body: JSON.stringify({ model, messages: [] }) });
    await (await load(full.url, 'other:1b')).text();
    await (await load(ready.url, 'tiny:1b')).text();
    await pool.look(0);
    expect(pool.isLoaded('tiny:1b')).toBe(true);
    const order = [await pool.take(TINY), await pool.take(TINY), await pool.take(TINY), await pool.take(TINY)];
    expect(order.map(urlOf)).toEqual([ready.url, empty.url, full.url, undefined]);
  });

  it('gives only a slot of the server that is asked for, where one is', async () => {
    const [one, two] = [await server(), await server()];
    const { pool } = poolOf([`${one.url}#slots=2`, two.url]);
    const first = await pool.take(TINY);
    expect(urlOf(first)).toBe(one.url);
    expect(urlOf(await pool.take(TINY, first?.server))).toBe(one.url);
    expect(await pool.take(TINY, first?.server)).toBeNull();
    expect(urlOf(await pool.take(TINY))).toBe(two.url);
  });

  it('leaves a failing server alone and takes others meanwhile; says for how long, and longer each time', async () => {
    const [bad, good] = [await server(), await server()];
    const { pool, said } = poolOf([bad.url, good.url]);
    const lane = await pool.take(TINY);
    expect(urlOf(lane)).toBe(bad.url);
    for (const code of ['out_of_memory', 'busy'] as const) pool.failed(pool.servers[0] as Lane['server'], failure(code, bad.url));
    await lane?.slot.release();
    expect(said).toEqual([
      `${bad.url} is left alone for 15.0 s: tiny:1b at ${bad.url} failed`,
      `${bad.url} is left alone for 10.0 s: tiny:1b at ${bad.url} failed`,
    ]);
    const other = await pool.take(TINY);
    expect(urlOf(other)).toBe(good.url);
    expect(await pool.take(TINY)).toBeNull();
    // The one that is left is there as soon as it is free.
    expect(pool.outlook(TINY)).toEqual({ when: 'now' });
  });

  it('tells when all that have the model are left alone, for how long, and why', async () => {
    const [one, two] = [await server(), await server()];
    const { pool } = poolOf([one.url, two.url]);
    await pool.look();
    pool.failed(pool.servers[0] as Lane['server'], failure('out_of_memory', one.url));
    pool.failed(pool.servers[1] as Lane['server'], failure('busy', two.url));
    const outlook = pool.outlook(TINY);
    expect(outlook).toMatchObject({ when: 'later', reason: `tiny:1b at ${two.url} failed` });
    expect(outlook.when === 'later' && outlook.ms).toBeGreaterThan(4_000);
    expect(outlook.when === 'later' && outlook.ms).toBeLessThanOrEqual(5_000);
    expect(await pool.acquire(TINY, { signal: never, patienceMs: 1_000 })).toBeNull();
  });

  it('waits for a server that is left alone no longer than the patience', async () => {
    const { url } = await server();
    const { pool } = poolOf([url]);
    await pool.look();
    const before = performance.now();
    pool.failed(pool.servers[0] as Lane['server'], failure('busy', url, 300));
    expect(urlOf(await pool.acquire(TINY, { signal: never, patienceMs: 1_000 }))).toBe(url);
    expect(performance.now() - before).toBeGreaterThanOrEqual(299);
  });

  it('says in a sentence why a model can be asked nowhere', async () => {
    const { url } = await server({ models: ['other:1b'] });
    const listing = poolOf([url]).pool;
    await listing.look();
    expect(listing.outlook(TINY)).toEqual({ when: 'never', reason: expect.stringMatching(/^tiny:1b is not installed at .*other:1b/) });
    expect(await listing.acquire(TINY, { signal: never, patienceMs: 60_000 })).toBeNull();
    const { pool } = poolOf(['http://127.0.0.1:9']);
    expect(await pool.acquire(TINY, { signal: never, patienceMs: 60_000 })).toBeNull();
    expect(pool.outlook(TINY)).toEqual({ when: 'never', reason: expect.stringContaining('no Ollama server answers') });
  });

  it('gives a slot that falls free to whoever waits for it', async () => {
    const { url } = await server();
    const { pool } = poolOf([url]);
    const first = await pool.take(TINY);
    const waiting = pool.acquire(TINY, { signal: never, patienceMs: 0 });
    await first?.slot.release();
    expect(urlOf(await waiting)).toBe(url);
  });

  it('ends a wait with its signal, and gives back a slot that came too late', async () => {
    const { url } = await server();
    const { pool } = poolOf([url]);
    const stop = new AbortController();
    const early = pool.acquire(TINY, { signal: stop.signal, patienceMs: 0 });
    stop.abort(new Error('enough'));
    await expect(early).rejects.toThrow('enough');
    const first = await pool.take(TINY);
    expect(first).not.toBeNull();
    const second = new AbortController();
    const waiting = pool.acquire(TINY, { signal: second.signal, patienceMs: 0 });
    second.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    await first?.slot.release();
    expect(await pool.take(TINY)).not.toBeNull();
  });

  it('has as many slots as were configured', async () => {
    const { url, calls } = await server();
    const { pool } = poolOf([`${url}#slots=3`]);
    const lanes = [await pool.take(TINY), await pool.take(TINY), await pool.take(TINY), await pool.take(TINY)];
    expect(lanes.map((lane) => lane?.slot.index)).toEqual([0, 1, 2, undefined]);
    expect(lanes[0]?.slots).toEqual({ count: 3, by: 'configured', rates: [] });
    expect(calls).toEqual([]);
  });
});
