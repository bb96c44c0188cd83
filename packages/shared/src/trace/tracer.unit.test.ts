import { describe, expect, it } from 'vitest';
import { openTracer } from './open-tracer.ts';
import { errorType, noTracer, traced } from './tracer.ts';

describe('the tracer that traces nothing', () => {
  it('is the one there is without an endpoint', async () => {
    const told: string[] = [];
    const tracer = await openTracer({}, { service: 's', instance: 'i', version: '1', onFault: (sentence) => told.push(sentence) });
    expect(tracer).toBe(noTracer);
    expect(told).toEqual([]);
  });

  it('gives what the work gives, and throws what it throws', async () => {
    expect(await traced(noTracer, 'work', {}, async () => 5)).toBe(5);
    const error = new Error('boom');
    await expect(traced(noTracer, 'work', {}, () => Promise.reject(error))).rejects.toBe(error);
    const span = noTracer.start('work', { attributes: { a: 1 }, startedAt: 5, links: ['x'] });
    expect(noTracer.inside(span, () => noTracer.current())).toBeNull();
    expect(noTracer.under('00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01', () => noTracer.current())).toBeNull();
    expect(span).toMatchObject({ traceparent: null, traceId: null });
    expect(noTracer.logged()).toEqual({});
    await noTracer.close(0);
  });
});

describe('errorType', () => {
  it('is a code, else the class; never the words', () => {
    expect(errorType(Object.assign(new Error('secret'), { code: 'ENOENT' }))).toBe('ENOENT');
    expect(errorType(new RangeError('secret'))).toBe('RangeError');
    expect(errorType(Object.assign(new Error('secret'), { code: 5 }))).toBe('Error');
    expect(errorType('secret')).toBe('string');
  });
});
