import type { Request, RequestHandler, Response } from 'express';
import type { Options } from 'express-rate-limit';
import type { HttpLimits } from './http-limits.ts';
import type { Logger } from './log.ts';

const WINDOW_MS = 60_000;

/** How often one client's address may ask, and how often it may be wrong about a token. */
export type Rates = {
  /** Lets requests through up to the limit, then refuses them with 429. */
  requests: RequestHandler;
  failures: {
    /** True where the address has been wrong too often: it was answered with 429, whatever token it brings now. */
    refused(request: Request, response: Response): Promise<boolean>;
    /** Counts a wrong token. */
    count(request: Request): Promise<void>;
  };
  close(): void;
};

export async function createRates(limits: Pick<HttpLimits, 'requestsPerMinute' | 'failuresPerMinute'>, logger: Logger): Promise<Rates> {
  const { ipKeyGenerator, MemoryStore, rateLimit } = await import('express-rate-limit');
  // Of IPv6 a client has a whole network of addresses. One that has hung up meanwhile has none.
  const keyOf = ({ ip }: Request) => (ip === undefined ? 'gone' : ipKeyGenerator(ip));
  const asked = new MemoryStore();
  const wrong = new MemoryStore();
  const requests = rateLimit({
    windowMs: WINDOW_MS,
    limit: limits.requestsPerMinute,
    store: asked,
    keyGenerator: keyOf,
    standardHeaders: false,
    legacyHeaders: false,
    // Its doubts about proxies are settled by CHIMERA_HTTP_TRUST_PROXY, and it would print them.
    validate: false,
    handler: async (request, response) => tooMany(response, await asked.get(keyOf(request)), 'This address asks too often'),
  });
  // Of all options the store takes the window.
  wrong.init({ windowMs: WINDOW_MS } as Options);

  return {
    requests,
    failures: {
      async refused(request, response) {
        const known = await wrong.get(keyOf(request));
        if ((known?.totalHits ?? 0) < limits.failuresPerMinute) return false;
        tooMany(response, known, 'Too many wrong tokens came from this address');
        return true;
      },
      async count(request) {
        const { totalHits } = await wrong.increment(keyOf(request));
        if (totalHits === limits.failuresPerMinute)
          logger.warn({ address: request.ip }, 'too many wrong tokens from this address: it is refused for a minute');
      },
    },
    close() {
      asked.shutdown();
      wrong.shutdown();
    },
  };
}

function tooMany(response: Response, known: { resetTime: Date | undefined } | undefined, what: string): void {
  const until = known?.resetTime?.getTime() ?? Date.now() + WINDOW_MS;
  const seconds = Math.max(1, Math.ceil((until - Date.now()) / 1_000));
  response
    .status(429)
    .set('Retry-After', String(seconds))
    .json({ error: `${what}: ask again in ${seconds} s.` });
}
