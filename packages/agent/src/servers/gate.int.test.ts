import { OllamaFailure, type ReplayServerConfig, startReplayServer } from '@chimera/ollama';
import { connectBus, type NatsBus, requestSubject, type Seat, subjectToken } from '@chimera/shared/bus';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { describeOnEachNats, type Nats, PATIENT_MS, startNats } from '../../../../test/support/nats.ts';
import { type Recorder, recorder, until } from '../../../../test/support/wait.ts';
import { PATIENT } from '../testing.ts';
import { workerConsumer } from '../worker-consumer.ts';
import { createGate, type Means } from './gate.ts';
import { KnownServer, SERVERS_BUCKET } from './known-server.ts';
import { ServerPool } from './pool.ts';
import { localSlots } from './slot-desk.ts';
import { serverSpec } from './spec.ts';

const TINY = { model: 'tiny:1b', options: {} };

type Opened = {
  pool: ServerPool;
  /** the models of each try at a slot */
  tries: Recorder<string>;
  next(): Promise<Seat<Means>>;
  stopping: AbortController;
  nextSeat(stopping: AbortSignal): Promise<Seat<Means> | null>;
};

describeOnEachNats('the gate to the work', (binary) => {
  let nats: Nats;
  let bus: NatsBus;
  /** milliseconds by which the clock of the servers is ahead: what was seen of them is older by that */
  let ahead: number;
  const opened: { close(): unknown }[] = [];
  beforeEach(async () => {
    ahead = 0;
    nats = await startNats(binary);
    bus = await connectBus({ url: nats.url, name: 'gate', connectTimeoutMs: PATIENT_MS });
  });
  afterEach(async () => {
    for (const one of opened.splice(0)) await one.close();
    await bus.close();
    await nats.close();
  });

  async function server(config: ReplayServerConfig = {}) {
    const started = await startReplayServer({ models: ['tiny:1b'], ...config });
    opened.push(started);
    return started;
  }

  async function open(urls: readonly string[], patienceMs = 0, over: Partial<NatsBus> = {}): Promise<Opened> {
    const pool = new ServerPool({
      servers: urls.map((url) => serverSpec(`${url}${url.includes('#') ? '' : '#slots=1'}`, 'here')),
      timeouts: { ...PATIENT, connectMs: 1_000 },
      clock: { ...bus.clock, elapsed: () => bus.clock.elapsed() + ahead },
      desk: localSlots(),
      known: await bus.documents(SERVERS_BUCKET, KnownServer),
      signal: new AbortController().signal,
    });
    const tries = recorder<string>();
    const take = pool.take.bind(pool);
    pool.take = (wanted, at) => {
      tries.add(wanted.model);
      return take(wanted, at);
    };
    const gate = createGate({ agent: 'insight', profile: TINY, bus: { ...bus, ...over }, pool, patienceMs, mostWithoutSlot: 1 });
    const stopping = new AbortController();
    await bus.connection.flush();
    opened.unshift({
      async close() {
        stopping.abort();
        gate.close();
        await pool.close();
      },
    });
    const next = async () => {
      const seat = await gate.nextSeat(stopping.signal);
      if (seat === null) throw new Error('There was no seat.');
      return seat;
    };
    return { pool, tries, next, stopping, nextSeat: gate.nextSeat };
  }

  let published = 0;
  const request = (model: string | null) =>
    bus.publish({ subject: requestSubject('insight', model), text: '{}', id: `request-${++published}`, headers: {} });
  const modelOf = (seat: Seat<Means>) => seat.consumer.durable;
  const durableOf = (model: string) => workerConsumer('insight', model).durable;

  it('opens as soon as it hears of work, with a slot of a server that has the model', async () => {
    const { url } = await server();
    // Blind: by the hint alone.
    const { next, pool } = await open([url], 0, { held: async () => new Map() });
    const waiting = next();
    await request('tiny:1b');
    const seat = await waiting;
    expect(seat.consumer).toEqual(workerConsumer('insight', 'tiny:1b'));
    expect(seat.means.lane).toMatchObject({ slot: { index: 0 }, server: { spec: { url } } });
    expect(await bus.take(seat.consumer)).toMatchObject({ deliveries: 1 });
    expect(await pool.take(TINY)).toBeNull();
    await seat.leave();
    expect(await pool.take(TINY)).not.toBeNull();
  });

  it('finds work that was there before, and such as comes back without a word', async () => {
    const { url } = await server();
    await request('tiny:1b');
    await bus.consumer(workerConsumer('insight', 'tiny:1b'));
    const { next } = await open([url]);
    const first = await next();
    const message = await bus.take(first.consumer);
    expect(message).not.toBeNull();
    await first.means.lane?.slot.release();
    // Somebody else works at it: a seat for it finds nothing.
    const second = await next();
    expect(await bus.take(second.consumer)).toBeNull();
    await second.leave();
    const third = next();
    message?.giveBack();
    const again = await until('the message', async () => {
      const seat = await third;
      const taken = await bus.take(seat.consumer);
      return taken;
    });
    expect(again.deliveries).toBe(2);
  });

  it('stays shut while no slot is free, and opens when one is', async () => {
    const { url } = await server();
    const { next, pool, tries } = await open([url]);
    const busy = await pool.take(TINY);
    await request('tiny:1b');
    let open_ = false;
    const waiting = next().finally(() => {
      open_ = true;
    });
    await tries.count(3); // the one above, and two of the gate
    expect(open_).toBe(false);
    expect(await bus.queue(workerConsumer('insight', 'tiny:1b')).catch(() => null)).toBeNull(); // nobody even has a durable
    await busy?.slot.release();
    expect((await waiting).means.lane).not.toBeNull();
  });

  it('prefers work for a model that is loaded to such that came first', async () => {
    const { url } = await server({ models: ['tiny:1b', 'other:1b'] });
    const load = await fetch(`${url}/api/chat`, { method: 'POST', body: JSON.stringify({ model: 'tiny:1b', messages: [] }) });
    await load.text();
    await request('other:1b');
    await request('tiny:1b');
    const { next } = await open([url]);
    const seat = await next();
    expect(modelOf(seat)).toBe(durableOf('tiny:1b'));
    await (await bus.take(seat.consumer))?.acknowledge();
    await seat.leave();
    expect(modelOf(await next())).toBe(durableOf('other:1b'));
  });

  it('leaves work alone for models that no server of ours has, and for the template, and takes what is ours', async () => {
    const { url } = await server();
    const { next, tries } = await open([url]);
    await request('huge:70b');
    await request(null);
    const waiting = next();
    await tries.count(1);
    await request('tiny:1b');
    expect(modelOf(await waiting)).toBe(durableOf('tiny:1b'));
    expect(new Set(tries.all)).toEqual(new Set(['huge:70b', 'tiny:1b']));
    expect([...(await bus.held('chimera_work', 'chimera.analysis.v1.requested.insight.*')).values()]).toEqual([1, 1, 1]);
  });

  it('opens at once without a slot where the profile’s model can be asked nowhere', async () => {
    const { next } = await open(['http://127.0.0.1:9'], 60_000);
    await request('tiny:1b');
    const seat = await next();
    expect(modelOf(seat)).toBe(durableOf('tiny:1b'));
    expect(seat.means.lane).toBeNull();
    await seat.leave();
  });

  it('hazard 15: has no more under way without a slot than it may, however much is waiting', async () => {
    const { next, tries } = await open(['http://127.0.0.1:9']);
    await request('tiny:1b');
    const first = await next();
    expect(first.means.lane).toBeNull();
    let opened = false;
    const second = next().then((seat) => {
      opened = true;
      return seat;
    });
    // A hint that is heard lets it look again; still nothing opens.
    await tries.count(2);
    await request('tiny:1b');
    await tries.count(3);
    // Behind whatever it asked the server meanwhile.
    for (let i = 0; i < 5; i++) await bus.held('chimera_work', 'chimera.analysis.v1.requested.insight.*');
    expect(opened).toBe(false);
    await first.means.end();
    expect((await second).means.lane).toBeNull();
  });

  it('has a server asked that was away before it lets the template speak', async () => {
    const gone = await server();
    const port = Number(new URL(gone.url).port);
    await gone.close();
    const { next, pool } = await open([gone.url]);
    await pool.look();
    expect(pool.outlook(TINY).when).toBe('never');
    await server({ port });
    ahead = 60_000;
    await request('tiny:1b');
    expect((await next()).means.lane).not.toBeNull();
  });

  it('leaves the work to others that have the model, for as long as its patience', async () => {
    const known = await bus.documents(SERVERS_BUCKET, KnownServer);
    const there: KnownServer = {
      url: 'http://gpu-b',
      model: 'tiny:1b',
      digest: null,
      serverVersion: null,
      slots: null,
      think: null,
      obeysSchema: null,
    };
    await known.change(`gpu-b.${subjectToken('tiny:1b')}`, () => there);
    const { next } = await open(['http://127.0.0.1:9'], 800);
    await request('tiny:1b');
    const before = performance.now();
    expect((await next()).means.lane).toBeNull();
    expect(performance.now() - before).toBeGreaterThanOrEqual(800);
  });

  it('waits for a server that is left alone no longer than its patience, and then speaks without one', async () => {
    const { url } = await server();
    const patient = await open([url], 10_000);
    await patient.pool.look();
    const [only] = patient.pool.servers;
    const busy = (ms: number) => new OllamaFailure('busy', 'it is busy', { server: url, retryAfterMs: ms });
    if (only) patient.pool.failed(only, busy(500));
    await request('tiny:1b');
    const seat = await patient.next();
    expect(seat.means.lane).not.toBeNull();
    await seat.leave();
    if (only) patient.pool.failed(only, busy(60_000));
    expect((await patient.next()).means.lane).toBeNull();
  });

  it('gives the slot back where the durable cannot be asserted', async () => {
    const { url } = await server();
    const { next, pool } = await open([url], 0, { consumer: () => Promise.reject(new Error('the server is away')) });
    await request('tiny:1b');
    await expect(next()).rejects.toThrow('the server is away');
    expect(await pool.take(TINY)).not.toBeNull();
  });

  it('hears of work again after the server came back', async () => {
    const { url } = await server();
    const { next } = await open([url]);
    const before = next().catch(() => null);
    await nats.kill();
    await nats.restart();
    await until('the connection', () => bus.ready());
    await request('tiny:1b');
    // What was asked of the server that died may fail; whoever waits asks for a seat again.
    const seat = (await before) ?? (await until('a seat', () => next().catch(() => null)));
    expect(seat.means.lane).not.toBeNull();
  });

  it('ends its wait when the worker stops', async () => {
    const { url } = await server();
    const { nextSeat, stopping } = await open([url]);
    const waiting = nextSeat(stopping.signal);
    stopping.abort();
    expect(await waiting).toBeNull();
    expect(await nextSeat(stopping.signal)).toBeNull();
  });
});
