import { connectBus, type NatsBus, publish, type ReportNotice, ReportPublished, startWorker } from '@chimera/shared/bus';
import type { StartedTestContainer } from 'testcontainers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signal } from '../support/wait.ts';
import { composeServices, pinnedImage } from './deployed.ts';
import { engineAbsent, imagesAbsent } from './engine.ts';

const image = pinnedImage('nats');
const absent = engineAbsent() ?? (await imagesAbsent([image]));
const NATS_PORT = 4222;

describe.skipIf(absent)(`the bus on the container ${image}${absent ? ` (left out: ${absent})` : ''}`, () => {
  let container: StartedTestContainer;
  let bus: NatsBus;

  beforeAll(async () => {
    // This file stops what it starts: the reaper would be one more image to fetch.
    process.env.TESTCONTAINERS_RYUK_DISABLED ??= 'true';
    const { GenericContainer, Wait } = await import('testcontainers');
    container = await new GenericContainer(image)
      .withCommand(composeServices().nats?.command ?? [])
      .withExposedPorts(NATS_PORT)
      .withWaitStrategy(Wait.forLogMessage(/Server is ready/))
      .start();
    bus = await connectBus({
      url: `nats://${container.getHost()}:${container.getMappedPort(NATS_PORT)}`,
      name: 'container test',
      connectTimeoutMs: 20_000,
    });
  }, 60_000);

  afterAll(async () => {
    await bus?.close();
    await container?.stop();
  });

  it('hazard 5: delivers a message that was published before its consumer came, once', async () => {
    const hash = 'a'.repeat(64);
    const notice: ReportNotice = {
      dataset: 'bucket',
      inventory: hash,
      run: hash,
      revision: 1,
      status: 'current',
      report: hash,
      folder: '/reports/bucket',
    };
    await publish(bus, ReportPublished, notice);
    await publish(bus, ReportPublished, notice); // the stream knows its id
    const received: ReportNotice[] = [];
    const handled = signal();
    const consumer = { stream: ReportPublished.stream, durable: 'container_test', filter: ReportPublished.subjects };
    const worker = await startWorker({
      bus,
      contract: ReportPublished,
      consumer: { ...consumer, ackWaitMs: 5_000, maxDeliveries: 2 },
      concurrency: 1,
      handle: async (data) => {
        received.push(data);
      },
      observe: ({ outcome }) => {
        if (outcome === 'done') handled.resolve();
      },
    });
    await handled.promise;
    await worker.stop(2_000);
    expect(received).toEqual([notice]);
    const info = await bus.manager.consumers.info(consumer.stream, consumer.durable);
    expect({ pending: info.num_pending, unacknowledged: info.num_ack_pending }).toEqual({ pending: 0, unacknowledged: 0 });
  }, 30_000);
});
