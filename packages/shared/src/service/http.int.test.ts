import { afterEach, describe, expect, it } from 'vitest';
import { type HttpOptions, HttpRefused, serveHttp } from './http.ts';
import { createLogger } from './log.ts';
import { createMetrics } from './metrics.ts';

describe('serveHttp', () => {
  const open: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const server of open.splice(0)) await server.close();
  });
  async function serve(more: Partial<HttpOptions> = {}): Promise<string> {
    const server = await serveHttp({
      host: '127.0.0.1',
      port: 0,
      logger: createLogger('test', 'silent'),
      metrics: await createMetrics('test'),
      alive: () => [],
      ready: () => [],
      ...more,
    });
    open.push(server);
    return server.url;
  }
  const page: NonNullable<HttpOptions['routes']> = async (app) => {
    app.get('/page', (_, response) => void response.send('hello'));
  };
  const status = async (url: string, token?: string) =>
    (await fetch(url, token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } })).status;

  it('says that the service lives and is ready', async () => {
    const url = await serve();
    for (const path of ['/livez', '/readyz']) {
      const response = await fetch(url + path);
      expect([response.status, await response.json()]).toEqual([200, { status: 'ok', reasons: [] }]);
      expect(response.headers.has('x-powered-by')).toBe(false);
    }
  });

  it('says why it does not live, and why it is not ready', async () => {
    const url = await serve({ alive: () => ['a loop hangs'], ready: async () => ['stopping', 'not connected'] });
    const [alive, ready] = await Promise.all([fetch(`${url}/livez`), fetch(`${url}/readyz`)]);
    expect([alive.status, await alive.json()]).toEqual([503, { status: 'failing', reasons: ['a loop hangs'] }]);
    expect([ready.status, await ready.json()]).toEqual([503, { status: 'failing', reasons: ['stopping', 'not connected'] }]);
  });

  it('exposes metrics, sampled when they are asked for, and also when sampling fails', async () => {
    let samples = 0;
    const sample = async () => {
      if (++samples === 2) throw new Error('NATS is away');
    };
    const url = await serve({ sample });
    for (const n of [1, 2]) {
      const response = await fetch(`${url}/metrics`);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toMatch(/^text\/plain/);
      expect(await response.text()).toContain('# HELP chimera_dead_letters_total ');
      expect(samples).toBe(n);
    }
  });

  it('demands the token of metrics where one is set, and none of the probes', async () => {
    const url = await serve({ metricsToken: 'scrape' });
    expect(await status(`${url}/metrics`)).toBe(401);
    expect(await status(`${url}/metrics`, 'wrong')).toBe(401);
    expect(await status(`${url}/metrics`, 'scrape')).toBe(200);
    expect([await status(`${url}/livez`), await status(`${url}/readyz`)]).toEqual([200, 200]);
  });

  it('hazard 41: demands the token of the page, which opens no metrics, nor theirs the page', async () => {
    const url = await serve({ host: '0.0.0.0', httpToken: 'read', metricsToken: 'scrape', routes: page });
    const here = url.replace('0.0.0.0', '127.0.0.1');
    const refused = await fetch(`${here}/page`);
    expect(refused.status).toBe(401);
    expect(refused.headers.get('www-authenticate')).toMatch(/^Basic realm=/);
    const basic = (pair: string) => fetch(`${here}/page`, { headers: { authorization: `Basic ${Buffer.from(pair).toString('base64')}` } });
    expect([(await basic('anyone:read')).status, (await basic('read:wrong')).status, (await basic('read')).status]).toEqual([
      200, 401, 200,
    ]);
    expect(await refused.text()).not.toContain('read"');
    expect(await status(`${here}/page`, 'scrape')).toBe(401);
    expect(await status(`${here}/page`, 'read')).toBe(200);
    expect(await status(`${here}/metrics`, 'read')).toBe(401);
    expect(await status(`${here}/elsewhere`)).toBe(401);
    expect([await status(`${here}/livez`), await status(`${here}/readyz`)]).toEqual([200, 200]);
  });

  it('shows the page on loopback without a token', async () => {
    const url = await serve({ routes: page });
    expect(await (await fetch(`${url}/page`)).text()).toBe('hello');
    expect(await status(`${url}/elsewhere`)).toBe(404);
  });

  it('hazard 41: refuses to show the page to everyone', async () => {
    await expect(serve({ host: '0.0.0.0', routes: page })).rejects.toThrow(HttpRefused);
    await expect(serve({ host: '::', routes: page })).rejects.toThrow(/CHIMERA_HTTP_TOKEN/);
    // Probes and metrics alone show nothing of the artifacts.
    expect(await status(`${(await serve({ host: '0.0.0.0' })).replace('0.0.0.0', '127.0.0.1')}/livez`)).toBe(200);
  });

  it('says what to do when the port is taken', async () => {
    const { port } = new URL(await serve());
    await expect(serve({ port: Number(port) })).rejects.toThrow(new RegExp(`127\\.0\\.0\\.1:${port} .*set CHIMERA_HTTP_PORT`));
  });

  it('hazard 20: closes although a connection is kept open', async () => {
    const url = await serve();
    await (await fetch(`${url}/livez`)).text();
    await open.pop()?.close();
    await expect(fetch(`${url}/livez`)).rejects.toThrow();
  });
});
