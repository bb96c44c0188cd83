import { z } from 'zod';

/** A span by its ids as W3C Trace Context writes them: version 00, trace, span, flags. Neither id may be all zeros. */
const TRACEPARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})$/;
const SAMPLED = 1;

/** A trace's id: 16 bytes in lower-case hex. */
export const TraceId = z.string().regex(/^(?!0{32})[0-9a-f]{32}$/, 'must be the id of a trace: 32 digits of lower-case hex');

/**
 * A traceparent in a message or document. One that cannot be read counts as absent: nothing of what is traced may fail
 * because of how it is traced.
 */
export const Traceparent = z.string().regex(TRACEPARENT).optional().catch(undefined);

/** The id of the trace that a traceparent belongs to; null where it cannot be read, or its trace is kept nowhere (not sampled). */
export function traceIdOf(traceparent: string | null | undefined): string | null {
  const [, id, flags] = TRACEPARENT.exec(traceparent ?? '') ?? [];
  return id !== undefined && flags !== undefined && (Number.parseInt(flags, 16) & SAMPLED) !== 0 ? id : null;
}
