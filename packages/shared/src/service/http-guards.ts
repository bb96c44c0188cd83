import type { NextFunction, Request, Response } from 'express';

/** True for addresses that only this machine can reach. */
export function isLoopback(host: string): boolean {
  return /^(127\.|::1$|localhost$)/.test(host);
}

/** Everything here is for reading: other methods are refused with 405. */
export function onlyReading(request: Request, response: Response, next: NextFunction) {
  if (request.method === 'GET' || request.method === 'HEAD') return next();
  refuseUnread(response, 405, 'This server is for reading only: GET and HEAD.', { Allow: 'GET, HEAD' });
}

/** Refuses requests with a body with 413. Not a byte of one is read. */
export function withoutBody(request: Request, response: Response, next: NextFunction) {
  const { 'content-length': length, 'transfer-encoding': encoding } = request.headers;
  if (encoding === undefined && (length === undefined || Number(length) === 0)) return next();
  refuseUnread(response, 413, 'No request here has a body.');
}

/** The connection ends with the answer, as what is still to come on it is never read. */
function refuseUnread(response: Response, status: number, error: string, headers: Record<string, string> = {}): void {
  response
    .status(status)
    .set({ Connection: 'close', ...headers })
    .json({ error });
}

/**
 * Refuses requests that were sent to another name than this server's with 421. A page of the web may have its own name lead to 127.0.0.1
 * and then read what a browser on this machine can; the name in the request gives it away.
 */
export function onlyNamedHosts(names: readonly string[]) {
  const known = new Set(['localhost', '127.0.0.1', '::1', ...names].filter((name) => name !== '').map(bare));
  return (request: Request, response: Response, next: NextFunction) => {
    if (known.has(bare((request.headers.host ?? '').replace(/:\d*$/, '')))) return next();
    response.status(421).json({
      error:
        'This server does not go by the name in this request: ask for it by 127.0.0.1 or localhost, or add the name to CHIMERA_HTTP_HOSTS.',
    });
  };
}

/** A host's name without the brackets of IPv6, in lower case. */
function bare(host: string): string {
  return host.toLowerCase().replace(/^\[(.*)\]$/, '$1');
}
