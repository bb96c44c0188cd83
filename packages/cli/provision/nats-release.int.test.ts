import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fetchRelease, PINS } from './nats-release.mjs';
import { fakeNatsServer, tarGz } from './testing.ts';

const limits = { connect: 300, stall: 300, whole: 3_000 };
const program = fakeNatsServer('7.0.0');
const archive = tarGz([['nats-server-v7.0.0-linux-amd64/nats-server', program]]);
const pins = { '7.0.0': { 'linux-amd64': createHash('sha256').update(archive).digest('hex') } };

let folder: string;
let server: Server;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'release-'));
});
afterEach(async () => {
  rmSync(folder, { recursive: true });
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function serve(listener: RequestListener): Promise<Parameters<typeof fetchRelease>[0]> {
  server = createServer(listener).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { version: '7.0.0', folder, platform: 'linux', arch: 'x64', baseUrl, pins, limits };
}

describe('fetchRelease', () => {
  it('fetches through a redirect, verifies and unpacks', async () => {
    const asked: string[] = [];
    const options = await serve((request, response) => {
      asked.push(request.url ?? '');
      if (request.url === '/elsewhere') response.end(archive);
      else response.writeHead(302, { location: '/elsewhere' }).end();
    });
    expect(readFileSync(await fetchRelease(options), 'utf8')).toBe(program);
    expect(asked).toEqual(['/v7.0.0/nats-server-v7.0.0-linux-amd64.tar.gz', '/elsewhere']);
  });

  it('refuses an archive of another hash, and leaves nothing behind', async () => {
    const options = await serve((_, response) => response.end(tarGz([['nats-server', 'something else']])));
    await expect(fetchRelease(options)).rejects.toThrow(/was refused: its SHA-256 is [0-9a-f]{64}, and [0-9a-f]{64} is pinned/);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('gives up a server that takes the connection and says nothing', async () => {
    const options = await serve(() => {});
    const began = performance.now();
    await expect(fetchRelease(options)).rejects.toThrow('out of reach: no answer within 0.3 s');
    expect(performance.now() - began).toBeLessThan(2_000);
  });

  it('gives up a download that stops in the middle', async () => {
    const options = await serve((_, response) =>
      response.writeHead(200, { 'content-length': archive.length }).write(archive.subarray(0, 50)),
    );
    await expect(fetchRelease(options)).rejects.toThrow('out of reach: nothing more came within 0.3 s');
  });

  it('says what the server answered', async () => {
    const options = await serve((_, response) => response.writeHead(404).end());
    await expect(fetchRelease(options)).rejects.toThrow('the answer was 404 Not Found');
  });

  it('says which platform has no pin, without asking anyone', async () => {
    const options = await serve(() => {
      throw new Error('asked');
    });
    await expect(fetchRelease({ ...options, platform: 'darwin', arch: 'arm64' })).rejects.toThrow(
      'no pinned release 7.0.0 for darwin-arm64',
    );
  });
});

it('pins are SHA-256 in hexadecimal, each another', () => {
  const all = Object.values(PINS).flatMap((platforms) => Object.values(platforms));
  for (const pin of all) expect(pin).toMatch(/^[0-9a-f]{64}$/);
  expect(new Set(all).size).toBe(all.length);
});
