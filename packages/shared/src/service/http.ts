import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Express, NextFunction, Request, RequestHandler, Response } from 'express';
import { isLoopback, onlyNamedHosts, onlyReading, withoutBody } from './http-guards.ts';
import { securityHeaders } from './http-headers.ts';
import { HTTP_LIMITS, type HttpLimits } from './http-limits.ts';
import { createRates, type Rates } from './http-rates.ts';
import { requireToken } from './http-token.ts';
import type { Logger } from './log.ts';
import type { Metrics } from './metrics.ts';

export type HttpOptions = {
  host: string;
  port: number;
  httpToken?: string | undefined;
  metricsToken?: string | undefined;
  /** by which names the page may be asked for on loopback without a token, beside those of loopback */
  hosts?: readonly string[];
  /** how many proxies stand before this server: so many entries of X-Forwarded-For are believed. Default: none */
  trustedProxies?: number;
  limits?: Partial<HttpLimits>;
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
 * Serves `/livez`, `/readyz` and `/metrics`; reads only, and no request has a body. Further routes are refused beyond loopback without
 * CHIMERA_HTTP_TOKEN. Throws HttpRefused for that, and an error naming host and port when they cannot be had.
 */
export async function serveHttp(options: HttpOptions): Promise<{ url: string; close(): Promise<void> }> {
  const [{ default: express }, headers] = await Promise.all([import('express'), securityHeaders()]);
  if (options.routes && !isLoopback(options.host) && !options.httpToken) {
    throw new HttpRefused(`The page would be open to everyone at ${options.host}: set CHIMERA_HTTP_TOKEN, or CHIMERA_HTTP_HOST=127.0.0.1.`);
  }
  const limits = { ...HTTP_LIMITS, ...options.limits };
  const rates: Rates[] = [];
  /** What stands before all that shows more than the probes do. A token of one kind that is guessed at locks nobody out of the other. */
  async function guards(token: string | undefined): Promise<RequestHandler[]> {
    const own = await createRates(limits, options.logger);
    rates.push(own);
    const open = token === undefined && isLoopback(options.host);
    return [...(open ? [onlyNamedHosts([options.host, ...(options.hosts ?? [])])] : []), own.requests, requireToken(token, own.failures)];
  }

  const app = express();
  app.disable('x-powered-by');
  app.set('trust proxy', options.trustedProxies ?? 0);
  app.use(headers, onlyReading, withoutBody);
  const probe = (reasons: () => string[] | Promise<string[]>, notes?: () => string[]) => async (_: Request, response: Response) => {
    const why = await reasons();
    const more = notes ? { notes: notes() } : {};
    response.status(why.length === 0 ? 200 : 503).json({ status: why.length === 0 ? 'ok' : 'failing', reasons: why, ...more });
  };
  app.get('/livez', probe(options.alive));
  app.get('/readyz', probe(options.ready, options.notes));
  app.get('/metrics', await guards(options.metricsToken), async (_: Request, response: Response) => {
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
    app.use(await guards(options.httpToken));
    await options.routes(app);
  }
  app.use((_: Request, response: Response) => void response.status(404).json({ error: 'There is nothing at this address.' }));
  app.use(answerError(options.logger));
  const server = await listen(app, options, limits);
  const { port } = server.address() as AddressInfo;
  const url = `http://${options.host.includes(':') ? `[${options.host}]` : options.host}:${port}`;
  return {
    url,
    close: () =>
      new Promise((resolve, reject) => {
        for (const one of rates) one.close();
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

/** What goes wrong is told to the log; whoever asked learns the status and nothing of the inside. */
function answerError(logger: Logger) {
  // Express tells by the four parameters that it is for errors.
  return (error: unknown, _: Request, response: Response, __: NextFunction) => {
    const given = typeof error === 'object' && error !== null && 'status' in error ? Number(error.status) : 500;
    const status = given >= 400 && given < 500 ? given : 500;
    if (status === 500) logger.error({ err: error }, 'a request could not be answered');
    if (response.headersSent) return void response.destroy();
    response
      .status(status)
      .json({ error: status === 500 ? 'This could not be answered: see the log of the service.' : 'This is refused.' });
  };
}

function listen(app: Express, { host, port }: HttpOptions, limits: HttpLimits): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer(
      {
        maxHeaderSize: limits.headerBytes,
        headersTimeout: limits.headersMs,
        requestTimeout: limits.requestMs,
        keepAliveTimeout: limits.keepAliveMs,
        connectionsCheckingInterval: Math.min(1_000, limits.headersMs),
      },
      app,
    );
    server.maxConnections = limits.connections;
    server.maxRequestsPerSocket = limits.requestsPerSocket;
    server.setTimeout(limits.silenceMs);
    // Whoever asks first whether a body is welcome gets the answer at once, and is not invited to send it.
    server.on('checkContinue', app);
    server.once('listening', () => resolve(server));
    server.once('error', (error) =>
      reject(
        new Error(
          `Nothing can be served at ${host}:${port} (${error.message}): another program may hold the port; set CHIMERA_HTTP_PORT.`,
          { cause: error },
        ),
      ),
    );
    server.listen(port, host);
  });
}
