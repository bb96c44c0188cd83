import { createHash, timingSafeEqual } from 'node:crypto';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Express, Request, Response } from 'express';
import type { Logger } from './log.ts';
import type { Metrics } from './metrics.ts';

export type HttpOptions = {
  host: string;
  port: number;
  httpToken?: string | undefined;
  metricsToken?: string | undefined;
  logger: Logger;
  metrics: Metrics;
  /** a sentence for each reason why the service does not live; empty: it lives. Never asks NATS: an outage must not restart all */
  alive: () => string[];
  /** a sentence for each reason why the service is not ready */
  ready: () => string[] | Promise<string[]>;
  /** what else `/readyz` tells */
  notes?: () => string[];
  /** called before metrics are exposed */
  sample?: () => Promise<void>;
  /** further routes (the reporter's page); they are behind the token when beyond loopback */
  routes?: (app: Express) => Promise<void>;
};

export class HttpRefused extends Error {
  override name = 'HttpRefused';
}

/**
 * Serves `/livez`, `/readyz` and `/metrics`. Further routes are refused beyond loopback without CHIMERA_HTTP_TOKEN.
 * Throws HttpRefused for that, and an error naming host and port when they cannot be had.
 */
export async function serveHttp(options: HttpOptions): Promise<{ url: string; close(): Promise<void> }> {
  const { default: express } = await import('express');
  const loopback = /^(127\.|::1$|localhost$)/.test(options.host);
  if (options.routes && !loopback && !options.httpToken) {
    throw new HttpRefused(`The page would be open to everyone at ${options.host}: set CHIMERA_HTTP_TOKEN, or CHIMERA_HTTP_HOST=127.0.0.1.`);
  }
  const app = express();
  app.disable('x-powered-by');
  const probe = (reasons: () => string[] | Promise<string[]>, notes?: () => string[]) => async (_: Request, response: Response) => {
    const why = await reasons();
    const more = notes ? { notes: notes() } : {};
    response.status(why.length === 0 ? 200 : 503).json({ status: why.length === 0 ? 'ok' : 'failing', reasons: why, ...more });
  };
  app.get('/livez', probe(options.alive));
  app.get('/readyz', probe(options.ready, options.notes));
  app.get('/metrics', requireToken(options.metricsToken), async (_: Request, response: Response) => {
    try {
      await options.sample?.();
    } catch (error) {
      // NATS may be away just now: what the process knows of itself is still worth scraping.
      options.logger.warn({ err: error }, 'the queues could not be sampled');
    }
    const { text, contentType } = await options.metrics.expose();
    response.type(contentType).send(text);
  });
  if (options.routes) {
    app.use(requireToken(options.httpToken));
    await options.routes(app);
  }
  const server = await listen(app, options.host, options.port);
  const { port } = server.address() as AddressInfo;
  const url = `http://${options.host.includes(':') ? `[${options.host}]` : options.host}:${port}`;
  return {
    url,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

/** Asks for the token as a bearer, or, for a browser, as the password of any user. */
function requireToken(token: string | undefined) {
  return (request: Request, response: Response, next: () => void) => {
    if (token === undefined || sameToken(tokenOf(request.get('authorization') ?? ''), token)) return next();
    response
      .status(401)
      .set('www-authenticate', 'Basic realm="Chimera: any user, the token as password", charset="UTF-8"')
      .json({ error: 'This address needs the token: send "Authorization: Bearer …", or give it as the password of any user.' });
  };
}

function tokenOf(authorization: string): string {
  const [, scheme = '', value = ''] = /^(\S+)\s+(.*)$/.exec(authorization) ?? [];
  if (/^bearer$/i.test(scheme)) return value;
  if (!/^basic$/i.test(scheme)) return '';
  const pair = Buffer.from(value, 'base64').toString('utf8');
  return pair.slice(pair.indexOf(':') + 1);
}

/** Compares in constant time: hashes first, so that lengths tell nothing either. */
function sameToken(given: string, wanted: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(wanted));
}

function listen(app: Express, host: string, port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = app.listen(port, host);
    server.once('listening', () => resolve(server));
    server.once('error', (error) =>
      reject(
        new Error(
          `Nothing can be served at ${host}:${port} (${error.message}): another program may hold the port; set CHIMERA_HTTP_PORT.`,
          { cause: error },
        ),
      ),
    );
  });
}
