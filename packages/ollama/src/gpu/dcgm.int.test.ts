import { EventEmitter, once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { type RawServer, rawServer } from '../testing/raw-server.ts';
import { createGpuSampler, type GpuSampler } from './mod.ts';

const PATIENT = { everyMs: 60_000, timeoutMs: 20_000 };
const TYPE = { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' };

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  vi.useRealTimers();
  for (const each of opened.splice(0).reverse()) await each.close();
});

async function exporter(handler: (request: IncomingMessage, response: ServerResponse) => void): Promise<RawServer> {
  const server = await rawServer(handler);
  opened.push(server);
  return server;
}

function samplerOf(url: string, options: Partial<typeof PATIENT> & { monotonicMs?: () => number } = {}): GpuSampler {
  const sampler = createGpuSampler({ kind: 'dcgm', url, node: 'gpu1' }, { ...PATIENT, ...options });
  opened.push(sampler);
  return sampler;
}

/** What an exporter with two GPUs answers. */
function page(watts: number, millijoules: number): string {
  const lines = ['0', '1'].flatMap((gpu) => [
    `DCGM_FI_DEV_GPU_UTIL{gpu="${gpu}",UUID="GPU-${gpu}",Hostname="gpu1"} 50`,
    `DCGM_FI_DEV_FB_USED{gpu="${gpu}",UUID="GPU-${gpu}",Hostname="gpu1"} 1024`,
    `DCGM_FI_DEV_POWER_USAGE{gpu="${gpu}",UUID="GPU-${gpu}",Hostname="gpu1"} ${watts}`,
    `DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION{gpu="${gpu}",UUID="GPU-${gpu}",Hostname="gpu1"} ${millijoules}`,
  ]);
  return `# TYPE DCGM_FI_DEV_GPU_UTIL gauge\n${lines.join('\n')}\n`;
}

test('a call is sampled by asking the exporter before and after it, and no connection stays open', async () => {
  let clock = 0;
  const asked: (string | undefined)[] = [];
  const sockets: Socket[] = [];
  const server = await exporter((request, response) => {
    asked.push(request.url);
    sockets.push(request.socket);
    response.writeHead(200, TYPE).end(page(asked.length * 100, asked.length * 1_000));
  });
  const sampler = samplerOf(server.url, { monotonicMs: () => clock });
  const first = sampler.watch();
  const other = sampler.watch();
  expect(await other.end()).toMatchObject({ samples: 2, seconds: 0 });
  clock = 2_000;
  const use = await first.end();
  expect(use).toMatchObject({ node: 'gpu1', source: 'dcgm', gpus: 2, samples: 3, seconds: 2, utilization: 0.5, memoryBytes: 2 ** 31 });
  expect(use).toMatchObject({ powerWatts: 2, energyJoules: 4 });
  expect(asked).toEqual(['/metrics', '/metrics', '/metrics']);
  await Promise.all(sockets.map((socket) => (socket.destroyed ? undefined : once(socket, 'close'))));
});

test('credentials of the URL are sent, and never told', async () => {
  const seen: (string | undefined)[] = [];
  const server = await exporter((request, response) => {
    seen.push(request.headers.authorization);
    response.writeHead(401).end();
  });
  const sampler = samplerOf(server.url.replace('//', '//me:secret@'));
  expect(await sampler.watch().end()).toBeNull();
  expect(seen[0]).toBe(`Basic ${Buffer.from('me:secret').toString('base64')}`);
  expect(sampler.fault()).toContain(`The DCGM exporter ${server.url}/metrics answered with status 401`);
});

test('a redirect is told, not followed', async () => {
  let elsewhere = 0;
  const other = await exporter((_, response) => {
    elsewhere += 1;
    response.end();
  });
  const server = await exporter((_, response) => {
    response.writeHead(302, { location: `${other.url}/metrics` }).end();
  });
  const sampler = samplerOf(`${server.url}/metrics`);
  expect(await sampler.watch().end()).toBeNull();
  expect(sampler.fault()).toContain(`status 302 and a redirect to "${other.url}/metrics", which is not followed`);
  expect(elsewhere).toBe(0);
});

test('an answer without end is cut off', async () => {
  const server = await exporter((_, response) => {
    response.writeHead(200, TYPE);
    const more = (error?: Error | null): void => {
      if (!error && !response.destroyed) response.write('x'.repeat(2 ** 20), more);
    };
    more();
  });
  const sampler = samplerOf(server.url);
  expect(await sampler.watch().end()).toBeNull();
  expect(sampler.fault()).toContain('answered with more than 8388608 bytes');
});

/** An exporter that never answers; `nextLeft` waits for the next question, and gives what settles when the asker has gone. */
async function silentExporter(): Promise<{ url: string; nextLeft(): Promise<{ left: Promise<unknown> }> }> {
  const questions = new EventEmitter();
  const { url } = await exporter((request) => questions.emit('question', { left: once(request.socket, 'close') }));
  return { url, nextLeft: async () => (await once(questions, 'question'))[0] };
}

test('an exporter that keeps silent is left in time', async () => {
  const server = await silentExporter();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const sampler = samplerOf(server.url);
  const arrived = server.nextLeft();
  const watch = sampler.watch();
  const first = await arrived;
  vi.advanceTimersByTime(PATIENT.timeoutMs);
  await first.left;
  const again = server.nextLeft();
  const use = watch.end();
  const second = await again;
  vi.advanceTimersByTime(PATIENT.timeoutMs);
  expect(await use).toBeNull();
  expect(sampler.fault()).toContain('did not answer within 20 s and was stopped');
  await second.left;
});

test('closing leaves the exporter that is being asked', async () => {
  const server = await silentExporter();
  const sampler = samplerOf(server.url);
  const arrived = server.nextLeft();
  const watch = sampler.watch();
  const { left } = await arrived;
  await sampler.close();
  await left;
  expect(await watch.end()).toBeNull();
});

test('an answer that breaks off is no sample', async () => {
  const server = await exporter((request, response) => {
    response.writeHead(200, { ...TYPE, 'content-length': '1000000' });
    response.write(page(100, 1_000), () => request.socket.destroy());
  });
  const sampler = samplerOf(server.url);
  expect(await sampler.watch().end()).toBeNull();
  expect(sampler.fault()).toContain('cannot be reached');
});

test('where nothing listens, the fault names the exporter and its node', async () => {
  const server = await rawServer(() => {});
  await server.close();
  const sampler = samplerOf(server.url);
  expect(await sampler.watch().end()).toBeNull();
  expect(sampler.fault()).toBe(
    `The DCGM exporter ${server.url}/metrics cannot be reached: "ECONNREFUSED". See whether it runs on gpu1 and listens there.`,
  );
});
