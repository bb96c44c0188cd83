import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeOnEachNats, type Nats, PATIENT_MS, startNats } from '../../../../test/support/nats.ts';
import { type Means, Seats } from '../../../../test/support/seats.ts';
import { recorder, signal, until } from '../../../../test/support/wait.ts';
import { connectBus, type NatsBus } from './connection.ts';
import { type GatedOptions, startGatedWorker } from './gated-worker.ts';
import { RetryLater } from './outcome.ts';
import { publish } from './publish.ts';
import { deadLetters, held, type TaskQueue, taskQueue } from './testing.ts';
import type { Worker } from './worker.ts';

type Task = { n: number };
type Event = Parameters<NonNullable<GatedOptions<Task, Means>['observe']>>[0];

describeOnEachNats('a gated worker', (binary) => {
  let nats: Nats;
  let bus: NatsBus;
  const workers: Worker[] = [];
  beforeAll(async () => {
    nats = await startNats(binary);
    bus = await connectBus({ url: nats.url, name: 'test', connectTimeoutMs: PATIENT_MS });
  });
  afterAll(async () => {
    await Promise.all(workers.map((worker) => worker.stop(0)));
    await bus.close();
    await nats.close();
  });

  async function start(
    queue: TaskQueue,
    handle: GatedOptions<Task, Means>['handle'],
    more: Partial<GatedOptions<Task, Means>> = {},
    seats = new Seats(queue),
  ) {
    await bus.consumer(queue.consumer);
    const events = recorder<Event>();
    const errors = recorder<Error>();
    const { contract } = queue;
    const worker = startGatedWorker<Task, Means>({
      ...{ bus, contract, nextSeat: seats.next, handle, observe: events.add, onError: errors.add },
      ...more,
    });
    workers.push(worker);
    return { worker, seats, events, errors };
  }

  it.concurrent('asks for no message before it has a seat, and hands the seat’s means to the handler', async () => {
    const queue = taskQueue('g-first');
    const seen = recorder<unknown>();
    const { seats, events } = await start(queue, async (data, { means, deliveries }) => seen.add({ data, means, deliveries }));
    await publish(bus, queue.contract, { n: 1 });
    expect(await bus.queue(queue.consumer)).toEqual({ pending: 1, unacknowledged: 0 });
    seats.offer(7);
    expect(await seen.count(1)).toEqual([{ data: { n: 1 }, means: { seat: 7 }, deliveries: 1 }]);
    expect(await events.count(1)).toMatchObject([{ outcome: 'done', deliveries: 1 }]);
    expect(await held(bus, queue)).toBe(0);
    expect(seats.left.all).toEqual([]); // it was the handler's to give back
  });

  it.concurrent('leaves a seat for which no message is there', async () => {
    const queue = taskQueue('g-none');
    const { seats, worker, events } = await start(queue, async () => undefined);
    seats.offer(1, 2);
    expect(await seats.left.count(2)).toEqual([1, 2]);
    expect(worker.inFlight()).toBe(0);
    expect(events.all).toEqual([]);
  });

  it.concurrent('handles as many at once as there are seats, and takes no message beyond them', async () => {
    const queue = taskQueue('g-many');
    const begun = recorder<number>();
    const go = signal();
    const { seats, events, worker } = await start(queue, async (_, { means }) => {
      begun.add(means.seat);
      await go.promise;
    });
    for (const n of [1, 2, 3]) await publish(bus, queue.contract, { n });
    seats.offer(1, 2);
    expect(await begun.count(2)).toEqual([1, 2]);
    expect(worker.inFlight()).toBe(2);
    expect(await bus.queue(queue.consumer)).toEqual({ pending: 1, unacknowledged: 2 });
    go.resolve();
    await events.count(2);
    seats.offer(3);
    expect(await begun.count(3)).toEqual([1, 2, 3]);
  });

  it.concurrent('leaves the seat of a message that no handler was given: one that does not parse, and one that died too often', async () => {
    const queue = taskQueue('g-broken', { maxDeliveries: 1 });
    const { seats, events } = await start(queue, async () => {
      throw new RetryLater('not now', 1);
    });
    await bus.jetstream.publish(queue.subject, 'no JSON');
    seats.offer(1);
    expect(await events.count(1)).toMatchObject([{ outcome: 'dead', deliveries: 1 }]);
    expect(await seats.left.count(1)).toEqual([1]);
    await publish(bus, queue.contract, { n: 1 });
    const lost = await until('the message', () => bus.take(queue.consumer));
    lost.giveBack();
    await until('the message to be there again', async () => (await bus.queue(queue.consumer)).unacknowledged === 1);
    seats.offer(2);
    expect(await seats.left.count(2)).toEqual([1, 2]);
    expect((await deadLetters(bus, queue)).map(({ attempts }) => attempts)).toEqual([1, 2]);
  });

  it.concurrent('gets a message again for another seat where its handler fails', async () => {
    const queue = taskQueue('g-again');
    const { seats, events } = await start(queue, async (_, { means }) => {
      if (means.seat === 1) throw new RetryLater('another seat may do', 1);
    });
    await publish(bus, queue.contract, { n: 1 });
    seats.offer(1);
    expect(await events.count(1)).toMatchObject([{ outcome: 'later', deliveries: 1 }]);
    const end = bus.clock.every(50, () => seats.offer(2));
    expect(await events.count(2)).toMatchObject([{ outcome: 'later' }, { outcome: 'done', deliveries: 2 }]);
    end();
  });

  it.concurrent('goes on where no seat could be had because of a fault', async () => {
    const queue = taskQueue('g-fault');
    const seats = new Seats(queue);
    let faults = 0;
    const nextSeat: typeof seats.next = async (stopping) => {
      if (faults++ === 0) throw new Error('the slots could not be asked for');
      return seats.next(stopping);
    };
    const { events, errors } = await start(queue, async () => undefined, { nextSeat }, seats);
    await publish(bus, queue.contract, { n: 1 });
    expect((await errors.count(1)).map(({ message }) => message)).toEqual(['the slots could not be asked for']);
    seats.offer(1);
    expect(await events.count(1)).toMatchObject([{ outcome: 'done' }]);
  });

  it.concurrent('leaves the seat where the durable is gone, asserts it, and goes on', async () => {
    const queue = taskQueue('g-gone');
    const { seats, events, errors } = await start(queue, async () => undefined);
    await bus.manager.consumers.delete('chimera_work', queue.consumer.durable);
    seats.offer(1);
    await errors.count(1);
    expect(await seats.left.count(1)).toEqual([1]);
    await publish(bus, queue.contract, { n: 1 });
    seats.offer(2);
    expect(await events.count(1)).toMatchObject([{ outcome: 'done' }]);
  });

  it.concurrent('hazard 20: stop() ends the wait for a seat, waits for what is in flight, and takes no more', async () => {
    const queue = taskQueue('g-stop');
    const [begun, go] = [signal(), signal()];
    const { seats, worker, events } = await start(queue, async () => {
      begun.resolve();
      await go.promise;
    });
    for (const n of [1, 2]) await publish(bus, queue.contract, { n });
    seats.offer(1);
    await begun.promise;
    let stopped = false;
    const stopping = worker.stop(10_000).then(() => {
      stopped = true;
    });
    seats.offer(2);
    await bus.connection.flush();
    expect(stopped).toBe(false);
    go.resolve();
    await stopping;
    expect(events.all.map(({ outcome }) => outcome)).toEqual(['done']);
    expect(seats.given).toEqual([1]);
    expect(await bus.queue(queue.consumer)).toEqual({ pending: 1, unacknowledged: 0 });
  });

  it.concurrent('hazard 20: stop() aborts what is not done by the deadline; its message is there for others at once', async () => {
    const queue = taskQueue('g-abort');
    const begun = signal();
    const { seats, worker, events } = await start(queue, async (_, { signal: aborted }) => {
      begun.resolve();
      await new Promise((_, reject) => aborted.addEventListener('abort', () => reject(aborted.reason)));
    });
    await publish(bus, queue.contract, { n: 1 });
    seats.offer(1);
    await begun.promise;
    await worker.stop(10);
    expect(events.all.map(({ outcome }) => outcome)).toEqual(['handed_back']);
    expect(worker.inFlight()).toBe(0);
    const message = await until('the message', () => bus.take(queue.consumer));
    expect(message.deliveries).toBe(2);
    await message.acknowledge();
  });

  it.concurrent('hazard 20: gives back what came and the seat where it was stopped while it asked', async () => {
    const queue = taskQueue('g-late');
    const asked = signal();
    const go = signal();
    const slow: NatsBus = {
      ...bus,
      async take(spec) {
        const message = await bus.take(spec);
        asked.resolve();
        await go.promise;
        return message;
      },
    };
    const handled: number[] = [];
    const { seats, worker } = await start(queue, async ({ n }) => void handled.push(n), { bus: slow });
    await publish(bus, queue.contract, { n: 1 });
    seats.offer(1);
    await asked.promise;
    const stopping = worker.stop(10_000);
    go.resolve();
    await stopping;
    expect(seats.left.all).toEqual([1]);
    expect(handled).toEqual([]);
    const message = await until('the message', () => bus.take(queue.consumer));
    expect(message.deliveries).toBe(2);
    await message.acknowledge();
  });

  it.concurrent('shows no lifelessness while it waits for a seat, and signs of life while it handles', async () => {
    const queue = taskQueue('g-idle', { ackWaitMs: 1_500 });
    const [begun, go] = [signal(), signal()];
    const { seats, worker, events } = await start(queue, async () => {
      begun.resolve();
      await go.promise;
    });
    expect(worker.idleMs()).toBe(0);
    await publish(bus, queue.contract, { n: 1 });
    seats.offer(1);
    await begun.promise;
    const since = performance.now();
    await until('more than the ack wait', () => performance.now() - since > 2_000);
    // A beat each third of the ack wait.
    expect(worker.idleMs()).toBeLessThan(1_500);
    go.resolve();
    expect(await events.count(1)).toMatchObject([{ outcome: 'done', deliveries: 1 }]);
  });
});
