import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { describeOnEachNats, type Nats, PATIENT_MS, startNats } from '../../../../test/support/nats.ts';
import { until } from '../../../../test/support/wait.ts';
import { systemClock } from '../bus/clock.ts';
import { connectBus, type NatsBus } from '../bus/connection.ts';
import { DeadLettered } from '../bus/contracts.ts';
import { serveHttp } from './http.ts';
import { createLogger } from './log.ts';
import { createMetrics } from './metrics.ts';
import { natsSample } from './nats-samples.ts';
import { createSampling } from './sampling.ts';

const LETTER = {
  ...{ stream: 'chimera_events', subject: 'chimera.inventory.v1.published.x', sequence: 1, durable: 'test', attempts: 1 },
  ...{ reason: 'it is no inventory', messageId: null, data: 'e30=', at: '2025-01-01T00:00:00.000Z' },
};

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

describeOnEachNats('what NATS holds', (binary) => {
  const ends: (() => Promise<unknown> | unknown)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  async function connected(url: string): Promise<NatsBus> {
    const bus = await connectBus({ url, name: 'test', connectTimeoutMs: PATIENT_MS });
    ends.push(() => bus.close());
    return bus;
  }

  /** The samples as a service exposes them. */
  async function scraped(bus: NatsBus): Promise<() => Promise<Map<string, number>>> {
    const metrics = await createMetrics('reporter');
    const sample = createSampling(systemClock, metrics, [natsSample(bus.manager, metrics)], () => {});
    const common = { logger: createLogger('test', 'silent'), metrics, alive: () => [], ready: () => [] };
    const http = await serveHttp({ host: '127.0.0.1', port: 0, ...common, sample });
    ends.push(() => http.close());
    return async () => {
      const response = await fetch(`${http.url}/metrics`);
      expect(response.status).toBe(200);
      const lines = (await response.text()).split('\n').filter((line) => /^chimera_(nats_storage|stream)/.test(line));
      return new Map(lines.map((line) => [line.replace(/,?service="reporter"/, '').split(' ')[0] ?? '', Number(line.split(' ')[1])]));
    };
  }

  it('is told by stream, and with no limit where the account has none', async () => {
    const nats: Nats = await startNats(binary);
    ends.push(() => nats.close());
    const bus = await connected(nats.url);
    const scrape = await scraped(bus);
    const before = await scrape();
    expect([...before.keys()].sort()).toEqual([
      'chimera_nats_storage_bytes{}',
      ...['chimera_dead', 'chimera_events', 'chimera_work', 'other'].map((stream) => `chimera_stream_bytes{stream="${stream}"}`),
      ...['chimera_dead', 'chimera_events', 'chimera_work'].map((stream) => `chimera_stream_messages{stream="${stream}"}`),
    ]);
    for (let sequence = 1; sequence <= 3; sequence++)
      await bus.jetstream.publish(DeadLettered.subject(LETTER), JSON.stringify({ ...LETTER, sequence }));
    const store = await bus.documents('chimera_test', { parse: (value: unknown) => value });
    await store.change('one', () => ({ text: 'x'.repeat(10_000) }));
    const after = await scrape();
    expect(after.get('chimera_stream_messages{stream="chimera_dead"}')).toBe(3);
    expect(after.get('chimera_stream_messages{stream="chimera_events"}')).toBe(0);
    expect(after.get('chimera_stream_bytes{stream="other"}')).toBeGreaterThan(10_000);
    expect(after.get('chimera_nats_storage_bytes{}')).toBeGreaterThan(10_000);
    await bus.manager.streams.deleteMessage('chimera_dead', 2, false);
    expect((await scrape()).get('chimera_stream_messages{stream="chimera_dead"}')).toBe(2);
  });

  it('is left out while the server answers nothing, and a scrape is answered all the same', async () => {
    const nats: Nats = await startNats(binary);
    ends.push(() => nats.close());
    const scrape = await scraped(await connected(nats.url));
    expect((await scrape()).size).toBeGreaterThan(0);
    process.kill(nats.pid(), 'SIGSTOP');
    ends.push(() => process.kill(nats.pid(), 'SIGCONT'));
    // It stops a moment after it is told to.
    await until('A scrape without NATS', async () => (await scrape()).size === 0);
    expect((await scrape()).size).toBe(0);
    process.kill(nats.pid(), 'SIGCONT');
    await until('A scrape with NATS', async () => (await scrape()).get('chimera_stream_messages{stream="chimera_dead"}') === 0);
  });

  it('is told with the limit of an account that has one', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'chimera-limited-'));
    ends.push(() => rmSync(folder, { recursive: true, force: true }));
    const port = await freePort();
    const file = join(folder, 'nats.conf');
    writeFileSync(
      file,
      `listen: "127.0.0.1:${port}"\njetstream { store_dir: "${folder}/js" }\naccounts { A { jetstream { max_file: 67108864, max_mem: -1 }, users: [ { user: a, password: b } ] } }\nno_auth_user: a\n`,
    );
    const child: ChildProcess = spawn(binary.path, ['-c', file], { stdio: 'ignore' });
    ends.push(
      () =>
        new Promise((resolve) => {
          child.once('exit', resolve);
          child.kill('SIGKILL');
        }),
    );
    const bus = await connected(`nats://127.0.0.1:${port}`);
    const scrape = await scraped(bus);
    expect((await scrape()).get('chimera_nats_storage_limit_bytes{}')).toBe(67_108_864);
  });
});
