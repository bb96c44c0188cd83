import { type BehaviourScript, type ReplayServer, type ReplayServerConfig, startReplayServer } from '@chimera/ollama';
import { connectBus, type Documents, type NatsBus, subjectToken } from '@chimera/shared/bus';
import { Lease } from '@chimera/shared/store';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { describeOnEachNats, type Nats, PATIENT_MS, startNats } from '../../../../test/support/nats.ts';
import { type Recorder, recorder } from '../../../../test/support/wait.ts';
import { PATIENT } from '../testing.ts';
import { KnownServer, SERVERS_BUCKET } from './known-server.ts';
import { type Lane, ServerPool } from './pool.ts';
import { leasedSlots, SLOTS_BUCKET, type SlotDesk } from './slot-desk.ts';
import { serverSpec } from './spec.ts';

const TINY = { model: 'tiny:1b', options: { num_ctx: 2_048 } };
const never = new AbortController().signal;
/** Each answer as long as it may be: so a rate is a rate. */
const TALKATIVE: BehaviourScript = ({ format }) => (format === undefined ? { kind: 'endless' } : { kind: 'well-behaved' });

type Opened = { pool: ServerPool; desk: SlotDesk; said: Recorder<string>; known: Documents<KnownServer>; closing: AbortController };

// What is found out is kept by compare-and-set, which documents.int.test.ts shows on each.
describeOnEachNats(
  'what is found out about servers',
  (binary) => {
    let nats: Nats;
    const opened: { close(): Promise<void> }[] = [];
    beforeEach(async () => {
      nats = await startNats(binary);
    });
    afterEach(async () => {
      for (const one of opened.splice(0)) await one.close();
      await nats.close();
    });

    async function server(config: ReplayServerConfig = {}): Promise<ReplayServer> {
      const started = await startReplayServer({ models: ['tiny:1b'], behaviour: TALKATIVE, speed: 3, ...config });
      opened.push(started);
      return started;
    }

    /** The pool of one worker, on a connection of its own. */
    async function open(me: string, urls: readonly string[]): Promise<Opened> {
      const bus: NatsBus = await connectBus({ url: nats.url, name: me, connectTimeoutMs: PATIENT_MS });
      const desk = leasedSlots(bus, await bus.documents(SLOTS_BUCKET, Lease), me, 3_000, () => undefined);
      const known = await bus.documents(SERVERS_BUCKET, KnownServer);
      const said = recorder<string>();
      const closing = new AbortController();
      const servers = urls.map((url) => serverSpec(url, 'here'));
      const timeouts = { ...PATIENT, connectMs: 1_000 };
      const pool = new ServerPool({ servers, timeouts, clock: bus.clock, desk, known, signal: closing.signal, onEvent: said.add });
      opened.unshift({
        async close() {
          closing.abort();
          await pool.close();
          await desk.close();
          await bus.close();
        },
      });
      return { pool, desk, said, known, closing };
    }

    const acquire = ({ pool }: Opened, patienceMs = 0) => pool.acquire(TINY, { signal: never, patienceMs });
    const measures = ({ calls }: ReplayServer) => calls.filter(({ request }) => request.format === undefined);
    async function lanes({ pool }: Opened): Promise<Lane[]> {
      const taken: Lane[] = [];
      for (let lane = await pool.take(TINY); lane !== null; lane = await pool.take(TINY)) taken.push(lane);
      return taken;
    }

    it('gives a server one call at once where a second one costs both', async () => {
      const gpu = await server({ rates: { tokensPerSecond: [98, 30, 15, 10] } });
      const one = await open('one', [gpu.url]);
      const lane = await acquire(one);
      expect(lane?.slots).toMatchObject({ count: 1, by: 'measured' });
      expect(lane?.slots.rates.map(({ atOnce }) => atOnce)).toEqual([1, 2, 4]);
      expect(await one.pool.take(TINY)).toBeNull();
      // One, two and four of 64 tokens each, with the profile's options, so that nothing is loaded twice.
      expect(measures(gpu)).toHaveLength(7);
      expect(measures(gpu).every(({ request }) => request.options?.num_predict === 64 && request.options?.num_ctx === 2_048)).toBe(true);
      expect(one.said.all).toEqual([
        expect.stringMatching(/^tiny:1b at http:.* is given 1 calls at once: .* with 1 at once, .* with 4 at once$/),
      ]);
    });

    it('gives a server four calls at once where each has the speed of one alone', async () => {
      const gpu = await server({ rates: { tokensPerSecond: [50, 50, 50, 50] } });
      const one = await open('one', [gpu.url]);
      expect((await acquire(one))?.slots.count).toBe(4);
      expect(await lanes(one)).toHaveLength(3);
    });

    it('gives a server two calls at once where four give no more than two', async () => {
      const gpu = await server({ rates: { tokensPerSecond: [98, 75, 40, 30] } });
      expect((await acquire(await open('one', [gpu.url])))?.slots.count).toBe(2);
    });

    it('measures once for all workers, with nobody else at it meanwhile', async () => {
      const gpu = await server({ rates: { tokensPerSecond: [98, 30, 15, 10] } });
      const [one, two] = [await open('one', [gpu.url]), await open('two', [gpu.url])];
      const counts = [one, two].map(async (each) => {
        const lane = await acquire(each);
        await lane?.slot.release();
        return lane?.slots.count;
      });
      expect(await Promise.all(counts)).toEqual([1, 1]);
      expect(measures(gpu)).toHaveLength(7);
      expect(gpu.busyMax).toBe(4);
      // Whoever comes later takes it from there too, and makes no call.
      const three = await open('three', [gpu.url]);
      const known = gpu.calls.length;
      expect((await acquire(three))?.slots).toMatchObject({ count: 1, by: 'measured' });
      expect(gpu.calls).toHaveLength(known);
    });

    it('asks nothing of a server whose slots were configured', async () => {
      const gpu = await server();
      const one = await open('one', [`${gpu.url}#slots=2`]);
      expect((await lanes(one)).map(({ slots }) => slots)).toEqual(Array(2).fill({ count: 2, by: 'configured', rates: [] }));
      expect(gpu.calls).toEqual([]);
      // Others know that somebody has the model there.
      const two = await open('two', ['http://127.0.0.1:9']);
      expect([await two.pool.othersHave('tiny:1b'), await one.pool.othersHave('tiny:1b')]).toEqual([true, false]);
      expect(await two.pool.othersHave('other:1b')).toBe(false);
    });

    it('measures again what was found out about another digest or another version', async () => {
      const gpu = await server({ rates: { tokensPerSecond: 200 } });
      const one = await open('one', [gpu.url]);
      const key = `${serverSpec(gpu.url, 'here').key}.${subjectToken('tiny:1b')}`;
      const stale = {
        url: gpu.url,
        model: 'tiny:1b',
        digest: 'a'.repeat(64),
        serverVersion: '0.0.0-replay',
        slots: null,
        think: null,
        obeysSchema: null,
      };
      await one.known.change(key, () => stale);
      expect((await acquire(one))?.slots.by).toBe('measured');
      expect((await one.known.get(key))?.digest).not.toBe(stale.digest);
    });

    it('assumes one slot where the answers are too short to measure, and does not measure for ever', async () => {
      const gpu = await server({
        behaviour: ({ format }) => (format === undefined ? { kind: 'text', text: 'So' } : { kind: 'well-behaved' }),
      });
      const one = await open('one', [gpu.url]);
      expect((await acquire(one))?.slots).toEqual({ count: 1, by: 'assumed', rates: [] });
      expect(measures(gpu)).toHaveLength(1);
    });

    it('leaves a server alone that fails while it is measured, and asks it as it is afterwards', async () => {
      const gpu = await server({
        behaviour: (_, index) =>
          index === 0
            ? { kind: 'error', status: 503, body: { error: 'server busy' }, headers: { 'retry-after': '1' } }
            : { kind: 'well-behaved' },
      });
      const one = await open('one', [gpu.url]);
      expect(await acquire(one)).toBeNull();
      expect(one.pool.outlook(TINY)).toMatchObject({ when: 'later', reason: expect.stringContaining('busy') });
      expect((await acquire(one, 5_000))?.slots).toEqual({ count: 1, by: 'assumed', rates: [] });
      expect(gpu.calls).toHaveLength(1);
    });

    it('ends a measurement when it is closed, and holds no slot after that', async () => {
      const gpu = await server({ behaviour: { kind: 'hang' } });
      const [one, two] = [await open('one', [gpu.url]), await open('two', [gpu.url])];
      expect(await one.pool.take(TINY)).toBeNull();
      const call = await gpu.call(0);
      one.closing.abort();
      await one.pool.close();
      expect(await call.ended).toBe('aborted');
      expect(await two.desk.take(serverSpec(gpu.url, 'here').key, 1)).not.toBeNull();
    });

    const THINKER = [{ name: 'tiny:1b', thinking: true }];

    it('tries a model that can think once, and asks it not to where it obeys a schema then', async () => {
      const gpu = await server({ models: THINKER });
      const [one, two] = [await open('one', [`${gpu.url}#slots=1`]), await open('two', [`${gpu.url}#slots=1`])];
      const lane = await acquire(one);
      expect(lane?.think).toBe(false);
      await lane?.slot.release();
      expect((await acquire(two))?.think).toBe(false);
      expect(gpu.calls.map(({ request }) => request.think)).toEqual([false]);
    });

    it('says nothing of thinking to a model that obeys a schema only then', async () => {
      const gpu = await server({
        models: THINKER,
        behaviour: ({ think }) => (think === false ? { kind: 'format-ignored' } : { kind: 'text', text: '{"ready": true}' }),
      });
      const one = await open('one', [`${gpu.url}#slots=1`]);
      expect((await acquire(one))?.think).toBeNull();
      expect(gpu.calls.map(({ request }) => request.think)).toEqual([false, undefined]);
    });

    it('asks a model not to think that thinks anyway: it obeys no schema either way', async () => {
      const gpu = await server({ models: THINKER, behaviour: { kind: 'think-ignored' } });
      const one = await open('one', [`${gpu.url}#slots=1`]);
      expect((await acquire(one))?.think).toBe(false);
      const [key = ''] = await one.known.keys();
      expect(await one.known.get(key)).toMatchObject({ think: false, obeysSchema: false });
      expect(gpu.calls).toHaveLength(2);
    });
  },
  { newest: true },
);
