import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { RetentionPolicy, StorageType } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { describeOnEachNats, type Nats, PATIENT_MS, startNats } from '../../../../test/support/nats.ts';
import { recorder, until } from '../../../../test/support/wait.ts';
import { connectBus, type NatsBus, olderThan } from './connection.ts';
import { withoutPassword } from './dial.ts';
import { hearProgress, type Progress, tellProgress } from './progress.ts';
import { taskQueue } from './testing.ts';

const NANOS = 1_000_000_000;
const DAY = 86_400;

describeOnEachNats('connectBus', (binary) => {
  let nats: Nats;
  const buses: NatsBus[] = [];
  const open = async (options: { onEvent?: (event: string) => void; onLink?: (state: 'lost' | 'back') => void } = {}) => {
    const bus = await connectBus({ url: nats.url, name: 'test', connectTimeoutMs: PATIENT_MS, ...options });
    buses.push(bus);
    return bus;
  };
  beforeAll(async () => {
    nats = await startNats(binary);
  });
  afterEach(async () => {
    for (const bus of buses.splice(0)) await bus.close();
  });
  afterAll(() => nats.close());

  it('asserts the streams with their settings', async () => {
    const { manager } = await open();
    const config = async (name: string) => (await manager.streams.info(name)).config;
    expect(await config('chimera_events')).toMatchObject({
      subjects: ['chimera.inventory.v1.published.*', 'chimera.analysis.v1.completed.*', 'chimera.report.v1.published.*'],
      retention: RetentionPolicy.Limits,
      storage: StorageType.File,
      max_age: 7 * DAY * NANOS,
      duplicate_window: 600 * NANOS,
    });
    expect(await config('chimera_work')).toMatchObject({
      subjects: ['chimera.analysis.v1.requested.*.*', 'chimera.reading.v1.requested.*'],
      retention: RetentionPolicy.Workqueue,
      storage: StorageType.File,
      max_age: 0,
      duplicate_window: 600 * NANOS,
    });
    expect(await config('chimera_dead')).toMatchObject({
      subjects: ['chimera.dead.v1.*'],
      retention: RetentionPolicy.Limits,
      max_age: 90 * DAY * NANOS,
    });
  });

  it('can be opened by many at once, and asserted again and again', async () => {
    const all = await Promise.all([open(), open(), open()]);
    await Promise.all(all.flatMap((bus) => [bus.assert(), bus.assert()]));
    expect(all.every((bus) => bus.ready())).toBe(true);
  });

  it('hazard 12, 18: makes a consumer, and gives one that is there the settings of now', async () => {
    const bus = await open();
    const { consumer } = taskQueue('updated', { ackWaitMs: 2_000 });
    await bus.consumer(consumer);
    await bus.consumer({ ...consumer, ackWaitMs: 3_000 });
    const { config } = await bus.manager.consumers.info(consumer.stream, consumer.durable);
    // Deliveries are counted by the worker, not by the server, which would leave the message behind unseen.
    expect(config).toMatchObject({ filter_subject: consumer.filter, ack_wait: 3 * NANOS, max_deliver: -1, ack_policy: 'explicit' });
  });

  it('hazard 18: refuses a stream that another program made', async () => {
    const bus = await open();
    await bus.manager.streams.delete('chimera_dead');
    await bus.manager.streams.add({ name: 'chimera_dead', subjects: ['chimera.dead.v1.*'], retention: RetentionPolicy.Workqueue });
    await expect(open()).rejects.toThrow(/Stream chimera_dead has retention workqueue where limits was asked for/);
    await bus.manager.streams.delete('chimera_dead');
    await bus.assert();
    expect(bus.ready()).toBe(true);
  });

  it('hazard 3: asserts streams, consumers and buckets again on a server that came back empty', async () => {
    const events = recorder<string>();
    const bus = await open({ onEvent: events.add });
    const { consumer } = taskQueue('wiped');
    await bus.consumer(consumer);
    const one = await bus.documents('test_wiped', z.number());
    const two = await bus.documents('test_wiped', z.number());
    await one.change('key', () => 1);
    await nats.stop();
    await nats.wipe();
    await nats.restart();
    const other = await until('the other connection', () => connect({ servers: nats.url }).catch(() => null));
    await until('readiness', () => !bus.connection.isClosed() && events.all.some((e) => e.includes('again')) && bus.ready());
    await other.close();
    expect((await bus.manager.streams.info('chimera_work')).config.retention).toBe('workqueue');
    expect((await bus.manager.consumers.info(consumer.stream, consumer.durable)).config.filter_subject).toBe(consumer.filter);
    expect(await one.get('key')).toBeNull();
    expect(await two.change('key', () => 2)).toBe(2);
    expect(await one.get('key')).toBe(2);
  });

  it('hazard 2: is not ready while the server is away, and ready again once all is asserted', async () => {
    const events = recorder<string>();
    const links = recorder<string>();
    const bus = await open({ onEvent: events.add, onLink: links.add });
    expect(bus.ready()).toBe(true);
    const renewed = recorder<void>();
    const off = bus.onRenewed(renewed.add);
    await nats.kill();
    await events.count(1);
    expect(bus.ready()).toBe(false);
    await expect(bus.assert()).rejects.toThrow('The connection to NATS is lost');
    await nats.restart();
    await renewed.count(1);
    expect(bus.ready()).toBe(true);
    expect(links.all).toEqual(['lost', 'back']);
    off();
  });

  it('hazard 20: closes within seconds while the server is away', async () => {
    const bus = await open();
    await nats.kill();
    await bus.close();
    expect(bus.connection.isClosed()).toBe(true);
    expect(bus.ready()).toBe(false);
    await nats.restart();
  });

  it('carries progress, and lets what does not parse pass by', async () => {
    const bus = await open();
    const heard = recorder<[string | null, Progress]>();
    const hearing = hearProgress(bus, (run, progress) => heard.add([run, progress]));
    await bus.connection.flush();
    bus.connection.publish('chimera.progress.v1.-.found', 'no JSON');
    bus.connection.publish('chimera.progress.v1.-.found', '{"dataset":1}');
    tellProgress(bus, null, { dataset: 'd', stage: 'found' });
    tellProgress(bus, 'r1', { dataset: 'd', stage: 'reading', done: 1, total: 3 });
    expect(await heard.count(2)).toEqual([
      [null, { dataset: 'd', stage: 'found' }],
      ['r1', { dataset: 'd', stage: 'reading', done: 1, total: 3 }],
    ]);
    await bus.close();
    await hearing;
    expect(() => tellProgress(bus, null, { dataset: 'd', stage: 'found' })).not.toThrow();
  });

  it('says what to do when the server offers no JetStream', async () => {
    const config = join(nats.folder, 'plain.conf');
    await writeFile(config, 'host: "127.0.0.1"\nport: -1\n');
    const { spawn } = await import('node:child_process');
    const plain = spawn(binary.path, ['-c', config], { stdio: ['ignore', 'ignore', 'pipe'] });
    try {
      const port = await new Promise<string>((resolve) => {
        plain.stderr.on('data', (data: Buffer) => {
          const found = /client connections on .*:(\d+)/.exec(String(data))?.[1];
          if (found) resolve(found);
        });
      });
      await expect(connectBus({ url: `nats://127.0.0.1:${port}`, name: 'test', connectTimeoutMs: PATIENT_MS })).rejects.toThrow(
        /offers no JetStream .*Start it with "nats-server -js"/,
      );
    } finally {
      const ended = new Promise((resolve) => plain.once('exit', resolve));
      plain.kill('SIGKILL');
      await ended;
    }
  });
});

