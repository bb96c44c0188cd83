import type { NextFunction, Request, RequestHandler, Response } from 'express';

/** What browsers would otherwise hand to a page: nothing here needs any of it. */
const PERMISSIONS = ['accelerometer', 'camera', 'display-capture', 'geolocation', 'gyroscope', 'microphone', 'payment', 'usb']
  .map((feature) => `${feature}=()`)
  .join(', ');

/**
 * Headers of every answer: nothing may be loaded, framed, sniffed, kept or asked for from elsewhere. A route that shows a page replaces
 * the content policy by its own. Without Strict-Transport-Security: this server speaks plain HTTP, and whoever ends TLS before it sets that.
 */
export async function securityHeaders(): Promise<RequestHandler[]> {
  const { default: helmet } = await import('helmet');
  const nothing = ["'none'"];
  return [
    helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: { defaultSrc: nothing, baseUri: nothing, formAction: nothing, frameAncestors: nothing },
      },
      strictTransportSecurity: false,
      xFrameOptions: { action: 'deny' },
    }),
    (_: Request, response: Response, next: NextFunction) => {
      response.set({ 'Cache-Control': 'no-store', 'Permissions-Policy': PERMISSIONS });
      next();
    },
  ];
}
