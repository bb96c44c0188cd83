/** How much of a server a client may take up; times in ms. */
export type HttpLimits = {
  /** request line and headers together */
  headerBytes: number;
  /** from the connection, or the end of the request before, to the end of the headers */
  headersMs: number;
  requestMs: number;
  /** how long a connection is kept for another request */
  keepAliveMs: number;
  /** how long neither side may be silent while something is under way */
  silenceMs: number;
  connections: number;
  requestsPerSocket: number;
  /** from one client's address */
  requestsPerMinute: number;
  /** wrong tokens from one client's address, after which it has to wait */
  failuresPerMinute: number;
};

/** A browser on localhost sends the cookies of all that ever ran there: hence the headers' size. */
export const HTTP_LIMITS: HttpLimits = {
  headerBytes: 16_384,
  headersMs: 10_000,
  requestMs: 15_000,
  keepAliveMs: 5_000,
  silenceMs: 60_000,
  connections: 256,
  requestsPerSocket: 1_000,
  requestsPerMinute: 600,
  failuresPerMinute: 10,
};