describe('connectBus without a server', () => {
  it('hazard 42: says which address did not answer and what to do, and shows no password', async () => {
    const probe = createServer();
    await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
    const address = probe.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    await new Promise((resolve) => probe.close(resolve));
    const events: string[] = [];
    const opening = connectBus({
      url: `nats://me:secret@127.0.0.1:${port}`,
      name: 'test',
      connectTimeoutMs: 600,
      onEvent: (event) => events.push(event),
    });
    await expect(opening).rejects.toThrow(new RegExp(`No nats-server answers at nats://…@127\\.0\\.0\\.1:${port} .*CHIMERA_NATS_URL`));
    expect(events.length).toBeGreaterThan(0);
    expect(events.join()).not.toContain('secret');
  });
});

describe('olderThan', () => {
  it.each([
    ['2.9.3', '2.9.4', true],
    ['2.9.4', '2.9.4', false],
    ['2.10.0', '2.9.4', false],
    ['2.9.10', '2.9.4', false],
    ['1.99.99', '2.0.0', true],
    ['2.11.0-RC.1', '2.9.4', false],
    ['0', '2.9.4', true],
  ])('%s before %s: %s', (a, b, older) => expect(olderThan(a, b)).toBe(older));
});

describe('withoutPassword', () => {
  it.each([
    ['nats://127.0.0.1:4222', 'nats://127.0.0.1:4222'],
    ['nats://me:p@ss@h:1,nats://token@i:2', 'nats://…@h:1,nats://…@i:2'],
    ['me:hush@gpu:1, you:hush@[::1]:2#slots=2', '…@gpu:1, …@[::1]:2#slots=2'],
    ['/home/me@work/bucket', '/home/me@work/bucket'],
  ])('%s is shown as %s', (url, shown) => expect(withoutPassword(url)).toBe(shown));
});
