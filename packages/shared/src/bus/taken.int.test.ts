import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeOnEachNats, type Nats, PATIENT_MS, startNats } from '../../../../test/support/nats.ts';
import { until } from '../../../../test/support/wait.ts';
import { connectBus, type NatsBus } from './connection.ts';
import { publish } from './publish.ts';
import { held, type TaskQueue, taskQueue } from './testing.ts';

describeOnEachNats('what is taken from a durable', (binary) => {
  let nats: Nats;
  let bus: NatsBus;
  beforeAll(async () => {
    nats = await startNats(binary);
    bus = await connectBus({ url: nats.url, name: 'test', connectTimeoutMs: PATIENT_MS });
  });
  afterAll(async () => {
    await bus.close();
    await nats.close();
  });

  async function queueOf(name: string, settings: Parameters<typeof taskQueue>[1] = {}): Promise<TaskQueue> {
    const queue = taskQueue(name, settings);
    await bus.consumer(queue.consumer);
    return queue;
  }

  /** The next message, as soon as there is one. A server of the 2.9 line lets a pull run out without a word now and then: it is asked again. */
  const next = (queue: TaskQueue) =>
    until('a message', () =>
      bus.take(queue.consumer).catch((error: unknown) => {
        if (error instanceof Error && error.name === 'TimeoutError') return null;
        throw error;
      }),
    );

  it('is the message that is there, with all that a handler needs of it', async () => {
    const queue = await queueOf('there');
    await publish(bus, queue.contract, { n: 1 }, '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01');
    const message = await bus.take(queue.consumer);
    expect(message).toMatchObject({
      stream: 'chimera_work',
      subject: queue.subject,
      deliveries: 1,
      messageId: 'there:1',
      traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    });
    expect(message?.sequence).toBe((await bus.manager.streams.info('chimera_work')).state.last_seq);
    expect(Buffer.from(message?.data ?? []).toString()).toBe('{"n":1}');
    await message?.acknowledge();
  });

  it('is nothing where nothing is there, and nothing stays behind that would take what comes later', async () => {
    const queue = await queueOf('none');
    expect(await bus.take(queue.consumer)).toBeNull();
    expect(await bus.take(queue.consumer)).toBeNull();
    expect((await bus.manager.consumers.info('chimera_work', queue.consumer.durable)).num_waiting).toBe(0);
    await publish(bus, queue.contract, { n: 1 });
    const message = await bus.take(queue.consumer);
    expect(message?.deliveries).toBe(1);
    await message?.acknowledge();
  });

  it('is nobody else’s meanwhile, and each message goes to one of those who ask at once', async () => {
    const queue = await queueOf('each');
    for (const n of [1, 2, 3]) await publish(bus, queue.contract, { n });
    const taken = await Promise.all(Array.from({ length: 5 }, () => bus.take(queue.consumer)));
    const texts = taken.map((one) => (one === null ? null : Buffer.from(one.data).toString()));
    expect(texts.filter((text) => text !== null).sort()).toEqual(['{"n":1}', '{"n":2}', '{"n":3}']);
    await Promise.all(taken.map((one) => one?.acknowledge()));
    expect(await held(bus, queue)).toBe(0);
  });

  it('is gone from the work queue once its acknowledgement is confirmed', async () => {
    const queue = await queueOf('done');
    await publish(bus, queue.contract, { n: 1 });
    const message = await next(queue);
    expect(await held(bus, queue)).toBe(1);
    await message.acknowledge();
    expect(await held(bus, queue)).toBe(0);
    expect(await bus.queue(queue.consumer)).toEqual({ pending: 0, unacknowledged: 0 });
  });

  it('comes again at once where it is given back, and its deliveries are counted', async () => {
    const queue = await queueOf('back');
    await publish(bus, queue.contract, { n: 1 });
    const counts: number[] = [];
    for (let n = 0; n < 3; n++) {
      const message = await next(queue);
      counts.push(message.deliveries);
      message.giveBack();
    }
    expect(counts).toEqual([1, 2, 3]);
  });

  it('comes again no sooner than it was asked to', async () => {
    const queue = await queueOf('delay');
    await publish(bus, queue.contract, { n: 1 });
    const message = await next(queue);
    const before = performance.now();
    message.giveBack(600);
    await bus.connection.flush();
    expect(await bus.take(queue.consumer)).toBeNull();
    const again = await next(queue);
    expect(performance.now() - before).toBeGreaterThanOrEqual(550);
    expect(again.deliveries).toBe(2);
    await again.acknowledge();
  });

  it('comes again when its wait is over without a sign of life, and not while there are some', async () => {
    const queue = await queueOf('silent', { ackWaitMs: 1_000 });
    await publish(bus, queue.contract, { n: 1 });
    const message = await next(queue);
    const begun = performance.now();
    const end = bus.clock.every(300, () => message.working());
    await until('twice the wait', async () => {
      expect(await bus.take(queue.consumer)).toBeNull();
      return performance.now() - begun > 2_000;
    });
    end();
    expect((await next(queue)).deliveries).toBe(2);
  });

  it('is dropped for good where it can never be handled', async () => {
    const queue = await queueOf('dropped');
    await publish(bus, queue.contract, { n: 1 });
    const message = await next(queue);
    message.drop();
    await until('the empty queue', async () => (await held(bus, queue)) === 0);
    expect(await bus.take(queue.consumer)).toBeNull();
  });

  it('is a fault where the durable is gone, until it is asserted again', async () => {
    const queue = await queueOf('gone');
    await bus.manager.consumers.delete('chimera_work', queue.consumer.durable);
    await expect(bus.take(queue.consumer)).rejects.toThrow();
    await publish(bus, queue.contract, { n: 1 });
    await bus.assert();
    const message = await next(queue);
    expect(message.deliveries).toBe(1);
    await message.acknowledge();
  });
});
