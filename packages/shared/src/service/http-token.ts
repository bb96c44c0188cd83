import { createHash, timingSafeEqual } from 'node:crypto';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import type { Rates } from './http-rates.ts';

/**
 * Asks for the token as a bearer, or, for a browser, as the password of any user. A wrong one counts against the client's address; one
 * that comes without any, as browsers do at first, does not.
 */
export function requireToken(token: string | undefined, failures: Rates['failures']): RequestHandler {
  return async (request: Request, response: Response, next: NextFunction) => {
    if (token === undefined) return next();
    if (await failures.refused(request, response)) return;
    const authorization = request.get('authorization');
    if (authorization !== undefined) {
      if (sameToken(tokenOf(authorization), token)) return next();
      await failures.count(request);
    }
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
