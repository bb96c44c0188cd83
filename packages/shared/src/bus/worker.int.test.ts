import { expect, it } from 'vitest';
import { describeOnEachNats } from '../../../../test/support/nats.ts';
import { recordedWorkers } from '../../../../test/support/recorded-workers.ts';
import { recorder, signal, until } from '../../../../test/support/wait.ts';
import { Permanent, RetryLater } from './outcome.ts';
import { publish } from './publish.ts';
import { deadLetters, held, taskQueue } from './testing.ts';
import type { WorkerOptions } from './worker.ts';

describeOnEachNats('a worker', (binary) => {
  const at = recordedWorkers(binary);
  const { start } = at;

  it.concurrent('hazard 1: acknowledges after the handler, not before', async () => {
    const queue = taskQueue('ack');
    const [begun, go] = [signal(), signal()];
    const { events, worker } = await start(queue, async () => {
      begun.resolve();
      await go.promise;
    });
    await publish(at.bus, queue.contract, { n: 1 });
    await begun.promise;
    expect(worker.inFlight()).toBe(1);
    expect(await held(at.bus, queue)).toBe(1);
    go.resolve();
    expect(await events.count(1)).toEqual([{ subject: 'test.ack', outcome: 'done', seconds: expect.any(Number), deliveries: 1 }]);
    expect(await held(at.bus, queue)).toBe(0);
    expect(worker.inFlight()).toBe(0);
  });

  it.concurrent('hands data, the number of the delivery and the traceparent to the handler', async () => {
    const queue = taskQueue('data');
    const seen = recorder<unknown>();
    await start(queue, async (data, { deliveries, traceparent }) => seen.add({ data, deliveries, traceparent }));
    await publish(at.bus, queue.contract, { n: 1 }, '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01');
    await publish(at.bus, queue.contract, { n: 2 });
    expect(await seen.count(2)).toEqual([
      { data: { n: 1 }, deliveries: 1, traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' },
      { data: { n: 2 }, deliveries: 1, traceparent: null },
    ]);
  });

  it.concurrent('gets a message again after the delay it asks for', async () => {
    const queue = taskQueue('later');
    const times: number[] = [];
    const { events } = await start(queue, async (_, { deliveries }) => {
      times.push(performance.now());
      if (deliveries === 1) throw new RetryLater('busy', 700);
    });
    await publish(at.bus, queue.contract, { n: 1 });
    const outcomes = await events.count(2);
    expect(outcomes.map(({ outcome, deliveries, reason }) => ({ outcome, deliveries, reason }))).toEqual([
      { outcome: 'later', deliveries: 1, reason: 'busy' },
      { outcome: 'done', deliveries: 2, reason: undefined },
    ]);
    // Not sooner; how much later is the machine's affair.
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(650);
  });

  it.concurrent('gets a message again after a pause when the handler throws anything else', async () => {
    const queue = taskQueue('unknown');
    const times: number[] = [];
    const { events } = await start(queue, async (_, { deliveries }) => {
      times.push(performance.now());
      if (deliveries === 1) throw new TypeError('cannot read properties of undefined');
    });
    await publish(at.bus, queue.contract, { n: 1 });
    const outcomes = await events.count(2);
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['retried', 'done']);
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(950);
    expect(await deadLetters(at.bus, queue)).toEqual([]);
  });

  it.concurrent('hazard 11, 12: puts what can never be handled into the dead letters, with reason and message, and off the work queue', async () => {
    const queue = taskQueue('permanent');
    const buried: unknown[] = [];
    const { events } = await start(
      queue,
      async () => {
        throw new Permanent('no such format');
      },
      { beforeBurial: async (data, reason) => void buried.push([data, reason]) },
    );
    await publish(at.bus, queue.contract, { n: 7 });
    expect(await events.count(1)).toMatchObject([{ outcome: 'dead', deliveries: 1, reason: 'no such format' }]);
    const [letter, ...others] = await deadLetters(at.bus, queue);
    expect(others).toEqual([]);
    expect(letter).toMatchObject({
      stream: 'chimera_work',
      subject: queue.subject,
      durable: 'test_permanent',
      attempts: 1,
      reason: 'no such format',
      messageId: 'permanent:7',
      data: 'eyJuIjo3fQ==', // {"n":7}
    });
    expect(buried).toEqual([[{ n: 7 }, 'no such format']]);
    await until('the empty queue', async () => (await held(at.bus, queue)) === 0);
  });

  it.concurrent('hazard 11, 12: gives a message up at its last delivery', async () => {
    const queue = taskQueue('last', { maxDeliveries: 2 });
    const { events } = await start(queue, async () => {
      throw new RetryLater('no server answers', 1);
    });
    await publish(at.bus, queue.contract, { n: 1 });
    expect(await events.count(2)).toMatchObject([
      { outcome: 'later', deliveries: 1 },
      { outcome: 'dead', deliveries: 2, reason: 'given up after 2 deliveries: no server answers' },
    ]);
    expect(await deadLetters(at.bus, queue)).toMatchObject([{ attempts: 2, reason: 'given up after 2 deliveries: no server answers' }]);
    await until('the empty queue', async () => (await held(at.bus, queue)) === 0);
  });

  it.concurrent.each([
    ['no JSON', 'broken', /Message \d+ on .* is no test\.broken\/v1: .*JSON/],
    ['{"n":0}', 'shape', /Message \d+ on .* is no test\.shape\/v1/],
    ['', 'empty', /Message \d+ on .* is no test\.empty\/v1/],
  ])('hazard 11: never retries a message that does not parse: %j', async (text, name, reason) => {
    const queue = taskQueue(name);
    const handled: unknown[] = [];
    const buried: unknown[] = [];
    const { events } = await start(queue, async (data) => void handled.push(data), {
      beforeBurial: async (data) => void buried.push(data),
    });
    await at.bus.jetstream.publish(queue.subject, text);
    await publish(at.bus, queue.contract, { n: 1 });
    expect(await events.count(2)).toMatchObject([{ outcome: 'dead', deliveries: 1 }, { outcome: 'done' }]);
    const letters = await deadLetters(at.bus, queue);
    expect(letters).toMatchObject([{ messageId: null, data: Buffer.from(text).toString('base64'), attempts: 1 }]);
    expect(letters[0]?.reason).toMatch(reason);
    expect(handled).toEqual([{ n: 1 }]);
    expect(buried).toEqual([]);
  });

  it.concurrent('hazard 12: buries even a message as large as the server takes', async () => {
    const queue = taskQueue('large');
    const { events } = await start(queue, async () => undefined);
    await at.bus.jetstream.publish(queue.subject, 'x'.repeat(1_000_000));
    await events.count(1);
    const [letter] = await deadLetters(at.bus, queue);
    expect(letter?.reason).toMatch(/of the message's 1000000 bytes, the first 524288 are kept\)$/);
    expect(Buffer.from(letter?.data ?? '', 'base64').toString()).toBe('x'.repeat(524_288));
    await until('the empty queue', async () => (await held(at.bus, queue)) === 0);
  });

  it.concurrent('hazard 12: delivers again, and loses nothing, while what must precede a burial fails', async () => {
    const queue = taskQueue('burial', { maxDeliveries: 1 });
    let burials = 0;
    const { events } = await start(
      queue,
      async () => {
        throw new Error('boom');
      },
      {
        async beforeBurial() {
          if (++burials === 1) throw new Error('the store is full');
        },
      },
    );
    await publish(at.bus, queue.contract, { n: 1 });
    const [first, second] = await events.count(2);
    expect(first).toMatchObject({ outcome: 'retried', deliveries: 1, reason: expect.stringMatching(/boom; .*the store is full/) });
    expect(second).toMatchObject({ outcome: 'dead', deliveries: 2 });
    expect(burials).toBe(2);
    expect(await deadLetters(at.bus, queue)).toMatchObject([{ attempts: 2, messageId: 'burial:1' }]);
    await until('the empty queue', async () => (await held(at.bus, queue)) === 0);
  });

  it.concurrent('hazard 9: keeps a message whose handler takes longer than the ack wait', async () => {
    const queue = taskQueue('slow', { ackWaitMs: 2_000 });
    const deliveries: number[] = [];
    const handle: WorkerOptions<{ n: number }>['handle'] = async (_, delivery) => {
      deliveries.push(delivery.deliveries);
      await new Promise((resolve) => setTimeout(resolve, 4_500));
    };
    const one = await start(queue, handle);
    const two = await start(queue, handle);
    await publish(at.bus, queue.contract, { n: 1 });
    await until('the end of the handler', () => one.events.all.length + two.events.all.length > 0);
    expect(deliveries).toEqual([1]);
    expect(await held(at.bus, queue)).toBe(0);
  });

  it.concurrent('shares a durable: two workers get different messages, and none is left out', async () => {
    const queue = taskQueue('shared');
    const got: [string, number][] = [];
    const both = recorder<void>();
    const met = signal();
    const handler =
      (name: string) =>
      async ({ n }: { n: number }) => {
        got.push([name, n]);
        // The first message of each is held until both have one: so each is seen to work.
        if (new Set(got.map(([who]) => who)).size === 2) met.resolve();
        await met.promise;
        both.add();
      };
    await start(queue, handler('one'));
    await start(queue, handler('two'));
    for (let n = 1; n <= 10; n++) await publish(at.bus, queue.contract, { n });
    await both.count(10);
    expect(got.map(([, n]) => n).sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(new Set(got.map(([name]) => name))).toEqual(new Set(['one', 'two']));
  });

  it.concurrent('hazard 15: handles as many at once as it may, and not one more', async () => {
    const queue = taskQueue('concurrent');
    const go = signal();
    let [now, most] = [0, 0];
    const { events } = await start(
      queue,
      async () => {
        most = Math.max(most, ++now);
        if (now === 3) go.resolve();
        await go.promise;
        now--;
      },
      { concurrency: 3 },
    );
    for (let n = 1; n <= 9; n++) await publish(at.bus, queue.contract, { n });
    await events.count(9);
    expect(most).toBe(3);
  });

  it.concurrent('reads events for several durables, each with a redelivery of its own', async () => {
    const [one, two] = [taskQueue('fan', { stream: 'chimera_events' }), taskQueue('fan', { stream: 'chimera_events' })];
    two.consumer.durable = 'test_fan_two';
    await publish(at.bus, one.contract, { n: 1 });
    const first = await start(one, async (_, { deliveries }) => {
      if (deliveries === 1) throw new RetryLater('once more', 1);
    });
    const second = await start(two, async () => undefined);
    expect((await first.events.count(2)).map((e) => e.outcome)).toEqual(['later', 'done']);
    expect((await second.events.count(1)).map((e) => [e.outcome, e.deliveries])).toEqual([['done', 1]]);
  });
});
