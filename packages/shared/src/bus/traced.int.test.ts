import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeOnEachNats, type Nats, PATIENT_MS, startNats } from '../../../../test/support/nats.ts';
import { type Collector, type ReceivedSpan, startCollector } from '../../../../test/support/otlp.ts';
import { recorder } from '../../../../test/support/wait.ts';
import { openTracer } from '../trace/open-tracer.ts';
import { type Tracer, traced } from '../trace/tracer.ts';
import { connectBus, type NatsBus } from './connection.ts';
import { DeadLettered } from './contracts.ts';
import { letterSequences, retryLetter } from './dead-box.ts';
import { Permanent, RetryLater } from './outcome.ts';
import { tellProgress } from './progress.ts';
import { publish } from './publish.ts';
import { deadLetters, taskQueue } from './testing.ts';
import { startWorker, type Worker, type WorkerOptions } from './worker.ts';

const GUARD_MS = 60_000;

describeOnEachNats('messages that are traced', (binary) => {
  let nats: Nats;
  let bus: NatsBus;
  let collector: Collector;
  let tracer: Tracer;
  const workers: Worker[] = [];
  beforeAll(async () => {
    nats = await startNats(binary);
    collector = await startCollector();
    const process = { service: 'test', instance: 'i1', version: '1', onFault: (sentence: string) => expect.fail(sentence) };
    tracer = await openTracer({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url }, process);
    bus = await connectBus({ url: nats.url, name: 'test', connectTimeoutMs: PATIENT_MS, tracer });
  });
  afterAll(async () => {
    await Promise.all(workers.map((worker) => worker.stop(0)));
    await tracer.close(GUARD_MS);
    await bus.close();
    await collector.close();
    await nats.close();
  });

  /** A worker that tells of its deliveries. */
  async function start(queue: ReturnType<typeof taskQueue>, handle: WorkerOptions<{ n: number }>['handle']) {
    const events = recorder<{ outcome: string }>();
    const { contract, consumer } = queue;
    workers.push(await startWorker({ bus, contract, consumer, concurrency: 1, handle, observe: events.add }));
    return events;
  }
  const spansOf = (queue: ReturnType<typeof taskQueue>, count: number) =>
    collector
      .until(
        `${count} spans of ${queue.subject}`,
        (spans) => spans.filter(({ name }) => name.endsWith(` ${queue.subject}`)).length >= count,
      )
      .then((spans) => spans.filter(({ name }) => name.endsWith(` ${queue.subject}`)));
  const parentOf = (span: ReceivedSpan | undefined) => span?.parent;

  it('are handled below the span that sent them, each delivery anew', async () => {
    const queue = taskQueue('spans');
    const seen: (string | null)[] = [];
    const events = await start(queue, async (_, { deliveries }) => {
      seen.push(tracer.current());
      if (deliveries === 1) throw new RetryLater('not yet', 0);
    });
    await traced(tracer, 'the cause', {}, () => publish(bus, queue.contract, { n: 1 }));
    await events.count(2);
    const spans = await spansOf(queue, 3);
    const cause = (await collector.until('the cause', (all) => all.some(({ name }) => name === 'the cause'))).find(
      ({ name }) => name === 'the cause',
    );
    const [sent, ...handled] = [...spans].sort((a, b) => a.startMs - b.startMs);
    expect(sent).toMatchObject({ name: `send ${queue.subject}`, kind: 'producer', parent: cause?.id, failed: false });
    expect(sent?.attributes).toEqual({
      'messaging.system': 'nats',
      'messaging.operation.name': 'send',
      'messaging.operation.type': 'send',
      'messaging.destination.name': queue.subject,
      'messaging.destination.template': queue.subject,
      'messaging.message.id': 'spans:1',
      'server.address': '127.0.0.1',
      'server.port': nats.port,
    });
    expect(handled.map(({ kind, parent }) => [kind, parent])).toEqual([
      ['consumer', sent?.id],
      ['consumer', sent?.id],
    ]);
    expect(handled.map(({ attributes }) => [attributes['chimera.message.deliveries'], attributes['chimera.outcome']])).toEqual([
      [1, 'later'],
      [2, 'done'],
    ]);
    expect(handled[0]?.attributes).toMatchObject({
      'messaging.operation.name': 'process',
      'messaging.operation.type': 'process',
      'messaging.message.id': 'spans:1',
      'messaging.consumer.group.name': 'test_spans',
    });
    expect(seen.map((traceparent) => traceparent?.split('-')[2])).toEqual(handled.map(({ id }) => id));
    expect(new Set(spans.map(({ trace }) => trace))).toEqual(new Set([cause?.trace]));
  });

  it('stay in their trace when they are given up, and when they are sent again', async () => {
    const queue = taskQueue('buried');
    const seen: (string | null)[] = [];
    const events = await start(queue, async (_, { traceparent }) => {
      seen.push(traceparent);
      if (seen.length === 1) throw new Permanent('never');
    });
    await publish(bus, queue.contract, { n: 1 });
    await events.count(1);
    const [letter] = await deadLetters(bus, queue);
    expect(letter?.traceparent).toBe(seen[0]);
    const [stored] = (await letterSequences(bus, 1)).sequences;
    const dead = await bus.manager.streams.getMessage(DeadLettered.stream, { seq: stored ?? 0 });
    expect(dead?.header.get('traceparent').split('-')[1]).toBe(seen[0]?.split('-')[1]);
    const failed = (await spansOf(queue, 2)).find(({ kind }) => kind === 'consumer');
    expect(failed).toMatchObject({ failed: true, attributes: { 'chimera.outcome': 'dead', 'error.type': 'dead' } });
    await retryLetter(bus, stored ?? 0, { force: true });
    await events.count(2);
    expect(seen[1]).toBe(seen[0]);
  });

  it('begin a trace of their own where what they carry is no traceparent', async () => {
    const queue = taskQueue('broken');
    const events = await start(queue, async () => {});
    await bus.publish({ subject: queue.subject, text: '{"n":1}', id: 'broken:1', headers: { traceparent: '00-nonsense' } });
    expect(await events.count(1)).toMatchObject([{ outcome: 'done' }]);
    expect((await spansOf(queue, 1)).map(parentOf)).toEqual(['']);
  });

  it('carry the span under way also where they are progress alone', async () => {
    const heard = recorder<string | undefined>();
    bus.connection.subscribe('chimera.progress.v1.>', { callback: (_, message) => heard.add(message.headers?.get('traceparent')) });
    await bus.connection.flush();
    const span = tracer.start('work');
    tracer.inside(span, () => tellProgress(bus, null, { dataset: 'd', stage: 'found' }));
    span.end();
    tellProgress(bus, null, { dataset: 'd', stage: 'found' });
    expect(await heard.count(2)).toEqual([span.traceparent, undefined]);
  });
});
