import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type Collector, startCollector } from '../../../../test/support/otlp.ts';
import { recorder } from '../../../../test/support/wait.ts';
import { openTracer } from './open-tracer.ts';
import type { TraceValues } from './settings.ts';
import { type Tracer, traced } from './tracer.ts';

const OTHER = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const UNSAMPLED = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00';
const GUARD_MS = 60_000;

describe('the tracer of OpenTelemetry', () => {
  const collectors: Collector[] = [];
  const faults = recorder<string>();
  const start = async (values: TraceValues = {}, behaviour?: Parameters<typeof startCollector>[0]) => {
    const collector = await startCollector(behaviour);
    collectors.push(collector);
    const process = { service: 'chimera-test', instance: 'i1', version: '1.2.3', onFault: faults.add };
    return { collector, tracer: await openTracer({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, ...values }, process) };
  };
  afterEach(async () => {
    for (const collector of collectors.splice(0)) await collector.close();
    faults.all.length = 0;
  });

  it('makes what begins during a span its child, beside one another and across waits', async () => {
    const { tracer, collector } = await start();
    const pause = () => new Promise((resolve) => setImmediate(resolve));
    await traced(tracer, 'above', {}, async () => {
      await Promise.all(
        ['a', 'b'].map((name) =>
          traced(tracer, name, {}, async () => {
            await pause();
            await traced(tracer, `${name} below`, {}, pause);
          }),
        ),
      );
    });
    expect(tracer.current()).toBeNull();
    await tracer.close(GUARD_MS);
    const of = (name: string) => collector.spans.find((span) => span.name === name);
    expect(collector.spans).toHaveLength(5);
    expect(of('above')?.parent).toBe('');
    for (const name of ['a', 'b']) {
      expect(of(name)?.parent).toBe(of('above')?.id);
      expect(of(`${name} below`)?.parent).toBe(of(name)?.id);
    }
    expect(new Set(collector.spans.map(({ trace }) => trace)).size).toBe(1);
  });

  it('sends kind, attributes, links, the given beginning and what failed', async () => {
    const { tracer, collector } = await start();
    const startedAt = Date.parse('2026-01-02T03:04:05.678Z');
    const attributes = { text: 'a', whole: 3, real: 0.25, truth: false, list: ['x', 'y'], absent: undefined };
    const work = traced(tracer, 'work', { kind: 'client', attributes, links: [OTHER, 'nonsense'], startedAt }, async (span) => {
      span.set({ later: 'b' });
      throw new RangeError('a secret of an artifact');
    });
    await expect(work).rejects.toThrow(RangeError);
    await tracer.close(GUARD_MS);
    const [span, ...others] = collector.spans;
    expect(others).toEqual([]);
    expect(span).toMatchObject({
      name: 'work',
      kind: 'client',
      startMs: startedAt,
      failed: true,
      links: [{ trace: OTHER.split('-')[1], id: OTHER.split('-')[2] }],
      resource: { 'service.name': 'chimera-test', 'service.instance.id': 'i1', 'service.version': '1.2.3' },
    });
    expect(span?.attributes).toEqual({
      ...{ text: 'a', whole: 3, real: 0.25, truth: false, list: ['x', 'y'] },
      ...{ later: 'b', 'error.type': 'RangeError' },
    });
    expect(JSON.stringify(collector.spans)).not.toContain('secret');
  });

  it('continues the span of another process, and says under which span a line is written', async () => {
    const { tracer, collector } = await start();
    const span = tracer.start('continued', { parent: OTHER });
    expect(span.traceId).toBe(OTHER.split('-')[1]);
    expect(tracer.logged()).toEqual({});
    tracer.inside(span, () => {
      expect(tracer.current()).toBe(span.traceparent);
      expect(tracer.logged()).toEqual({ trace_id: span.traceId, span_id: span.traceparent?.split('-')[2] });
      tracer.under(null, () => expect(tracer.current()).toBeNull());
    });
    span.end();
    tracer.under(OTHER, () => tracer.start('under').end());
    await tracer.close(GUARD_MS);
    expect(collector.spans.map(({ parent }) => parent)).toEqual([OTHER.split('-')[2], OTHER.split('-')[2]]);
  });

  it('keeps to what was decided where the trace began: one that is not sampled is sent nowhere, and passed on as that', async () => {
    const { tracer, collector } = await start();
    const span = tracer.start('unseen', { parent: UNSAMPLED });
    expect(span.traceId).toBeNull();
    expect(span.traceparent).toMatch(/^00-4bf92f3577b34da6a3ce929d0e0e4736-[0-9a-f]{16}-00$/);
    expect(tracer.inside(span, () => tracer.logged())).toEqual({});
    span.end();
    tracer.start('seen').end();
    await tracer.close(GUARD_MS);
    expect(collector.spans.map(({ name }) => name)).toEqual(['seen']);
  });

  it.each([
    ['always_on', UNSAMPLED, 1],
    ['always_off', OTHER, 0],
    ['parentbased_always_off', OTHER, 1],
    ['parentbased_always_off', undefined, 0],
    ['traceidratio', OTHER, 0],
    ['parentbased_traceidratio', OTHER, 1],
    ['parentbased_traceidratio', undefined, 0],
  ] as const)('samples by %s under %s', async (OTEL_TRACES_SAMPLER, parent, sent) => {
    const { tracer, collector } = await start({ OTEL_TRACES_SAMPLER, OTEL_TRACES_SAMPLER_ARG: 0 });
    tracer.start('one', { parent }).end();
    await tracer.close(GUARD_MS);
    expect(collector.spans).toHaveLength(sent);
  });

  it('sends what has ended by itself, before the end', async () => {
    const { tracer, collector } = await start({ OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20hush' });
    tracer.start('early').end();
    await collector.until('the span', (spans) => spans.length === 1);
    expect(collector.requests.map(({ path, headers }) => [path, headers.authorization])).toEqual([['/v1/traces', 'Bearer hush']]);
    await tracer.close(GUARD_MS);
  });

  it('tells once that a collector does not take what it is sent, without what stands in the address', async () => {
    const { tracer, collector } = await start({}, 'fails');
    const withSecret = collector.url.replace('http://', 'http://user:hush@');
    const told = await openTracer(
      { OTEL_EXPORTER_OTLP_ENDPOINT: `${withSecret}/?key=hush` },
      { service: 's', instance: 'i', version: '1', onFault: faults.add },
    );
    for (let n = 1; n <= 3; n++) {
      told.start(`span ${n}`).end();
      await collector.until(`request ${n}`, () => collector.requests.length === n);
    }
    await told.close(GUARD_MS);
    expect(faults.all).toHaveLength(1);
    expect(faults.all[0]).toContain(`1 spans could not be sent to ${collector.url}/v1/traces (Internal Server Error)`);
    expect(faults.all[0]).not.toContain('hush');
    await tracer.close(GUARD_MS);
  });

  it('waits for no collector longer than it is given, and lets the process end', async () => {
    const { tracer, collector } = await start({ OTEL_EXPORTER_OTLP_TIMEOUT: 600_000 }, 'hangs');
    tracer.start('one').end();
    await collector.until('the request', () => collector.requests.length === 1);
    tracer.start('two').end();
    await tracer.close(50);
    // The socket is ours to end: nothing of it keeps the process alive.
    await collector.until('the end of the connections', () => collector.open() === 0);
  });

  it('does not fail where nobody listens', async () => {
    const port = await freePort();
    const tracer: Tracer = await openTracer(
      { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`, OTEL_EXPORTER_OTLP_TIMEOUT: 100 },
      { service: 's', instance: 'i', version: '1', onFault: faults.add },
    );
    tracer.start('lost').end();
    await tracer.close(GUARD_MS);
    expect(faults.all).toHaveLength(1);
    expect(faults.all[0]).toContain('ECONNREFUSED');
  });

  it('refuses to go without a certificate that it was given', async () => {
    const values = { OTEL_EXPORTER_OTLP_ENDPOINT: 'https://127.0.0.1:9', OTEL_EXPORTER_OTLP_CERTIFICATE: '/nowhere/ca.pem' };
    const opened = openTracer(values, { service: 's', instance: 'i', version: '1', onFault: faults.add });
    await expect(opened).rejects.toThrow('OTEL_EXPORTER_OTLP_CERTIFICATE names a file that cannot be read');
  });
});

/** A port on which nobody listens just now. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== 'object' || address === null) throw new Error('The server has no port.');
  return address.port;
}
