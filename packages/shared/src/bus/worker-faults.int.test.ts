import { afterEach, beforeEach, expect, it } from 'vitest';
import { describeOnEachNats, type Nats, PATIENT_MS, startNats } from '../../../../test/support/nats.ts';
import { recorder, signal, until } from '../../../../test/support/wait.ts';
import { connectBus, type NatsBus } from './connection.ts';
import { publish } from './publish.ts';
import { held, type TaskQueue, taskQueue } from './testing.ts';
import { startWorker, type Worker, type WorkerOptions } from './worker.ts';

describeOnEachNats('a worker whose server fails', (binary) => {
  let nats: Nats;
  let bus: NatsBus;
  let worker: Worker | undefined;
  const rejections: unknown[] = [];
  const onRejection = (reason: unknown) => rejections.push(reason);
  beforeEach(async () => {
    process.on('unhandledRejection', onRejection);
    nats = await startNats(binary);
    bus = await connectBus({ url: nats.url, name: 'test', connectTimeoutMs: PATIENT_MS });
  });
  afterEach(async () => {
    await worker?.stop(0);
    await bus.close();
    await nats.close();
    await new Promise(setImmediate);
    process.off('unhandledRejection', onRejection);
    expect(rejections.splice(0)).toEqual([]);
  });

  async function start(queue: TaskQueue, handle: WorkerOptions<{ n: number }>['handle'], more: Partial<WorkerOptions<{ n: number }>> = {}) {
    worker = await startWorker({ bus, contract: queue.contract, consumer: queue.consumer, concurrency: 2, handle, ...more });
    return worker;
  }

  it('hazard 2: goes on after a SIGKILL of the server between two messages', async () => {
    const queue = taskQueue('between');
    const got = recorder<number>();
    await start(queue, async ({ n }) => got.add(n));
    await publish(bus, queue.contract, { n: 1 });
    await got.count(1);
    await nats.kill();
    await nats.restart();
    await publish(bus, queue.contract, { n: 2 });
    // The first perhaps again: its acknowledgement may have died with the server.
    await until('the second message', () => got.all.includes(2));
  });

  it('hazard 2: does not lose the message that it handles while the server is killed', async () => {
    const queue = taskQueue('middle', { ackWaitMs: 1_000 });
    const [begun, go] = [signal(), signal()];
    const done = recorder<number>();
    await start(queue, async ({ n }) => {
      begun.resolve();
      await go.promise;
      done.add(n);
    });
    for (const n of [1, 2, 3]) await publish(bus, queue.contract, { n });
    await begun.promise;
    await nats.kill();
    go.resolve();
    await nats.restart();
    await done.count(3);
    await until('the empty queue', async () => bus.ready() && (await held(bus, queue)) === 0);
    // Handled at least once each; a second time where the acknowledgement was lost.
    expect(new Set(done.all)).toEqual(new Set([1, 2, 3]));
  });

  it('hazard 2: acknowledges over an outage, so that dear work is not done twice', async () => {
    const queue = taskQueue('acknowledged');
    const [begun, go] = [signal(), signal()];
    const deliveries: number[] = [];
    await start(queue, async (_, delivery) => {
      deliveries.push(delivery.deliveries);
      begun.resolve();
      await go.promise;
    });
    await publish(bus, queue.contract, { n: 1 });
    await begun.promise;
    await nats.stop();
    go.resolve();
    await nats.restart();
    await until('the empty queue', async () => bus.ready() && (await held(bus, queue)) === 0);
    expect(deliveries).toEqual([1]);
  });

  it('hazard 3: handles a new message after the state of the server was wiped', async () => {
    const queue = taskQueue('wiped');
    const got = recorder<number>();
    await start(queue, async ({ n }) => got.add(n));
    await publish(bus, queue.contract, { n: 1 });
    await got.count(1);
    await nats.stop();
    await nats.wipe();
    await nats.restart();
    await publish(bus, queue.contract, { n: 2 });
    expect(await got.count(2)).toEqual([1, 2]);
  });

  it('hazard 3: goes on when its consumer and its stream were removed under it', async () => {
    const queue = taskQueue('removed');
    const got = recorder<number>();
    const errors = recorder<Error>();
    await start(queue, async ({ n }) => got.add(n), { onError: errors.add });
    await bus.manager.streams.delete('chimera_work');
    await errors.count(1);
    await publish(bus, queue.contract, { n: 1 });
    expect(await got.count(1)).toEqual([1]);
  });

  it('hazard 20: stops within its deadline while the server is away, with a message in flight', async () => {
    const queue = taskQueue('away');
    const begun = signal();
    const stopped = await start(queue, (_, { signal: aborted }) => {
      begun.resolve();
      return new Promise((_, reject) => aborted.addEventListener('abort', () => reject(new Error('aborted'))));
    });
    await publish(bus, queue.contract, { n: 1 });
    await begun.promise;
    await nats.kill();
    await stopped.stop(200);
    await bus.close();
    expect(bus.connection.isClosed()).toBe(true);
  });
});
