import { readFileSync } from 'node:fs';
import type { MsgHdrs } from '@nats-io/transport-node';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { describeOnEachNats, type Nats, PATIENT_MS, startNats } from '../../../../test/support/nats.ts';
import { recorder, until } from '../../../../test/support/wait.ts';
import { connectBus, type NatsBus } from './connection.ts';
import { AnalysisRequested, type DeadLetter, DeadLettered, InventoryPublished } from './contracts.ts';
import { dataOf, LetterFault, letter, listLetters, NoDeadStream, openDeadBox, removeLetter, retryLetter } from './dead-box.ts';
import { Permanent, RetryLater } from './outcome.ts';
import { publish } from './publish.ts';
import { assertStreams } from './streams.ts';
import { startWorker, type Worker, type WorkerOptions } from './worker.ts';

const golden = (name: string) => JSON.parse(readFileSync(new URL(`./fixtures/${name}.v1.json`, import.meta.url), 'utf8'));
const INVENTORY = InventoryPublished.schema.parse(golden('inventory.published'));
const REQUEST = AnalysisRequested.schema.parse(golden('analysis.requested'));
const SUBJECT = InventoryPublished.subject(INVENTORY);

describeOnEachNats('the dead letters', (binary) => {
  let nats: Nats;
  let bus: NatsBus;
  const workers: Worker[] = [];
  beforeEach(async () => {
    nats = await startNats(binary);
    bus = await connectBus({ url: nats.url, name: 'test', connectTimeoutMs: PATIENT_MS });
  });
  afterEach(async () => {
    await Promise.all(workers.splice(0).map((worker) => worker.stop(0)));
    await bus.close();
    await nats.close();
  });

  /** A worker on real messages of Chimera, on a durable of its own; resolves with what it tells. */
  async function work<T>(contract: WorkerOptions<T>['contract'], durable: string, handle: (data: T) => Promise<void>, maxDeliveries = 5) {
    const events = recorder<string>();
    const consumer = { stream: contract.stream, durable, filter: contract.subjects, ackWaitMs: 10_000, maxDeliveries };
    const observe: WorkerOptions<T>['observe'] = (event) => events.add(event.outcome);
    workers.push(await startWorker({ bus, contract, consumer, concurrency: 1, handle, observe }));
    return events;
  }

  /** Lays a letter into the box as whoever gives a message up does; returns its sequence. */
  async function bury(change: Partial<DeadLetter> = {}): Promise<number> {
    const data = Buffer.from(JSON.stringify(INVENTORY)).toString('base64');
    const dead = { ...golden('message.dead'), stream: 'chimera_events', subject: SUBJECT, durable: 'test', data, ...change };
    return (await bus.jetstream.publish(DeadLettered.subject(dead), JSON.stringify(dead))).seq;
  }

  /** Hears what is published on a subject while the test runs. */
  function hear(subject: string) {
    const heard = recorder<{ text: string; headers: MsgHdrs | undefined }>();
    bus.connection.subscribe(subject, { callback: (_, message) => heard.add({ text: message.string(), headers: message.headers }) });
    return heard;
  }

  const stillThere = async () => (await listLetters(bus, 100)).letters.map(({ sequence }) => sequence);
  /** What a retry throws. */
  const faultOf = async (sequence: number, force = false): Promise<LetterFault> => {
    const error = await retryLetter(bus, sequence, { force }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(LetterFault);
    return error as LetterFault;
  };

  it('hazard 11: hold a poison message with its reason, while others flow', async () => {
    const got = recorder<number>();
    await work(InventoryPublished, 'test_planner', async ({ generation }) => got.add(generation));
    await bus.jetstream.publish('chimera.inventory.v1.published.x', 'no JSON');
    await publish(bus, InventoryPublished, INVENTORY);
    await got.count(1);
    const { total, letters } = await listLetters(bus, 10);
    expect(total).toBe(1);
    expect(letters).toEqual([
      {
        sequence: 1,
        storedAt: expect.any(String),
        bytes: 7,
        letter: {
          stream: 'chimera_events',
          subject: 'chimera.inventory.v1.published.x',
          sequence: 1,
          durable: 'test_planner',
          attempts: 1,
          reason: expect.stringMatching(
            /^Message 1 on chimera\.inventory\.v1\.published\.x is no inventory\.published\/v1: .*not valid JSON/,
          ),
          messageId: null,
          at: expect.any(String),
        },
      },
    ]);
    expect(Buffer.from(dataOf((await letter(bus, 1)).letter)).toString()).toBe('no JSON');
  });

  it('hazard 12: hold what a work queue gave up after its deliveries; a retry has it handled once the fault is gone', async () => {
    let broken = true;
    const got = recorder<string>();
    const handle = async ({ run }: typeof REQUEST) => {
      if (broken) throw new RetryLater('the disk is full', 1);
      got.add(run.id);
    };
    const events = await work(AnalysisRequested, 'test_worker', handle, 2);
    const heard = hear(AnalysisRequested.subjects);
    await publish(bus, AnalysisRequested, REQUEST);
    expect(await events.count(2)).toEqual(['later', 'dead']);
    const [head] = (await listLetters(bus, 10)).letters;
    expect(head).toMatchObject({ letter: { attempts: 2, reason: 'given up after 2 deliveries: the disk is full' } });
    await until('the empty queue', async () => (await bus.manager.streams.info('chimera_work')).state.messages === 0);

    broken = false;
    expect(await retryLetter(bus, 1)).toEqual({
      stream: 'chimera_work',
      subject: AnalysisRequested.subject(REQUEST),
      sequence: 2,
      doubt: null,
    });
    expect(await got.count(1)).toEqual([REQUEST.run.id]);
    expect(await stillThere()).toEqual([]);
    const [first, second] = await heard.count(2);
    expect(second?.text).toBe(first?.text);
    const header = (name: string) => second?.headers?.get(name);
    expect([header('chimera-retry-of'), header('Nats-Msg-Id'), header('chimera-message')]).toEqual([
      '1',
      'retry:1',
      'analysis.requested/v1',
    ]);
    await until('the empty queue', async () => (await bus.manager.streams.info('chimera_work')).state.messages === 0);
  });

  it('reach every durable of an event again, which is why handlers must not mind', async () => {
    const [one, two] = [recorder<number>(), recorder<number>()];
    const failing = await work(InventoryPublished, 'test_one', async ({ generation }) => {
      one.add(generation);
      if (one.all.length === 1) throw new Permanent('the blob is gone');
    });
    const well = await work(InventoryPublished, 'test_two', async ({ generation }) => two.add(generation));
    await publish(bus, InventoryPublished, INVENTORY);
    await Promise.all([failing.count(1), well.count(1)]);
    await retryLetter(bus, 1);
    await Promise.all([one.count(2), two.count(2)]);
    expect(await failing.count(2)).toEqual(['dead', 'done']);
  });

  it('are listed oldest first, as many of the newest as asked for, whatever lies between was removed', async () => {
    for (let n = 1; n <= 12; n++) await bury({ sequence: n });
    for (const gone of [1, 5, 9, 12]) await bus.manager.streams.deleteMessage('chimera_dead', gone);
    expect(await stillThere()).toEqual([2, 3, 4, 6, 7, 8, 10, 11]);
    const { total, letters } = await listLetters(bus, 4);
    expect(total).toBe(8);
    expect(letters.map(({ sequence, letter: dead }) => [sequence, dead?.sequence])).toEqual([7, 8, 10, 11].map((n) => [n, n]));
    await bus.manager.streams.purge('chimera_dead');
    expect(await listLetters(bus, 4)).toEqual({ total: 0, letters: [] });
  });

  it('list what is no letter as such, and say so when it is asked for', async () => {
    await bus.jetstream.publish('chimera.dead.v1.x', '{"stream":1}');
    await bury();
    const [odd, fine] = (await listLetters(bus, 10)).letters;
    expect(odd).toMatchObject({
      sequence: 1,
      letter: null,
      fault: expect.stringMatching(/^What lies at 1 in chimera_dead is no message\.dead\/v1: stream: /),
    });
    expect(fine).toMatchObject({ sequence: 2, letter: { durable: 'test' } });
    await expect(letter(bus, 1)).rejects.toMatchObject({
      why: 'unreadable',
      message: expect.stringContaining('nats stream get chimera_dead 1'),
    });
    expect((await faultOf(1)).why).toBe('unreadable');
    await expect(letter(bus, 3)).rejects.toMatchObject({ why: 'absent', message: expect.stringContaining('There is no letter 3') });
    expect((await faultOf(3)).why).toBe('absent');
  });

  it('are removed by their numbers, what is no letter too; others stay', async () => {
    await bus.jetstream.publish('chimera.dead.v1.x', '{"stream":1}');
    for (let n = 0; n < 2; n++) await bury({ sequence: 100 + n });
    await removeLetter(bus, 1);
    await removeLetter(bus, 3);
    expect(await stillThere()).toEqual([2]);
    await expect(removeLetter(bus, 3)).rejects.toMatchObject({ why: 'absent', message: expect.stringContaining('There is no letter 3') });
    expect(await stillThere()).toEqual([2]);
  });

  it('say that a letter was retried already instead of dropping it, and keep it', async () => {
    await bury();
    await retryLetter(bus, 1);
    // The stream is made anew and counts from 1 again: this is another letter, and its id is known.
    await bus.manager.streams.delete('chimera_dead');
    await assertStreams(bus.manager);
    expect(await bury({ durable: 'another' })).toBe(1);
    const fault = await faultOf(1);
    expect(fault).toMatchObject({ why: 'duplicate', message: expect.stringContaining('was not published') });
    expect(fault.message).toContain('as message 1');
    expect(await stillThere()).toEqual([1]);
    expect((await bus.manager.streams.info('chimera_events')).state.messages).toBe(1);
  });

  it('refuse a message of which only the beginning was kept, forced or not', async () => {
    const kept = 512 * 1_024;
    await work(InventoryPublished, 'test_planner', async () => undefined);
    await bus.jetstream.publish(SUBJECT, `"${'x'.repeat(kept)}"`);
    await until('the letter', async () => (await stillThere()).length === 1);
    for (const force of [false, true])
      expect(await faultOf(1, force)).toMatchObject({ why: 'cut', message: expect.stringContaining(`first ${kept} bytes`) });
    expect(await stillThere()).toEqual([1]);
  });

  it('refuse what would die again, unless it is forced; then it does', async () => {
    const events = await work(InventoryPublished, 'test_planner', async () => undefined);
    await bus.jetstream.publish(SUBJECT, '{"dataset":""}');
    await events.count(1);
    const fault = await faultOf(1);
    expect(fault.why).toBe('unparsable');
    expect(fault.message).toMatch(
      /^Letter 1 would die again: its 14 bytes are no inventory\.published\/v1 \(.+\)\. "--force" publishes it all the same\.$/,
    );
    expect(await stillThere()).toEqual([1]);
    expect(await retryLetter(bus, 1, { force: true })).toMatchObject({ sequence: 2, doubt: expect.stringContaining('would die again') });
    expect(await events.count(2)).toEqual(['dead', 'dead']);
    expect(await stillThere()).toEqual([2]);
    expect((await letter(bus, 2)).letter.messageId).toBe('retry:1');
  });

  it('are not published on any other subject than those of Chimera, forced or not', async () => {
    const foreign = [
      { subject: '$JS.API.STREAM.PURGE.chimera_events' },
      { subject: 'chimera.inventory.v1.published.*' },
      { subject: 'chimera.inventory.v1.published.x 0\r\nPUB a 0' },
      { subject: 'chimera.progress.v1.x' },
      { stream: 'chimera_work' },
      { stream: 'chimera_dead', subject: 'chimera.dead.v1.x' },
    ];
    await bus.jetstream.publish(SUBJECT, '{}');
    for (const change of foreign) await bury(change);
    const heard = hear('>');
    for (const [i] of foreign.entries()) expect((await faultOf(i + 1, true)).why, JSON.stringify(foreign[i])).toBe('foreign');
    await bus.connection.flush();
    expect(heard.all.filter(({ headers }) => headers?.has('chimera-retry-of'))).toEqual([]);
    expect(await stillThere()).toHaveLength(foreign.length);
    expect((await bus.manager.streams.info('chimera_events')).state.messages).toBe(1);
  });

  it('stay where the stream did not confirm that it took the message', async () => {
    await bury();
    await bus.manager.streams.delete('chimera_events');
    expect(await faultOf(1)).toMatchObject({ why: 'unconfirmed', message: expect.stringContaining('(there is no such stream)') });
    expect(await stillThere()).toEqual([1]);
    await assertStreams(bus.manager);
    await retryLetter(bus, 1);
    expect(await stillThere()).toEqual([]);
  });

  it('are looked for without a change to the server, and a server that holds no dead stream is said to be one', async () => {
    const fresh = await startNats(binary);
    const box = await openDeadBox({ url: fresh.url, name: 'test', connectTimeoutMs: 0 });
    try {
      for (const look of [() => listLetters(box, 1), () => letter(box, 1), () => retryLetter(box, 1), () => removeLetter(box, 1)])
        await expect(look()).rejects.toThrow(
          new NoDeadStream('This NATS holds no stream chimera_dead: no Chimera service has used it yet.'),
        );
      expect((await box.manager.getAccountInfo()).streams).toBe(0);
    } finally {
      await box.close();
      await fresh.close();
    }
  });
});
