import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { describeOnEachNats, type Nats, PATIENT_MS, startNats } from '../../../../test/support/nats.ts';
import { recorder, until } from '../../../../test/support/wait.ts';
import { connectBus, type NatsBus } from './connection.ts';
import { publish } from './publish.ts';
import { type TaskQueue, taskQueue } from './testing.ts';
import { startWorker, type Worker } from './worker.ts';

const COUNT = 10;
const Doc = z.strictObject({ n: z.int(), filling: z.string() });

describeOnEachNats('a bus whose server has damaged files', (binary) => {
  let nats: Nats;
  let bus: NatsBus;
  let worker: Worker | undefined;
  let got = recorder<number>();
  let told = recorder<string>();
  beforeEach(async () => {
    got = recorder<number>();
    told = recorder<string>();
    nats = await startNats(binary);
    bus = await connectBus({ url: nats.url, name: 'test', connectTimeoutMs: PATIENT_MS, onEvent: told.add });
  });
  afterEach(async () => {
    await worker?.stop(0);
    worker = undefined;
    await bus.close();
    await nats.close();
  });

  const streamFolder = (stream: string) => join(nats.folder, 'jetstream', '$G', 'streams', stream);
  const blocksOf = (stream: string) => {
    const folder = join(streamFolder(stream), 'msgs');
    return readdirSync(folder)
      .filter((name) => name.endsWith('.blk'))
      .map((name) => join(folder, name));
  };

  /** Starts the server again; resolves once the bus is connected to it and has asserted all. */
  async function restart(): Promise<void> {
    const renewals = () => told.all.filter((sentence) => sentence.startsWith('connected to NATS again')).length;
    const before = renewals();
    await nats.restart();
    await until('the connection', () => renewals() > before && bus.ready());
  }

  async function start(queue: TaskQueue): Promise<void> {
    worker = await startWorker({
      bus,
      contract: queue.contract,
      consumer: queue.consumer,
      concurrency: 1,
      handle: async ({ n }) => got.add(n),
    });
  }

  /** Publishes and asserts, as services that miss something do again and again, until one of the new messages was handled. */
  async function goesOn(queue: TaskQueue): Promise<void> {
    let n = 100;
    await until('a message that was published after the damage', async () => {
      await bus.assert();
      await publish(bus, queue.contract, { n: ++n });
      return got.all.some((one) => one > 100);
    });
  }

  describe.each(['chimera_events', 'chimera_work'] as const)('in %s', (stream) => {
    it('hazard 3: delivers what comes after a block of messages was damaged in its middle', async () => {
      const queue = taskQueue('middle', { stream });
      const rest = taskQueue('rest', { stream });
      await start(queue);
      await publish(bus, rest.contract, { n: 1 });
      for (let n = 1; n <= COUNT; n++) await publish(bus, queue.contract, { n });
      await got.count(COUNT);
      for (let n = 2; n <= 3; n++) await publish(bus, rest.contract, { n });
      await nats.kill();
      const [block] = blocksOf(stream);
      if (block === undefined) throw new Error(`The server keeps no block of ${stream}.`);
      const bytes = readFileSync(block);
      const middle = Math.floor(bytes.length / 2);
      bytes[middle] = (bytes[middle] ?? 0) ^ 0x10;
      writeFileSync(block, bytes);
      await restart();
      await goesOn(queue);
    });

    it('hazard 3: delivers what comes after the stream lost what its consumer had been given', async () => {
      const queue = taskQueue('ahead', { stream });
      const [messages, copy] = [join(streamFolder(stream), 'msgs'), join(nats.folder, 'copy')];
      await bus.consumer(queue.consumer);
      await nats.stop();
      cpSync(messages, copy, { recursive: true });
      await restart();
      await start(queue);
      for (let n = 1; n <= COUNT; n++) await publish(bus, queue.contract, { n });
      await got.count(COUNT);
      await nats.stop();
      rmSync(messages, { recursive: true });
      cpSync(copy, messages, { recursive: true });
      await restart();
      await publish(bus, queue.contract, { n: 101 });
      await until('the first message after that', () => got.all.includes(101));
    });

    it('hazard 3: delivers what comes after the state of a consumer became unreadable', async () => {
      const queue = taskQueue('unreadable', { stream });
      await start(queue);
      await publish(bus, queue.contract, { n: 1 });
      await got.count(1);
      await nats.stop();
      const state = join(streamFolder(stream), 'obs', queue.consumer.durable, 'o.dat');
      expect(existsSync(state)).toBe(true);
      writeFileSync(state, Buffer.alloc(16, 0xff));
      await restart();
      await goesOn(queue);
    });
  });

  it('hazard 3: counts no message of a queue as being worked at that is gone', async () => {
    const { contract, consumer } = taskQueue('gone', { ackWaitMs: 500 });
    const state = join(streamFolder(consumer.stream), 'obs', consumer.durable, 'o.dat');
    await bus.consumer(consumer);
    // Keeps the stream from forgetting all that was before.
    await publish(bus, taskQueue('other').contract, { n: 1 });
    await publish(bus, contract, { n: 1 });
    expect(await bus.pull(consumer, 5_000)).not.toBeNull();
    await nats.stop();
    const before = readFileSync(state);
    await restart();
    const again = await until('the message once more', () => bus.pull(consumer, 5_000));
    await again.acknowledge();
    await nats.stop();
    writeFileSync(state, before);
    await restart();
    expect(await bus.queue(consumer)).toEqual({ pending: 0, unacknowledged: 0 });
  });

  it.each([0.25, 0.5, 0.75])('hazard 3: keeps documents again after their bucket was damaged at %f of its block', async (at) => {
    const documents = await bus.documents('test_damaged', Doc);
    for (let n = 1; n <= COUNT; n++) await documents.change(`key${n % 3}`, () => ({ n, filling: 'x'.repeat(500) }));
    await nats.kill();
    for (const block of blocksOf('KV_test_damaged')) {
      const bytes = readFileSync(block);
      for (const place of [at, at / 3]) {
        const index = Math.floor(bytes.length * place);
        bytes[index] = (bytes[index] ?? 0) ^ 0x08;
      }
      writeFileSync(block, bytes);
    }
    await restart();
    await documents.change('key1', () => ({ n: 100, filling: '' }));
    expect((await documents.get('key1'))?.n).toBe(100);
  });
});
