import { once } from 'node:events';
import { connect } from 'node:net';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import { signal } from '../../../../test/support/wait.ts';
import { type HttpOptions, serveHttp } from './http.ts';
import { createLogger } from './log.ts';
import { createMetrics } from './metrics.ts';

/** What a client gets that speaks for itself, whatever the protocol says. */
describe('the HTTP server, locked down', () => {
  const open: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const server of open.splice(0)) await server.close();
  });
  const page: NonNullable<HttpOptions['routes']> = async (app) => {
    app.get('/page', (_, response) => void response.send('hello'));
    app.get('/item/:name', (request, response) => void response.json(request.params));
    app.get('/broken', () => {
      throw new Error('secret path /home/somebody');
    });
  };
  async function serve(more: Partial<HttpOptions> = {}): Promise<string> {
    const server = await serveHttp({
      ...{ host: '127.0.0.1', port: 0, alive: () => [], ready: () => [], routes: page },
      logger: createLogger('test', 'silent'),
      metrics: await createMetrics('test'),
      ...more,
    });
    open.push(server);
    return server.url;
  }
  const get = (url: string, headers: Record<string, string> = {}, from = '127.0.0.1') => ask(url, { headers, from });

  describe('every answer', () => {
    it.each(['/page', '/livez', '/metrics', '/nowhere'])('%s may not be framed, sniffed, kept or loaded into elsewhere', async (path) => {
      const { headers } = await get(`${await serve()}${path}`);
      expect(headers).toMatchObject({
        'content-security-policy': "default-src 'none';base-uri 'none';form-action 'none';frame-ancestors 'none'",
        'x-frame-options': 'DENY',
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
        'cache-control': 'no-store',
      });
      expect(headers['permissions-policy']).toContain('camera=()');
      // Plain HTTP: whoever ends TLS before it speaks of that. And nothing tells what serves here.
      expect(headers).not.toHaveProperty('strict-transport-security');
      expect(headers).not.toHaveProperty('x-powered-by');
    });

    it('is that of a route where the route has a stricter one of its own', async () => {
      const routes: typeof page = async (app) => {
        app.get('/own', (_, response) => void response.set('Content-Security-Policy', "default-src 'self'").send(''));
      };
      expect((await get(`${await serve({ routes })}/own`)).headers['content-security-policy']).toBe("default-src 'self'");
    });

    it('tells nothing of the inside where a request fails, or is none', async () => {
      const lines: string[] = [];
      const url = await serve({ logger: pino({ level: 'error' }, sink(lines)) });
      const broken = await get(`${url}/broken`);
      expect([broken.status, broken.body]).toEqual([500, '{"error":"This could not be answered: see the log of the service."}']);
      expect(lines.join('')).toContain('secret path');
      expect(await get(`${url}/item/%`)).toMatchObject({ status: 400, body: '{"error":"This is refused."}' });
      expect(await get(`${url}/nowhere`)).toMatchObject({ status: 404, body: '{"error":"There is nothing at this address."}' });
    });
  });

  describe('methods and bodies', () => {
    it.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND'])('refuses %s with 405', async (method) => {
      const url = await serve();
      for (const path of ['/page', '/livez', '/metrics'])
        expect(await ask(`${url}${path}`, { method })).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD', connection: 'close' } });
    });

    it('answers HEAD as GET, without the body', async () => {
      expect(await ask(`${await serve()}/page`, { method: 'HEAD' })).toMatchObject({ status: 200, body: '' });
    });

    it.each([
      ['a length', 'Content-Length: 100000000'],
      ['chunks', 'Transfer-Encoding: chunked'],
    ])('refuses a body that is told by %s with 413 before any of it has come, and hangs up', async (_, header) => {
      const url = await serve();
      const said = await speak(url, `GET /page HTTP/1.1\r\nHost: localhost\r\n${header}\r\n\r\n`);
      expect(said).toMatch(/^HTTP\/1\.1 413 /);
      expect(said).toMatch(/\r\nConnection: close\r\n/);
      expect(said).not.toContain('hello');
    });

    it('invites nobody to send a body', async () => {
      const said = await speak(
        await serve(),
        'POST /page HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\nExpect: 100-continue\r\n\r\n',
      );
      expect(said).toMatch(/^HTTP\/1\.1 405 /);
    });
  });

  describe('what a client may take up', () => {
    it('refuses headers beyond the limit with 431', async () => {
      const url = await serve();
      expect((await get(`${url}/page`, { cookie: 'x'.repeat(8_000) })).status).toBe(200);
      expect(await speak(url, `GET /page HTTP/1.1\r\nHost: localhost\r\nCookie: ${'x'.repeat(20_000)}\r\n\r\n`)).toMatch(
        /^HTTP\/1\.1 431 /,
      );
      expect(await speak(url, `GET /${'x'.repeat(20_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`)).toMatch(/^HTTP\/1\.1 431 /);
    });

    it('cuts off who sends headers byte by byte, and who says nothing at all', async () => {
      const url = await serve({ limits: { headersMs: 200, requestMs: 200 } });
      const slow = dial(url);
      const silent = dial(url);
      const text = `GET /page HTTP/1.1\r\nHost: localhost\r\nX-Long: ${'x'.repeat(100_000)}`;
      let sent = 0;
      const drip = setInterval(() => slow.socket.writable && slow.socket.write(text[sent++] ?? 'x'), 20);
      try {
        await Promise.all([slow.ended, silent.ended]);
      } finally {
        clearInterval(drip);
      }
      expect(slow.said()).toMatch(/^HTTP\/1\.1 408 /);
      expect(silent.said()).not.toContain('200');
      expect((await get(`${url}/page`)).status).toBe(200);
    });

    it('hangs up on who asks and never reads', async () => {
      const over = signal<boolean>();
      const routes: typeof page = async (app) => {
        app.get('/large', (_, response) => {
          response.on('close', () => over.resolve(response.writableFinished));
          response.send(Buffer.alloc(64_000_000));
        });
      };
      const { socket, ended } = dial(await serve({ routes, limits: { silenceMs: 300 } }));
      socket.pause();
      socket.write('GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n');
      expect(await over.promise).toBe(false);
      socket.destroy();
      await ended;
    });

    it('serves no more connections at once than it may', async () => {
      const url = await serve({ limits: { connections: 2 } });
      const held = [dial(url), dial(url)];
      await Promise.all(held.map(({ socket }) => once(socket, 'connect')));
      const third = dial(url);
      await third.ended;
      expect(third.said()).toBe('');
      for (const { socket, ended } of held) {
        socket.end('GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
        await ended;
      }
      expect((await get(`${url}/page`)).status).toBe(200);
    });
  });

  describe('how often', () => {
    it('hazard 41: refuses an address that asks for pages too often with 429 and the time to wait, and never the probes', async () => {
      const url = await serve({ limits: { requestsPerMinute: 5 } });
      const asked = async (path: string) => (await get(`${url}${path}`)).status;
      for (let i = 0; i < 5; i++) expect(await asked('/page')).toBe(200);
      const refused = await get(`${url}/page`);
      expect([refused.status, Number(refused.headers['retry-after'])]).toEqual([429, expect.toSatisfy((s: number) => s >= 1 && s <= 60)]);
      expect(JSON.parse(refused.body).error).toMatch(/^This address asks too often: ask again in \d+ s\.$/);
      for (let i = 0; i < 20; i++) expect(await asked('/livez')).toBe(200);
      // Metrics have a count of their own, and another address another.
      expect(await asked('/metrics')).toBe(200);
      expect((await get(`${url}/page`, {}, '127.0.0.2')).status).toBe(200);
    });

    it('hazard 41: refuses an address that guesses at the token, the right one too, and no other address', async () => {
      const lines: string[] = [];
      const url = await serve({
        ...{ httpToken: 'right', metricsToken: 'scrape', limits: { failuresPerMinute: 3 } },
        logger: pino({ level: 'warn' }, sink(lines)),
      });
      const as = (token: string, from?: string, path = '/page') => get(`${url}${path}`, { authorization: `Bearer ${token}` }, from);
      for (let i = 0; i < 10; i++) expect((await as('right')).status).toBe(200);
      // Whoever comes without a token, as browsers do at first, has not guessed.
      for (let i = 0; i < 10; i++) expect((await get(`${url}/page`)).status).toBe(401);
      const guessed = [];
      for (let i = 0; i < 4; i++) guessed.push((await as(`guess-${i}`)).status);
      expect(guessed).toEqual([401, 401, 401, 429]);
      const locked = await as('right');
      expect([locked.status, Number(locked.headers['retry-after'])]).toEqual([429, expect.toSatisfy((s: number) => s >= 1 && s <= 60)]);
      expect((await as('right', '127.0.0.2')).status).toBe(200);
      expect((await as('scrape', '127.0.0.1', '/metrics')).status).toBe(200);
      expect(lines.filter((line) => line.includes('too many wrong tokens'))).toHaveLength(1);
      expect(lines.join('')).not.toMatch(/guess-|right"/);
    });

    it('goes by X-Forwarded-For as far as proxies are configured, and never otherwise', async () => {
      const limits = { requestsPerMinute: 1 };
      const from = (url: string, forwarded: string) => get(`${url}/page`, { 'x-forwarded-for': forwarded });
      const bare = await serve({ limits });
      expect([(await from(bare, '1.1.1.1')).status, (await from(bare, '2.2.2.2')).status]).toEqual([200, 429]);
      const behindOne = await serve({ limits, trustedProxies: 1 });
      // The last entry is the proxy's; those before are what the client says of itself.
      const statuses = [];
      for (const forwarded of ['1.1.1.1', '2.2.2.2', '9.9.9.9, 1.1.1.1', '1.1.1.1, 3.3.3.3'])
        statuses.push((await from(behindOne, forwarded)).status);
      expect(statuses).toEqual([200, 200, 429, 200]);
    });
  });

  describe('names', () => {
    const named = async (url: string, host: string, path = '/page') =>
      Number((await speak(url, `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)).split(' ')[1]);

    it('hazard 41: answers on loopback without a token to its own names only, so that no page of the web can read on', async () => {
      const url = await serve({ hosts: ['reports.home.arpa', ''] });
      const port = new URL(url).port;
      for (const host of ['localhost', `localhost:${port}`, '127.0.0.1', `127.0.0.1:${port}`, '[::1]', `[::1]:${port}`, 'LOCALHOST'])
        expect(await named(url, host), host).toBe(200);
      for (const host of [
        'evil.example',
        `evil.example:${port}`,
        'localhost.evil.example',
        '127.0.0.1.evil.example',
        '::1.evil',
        '10.0.0.1',
      ])
        expect(await named(url, host), host).toBe(421);
      expect(await named(url, 'Reports.home.arpa:80')).toBe(200);
      expect(await named(url, 'evil.example', '/metrics')).toBe(421);
      expect(await named(url, 'evil.example', '/livez')).toBe(200);
      expect(await speak(url, 'GET /page HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1\.1 421 /);
    });

    it('asks for the token and for no name where there is one', async () => {
      const url = await serve({ httpToken: 'read' });
      expect(await named(url, 'reports.example')).toBe(401);
    });
  });
});

type Answer = { status: number; headers: Record<string, string>; body: string };

/** One request on a connection of its own, from an address of this machine. */
async function ask(url: string, options: { method?: string; headers?: Record<string, string>; from?: string } = {}): Promise<Answer> {
  const { method = 'GET', headers = {}, from = '127.0.0.1' } = options;
  const { host, pathname } = new URL(url);
  const lines = Object.entries({ Host: host, Connection: 'close', ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  const { socket, ended, said } = dial(url, from);
  socket.write(`${method} ${pathname} HTTP/1.1\r\n${lines.join('')}\r\n`);
  await ended;
  const [head = '', ...rest] = said().split('\r\n\r\n');
  const [status = '', ...fields] = head.split('\r\n');
  const pairs = fields.map((field): [string, string] => [
    field.slice(0, field.indexOf(':')).toLowerCase(),
    field.slice(field.indexOf(':') + 2),
  ]);
  return { status: Number(status.split(' ')[1]), headers: Object.fromEntries(pairs), body: rest.join('\r\n\r\n') };
}

/** Says this on a connection of its own, and returns all that is answered until the server hangs up. */
async function speak(url: string, text: string): Promise<string> {
  const { socket, ended, said } = dial(url);
  socket.write(text);
  await ended;
  return said();
}

/** A connection, from an address of this machine, that ends when the server hangs up, in order or not. */
function dial(url: string, from = '127.0.0.1') {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), localAddress: from });
  let heard = '';
  socket.on('data', (chunk) => {
    heard += chunk.toString('latin1');
  });
  // Reset by the server, which is what several tests want of it.
  socket.on('error', () => undefined);
  const ended = once(socket, 'close');
  return { socket, ended, said: () => heard };
}

function sink(lines: string[]): Writable {
  return new Writable({
    write(chunk, _, done) {
      lines.push(String(chunk));
      done();
    },
  });
}
