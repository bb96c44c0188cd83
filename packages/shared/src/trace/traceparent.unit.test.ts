import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Traceparent, traceIdOf } from './traceparent.ts';

// The example of W3C Trace Context.
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const GOOD = `00-${TRACE}-00f067aa0ba902b7-01`;
const BAD = [
  ['no version', `${TRACE}-00f067aa0ba902b7-01`],
  ['another version', GOOD.replace('00-', 'ff-')],
  ['upper case', GOOD.toUpperCase()],
  ['a trace of zeros', `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`],
  ['a span of zeros', `00-${TRACE}-${'0'.repeat(16)}-01`],
  ['something behind it', `${GOOD}\r\nX-Other: 1`],
  ['nothing', ''],
  ['a number', 5],
] as const;

describe('a traceparent in a document', () => {
  const Document = z.object({ name: z.string(), traceparent: Traceparent });

  it('is kept as it is', () => {
    expect(Document.parse({ name: 'a', traceparent: GOOD })).toEqual({ name: 'a', traceparent: GOOD });
    expect(Object.keys(Document.parse({ name: 'a' }))).toEqual(['name']);
  });

  it.each(BAD)('counts as absent where it is %s: the document is none the worse', (_, traceparent) => {
    expect(Document.parse({ name: 'a', traceparent }).traceparent).toBeUndefined();
  });
});

describe('traceIdOf', () => {
  it('gives the trace where it is kept', () => {
    expect(traceIdOf(GOOD)).toBe(TRACE);
    expect(traceIdOf(GOOD.replace(/01$/, '03'))).toBe(TRACE);
  });

  it('gives none for a trace that is not sampled, and where there is none', () => {
    expect(traceIdOf(GOOD.replace(/01$/, '00'))).toBeNull();
    for (const [, bad] of BAD.filter(([what]) => what !== 'a number')) expect(traceIdOf(String(bad))).toBeNull();
    expect(traceIdOf(undefined)).toBeNull();
    expect(traceIdOf(null)).toBeNull();
  });
});
