import { expect, it } from 'vitest';
import { describeOnEachNats } from '../../../../test/support/nats.ts';
import { recordedWorkers } from '../../../../test/support/recorded-workers.ts';
import { recorder, signal, until } from '../../../../test/support/wait.ts';
import { publish } from './publish.ts';
import { taskQueue } from './testing.ts';

describeOnEachNats('a worker that stops', (binary) => {
  const at = recordedWorkers(binary);
  const { start } = at;

  it.concurrent('hazard 20: stop() waits for the handler in flight, then takes no more; another worker gets the rest', async () => {
    const queue = taskQueue('stop');
    const [begun, go] = [signal(), signal()];
    const first: number[] = [];
    const one = await start(queue, async ({ n }) => {
      first.push(n);
      begun.resolve();
      await go.promise;
    });
    for (const n of [1, 2, 3]) await publish(at.bus, queue.contract, { n });
    await begun.promise;
    let stopped = false;
    const stopping = one.worker.stop(10_000).then(() => {
      stopped = true;
    });
    await at.bus.connection.flush();
    expect(stopped).toBe(false);
    go.resolve();
    await stopping;
    expect(first).toEqual([1]);
    expect(one.events.all.map((e) => e.outcome)).toEqual(['done']);
    const second = recorder<number>();
    await start(queue, async ({ n }) => second.add(n));
    expect(await second.count(2)).toEqual([2, 3]);
    expect(first).toEqual([1]);
  });

  it.concurrent('hazard 20: hands a message back that arrives for a pull of a worker that has stopped', async () => {
    const queue = taskQueue('late');
    const first: number[] = [];
    const one = await start(queue, async ({ n }) => void first.push(n));
    await until('the pull', async () => (await at.bus.manager.consumers.info('chimera_work', 'test_late')).num_waiting === 1);
    await one.worker.stop(1_000);
    await publish(at.bus, queue.contract, { n: 1 });
    const second = recorder<number>();
    await start(queue, async ({ n }) => second.add(n));
    expect(await second.count(1)).toEqual([1]);
    expect(first).toEqual([]);
  });

  it.concurrent('hazard 20: aborts a handler that is not done by the deadline, and hands its message back', async () => {
    const queue = taskQueue('abort');
    const begun = signal();
    const one = await start(queue, async (_, { signal: aborted }) => {
      begun.resolve();
      await new Promise((_, reject) => aborted.addEventListener('abort', () => reject(aborted.reason)));
    });
    await publish(at.bus, queue.contract, { n: 1 });
    await begun.promise;
    await one.worker.stop(10);
    expect(one.events.all.map((e) => e.outcome)).toEqual(['handed_back']);
    const two = await start(queue, async () => undefined);
    expect(await two.events.count(1)).toMatchObject([{ outcome: 'done', deliveries: 2 }]);
  });

  it.concurrent('hazard 20: leaves a handler behind that does not listen when it is aborted', async () => {
    const queue = taskQueue('deaf');
    const [begun, go] = [signal(), signal()];
    const one = await start(queue, async () => {
      begun.resolve();
      await go.promise;
      throw new Error('too late for anyone');
    });
    await publish(at.bus, queue.contract, { n: 1 });
    await begun.promise;
    await one.worker.stop(0);
    expect(one.events.all.map((e) => e.outcome)).toEqual(['handed_back']);
    const two = await start(queue, async () => undefined);
    expect(await two.events.count(1)).toMatchObject([{ outcome: 'done', deliveries: 2 }]);
    go.resolve();
  });
});
