import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectBus, type NatsBus, publish, type ReportNotice, ReportPublished, startWorker } from '@chimera/shared/bus';
import type { StartedTestContainer } from 'testcontainers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chimera } from '../support/chimera.ts';
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
      .withCommand(['--jetstream', '--store_dir', '/data'])
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

  it('reads the configuration that "chimera nats init" makes, and lets in whoever has credentials of it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'chimera-nats-users-'));
    // As compose has it: the file is where the command of its service says.
    const command = composeServices().nats?.command ?? [];
    const outcome = await chimera(['nats', 'init', folder, '--host', '0.0.0.0', '--store-dir', '/data', '--monitor', '127.0.0.1:8222']);
    expect(outcome).toMatchObject({ code: 0 });
    const { GenericContainer, Wait } = await import('testcontainers');
    const locked = await new GenericContainer(image)
      .withCommand(command)
      .withCopyFilesToContainer([{ source: join(folder, 'nats.conf'), target: command.at(-1) ?? '' }])
      .withExposedPorts(NATS_PORT)
      .withWaitStrategy(Wait.forLogMessage(/Server is ready/))
      .start();
    try {
      const url = `nats://${locked.getHost()}:${locked.getMappedPort(NATS_PORT)}`;
      const credsFile = join(folder, 'creds/ingest.creds');
      const ingest = await connectBus({ url, credsFile, name: 'ingest', connectTimeoutMs: 20_000 });
      expect(ingest.ready()).toBe(true);
      await ingest.close();
      await expect(connectBus({ url, name: 'nobody', connectTimeoutMs: 0 })).rejects.toThrow(/CHIMERA_NATS_CREDS/);
    } finally {
      await locked.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  }, 60_000);
});
