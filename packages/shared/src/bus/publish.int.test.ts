import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { describeOnEachNats, type Nats, PATIENT_MS, startNats } from '../../../../test/support/nats.ts';
import { connectBus, type NatsBus } from './connection.ts';
import { publish } from './publish.ts';
import { held, taskQueue } from './testing.ts';

const OUTAGE_MS = 3_000;

describeOnEachNats('publish', (binary) => {
  let nats: Nats;
  let bus: NatsBus;
  beforeAll(async () => {
    nats = await startNats(binary);
    bus = await connectBus({ url: nats.url, name: 'test', connectTimeoutMs: PATIENT_MS });
  });
  afterAll(async () => {
    await bus.close();
    await nats.close();
  });

  it('hazard 5: stores one message with its id, whatever the number of publishers', async () => {
    const queue = taskQueue('dedupe');
    await Promise.all(Array.from({ length: 5 }, () => publish(bus, queue.contract, { n: 1 })));
    await publish(bus, queue.contract, { n: 2 });
    await publish(bus, queue.contract, { n: 1 });
    expect(await held(bus, queue)).toBe(2);
    const stored = await bus.manager.streams.getMessage('chimera_work', { last_by_subj: queue.subject });
    expect(stored?.json()).toEqual({ n: 2 });
    expect(stored?.header.get('Nats-Msg-Id')).toBe('dedupe:2');
    expect(stored?.header.get('content-type')).toBe('application/json');
    expect(stored?.header.get('chimera-message')).toBe('test.dedupe/v1');
    expect(stored?.header.has('traceparent')).toBe(false);
  });

  it('passes a traceparent on', async () => {
    const queue = taskQueue('traced');
    await publish(bus, queue.contract, { n: 1 }, '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01');
    const stored = await bus.manager.streams.getMessage('chimera_work', { last_by_subj: queue.subject });
    expect(stored?.header.get('traceparent')).toBe('00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01');
  });

  it('refuses data that breaks the contract before anything is sent', async () => {
    const queue = taskQueue('invalid');
    const before = bus.connection.stats().outMsgs;
    for (const data of [{ n: 0 }, { n: 1, more: true }, {}])
      await expect(publish(bus, queue.contract, data as { n: number })).rejects.toThrow(z.ZodError);
    expect(bus.connection.stats().outMsgs).toBe(before);
    expect(await held(bus, queue)).toBe(0);
  });

  it('hazard 2: crosses an outage of three seconds and stores each message once', async () => {
    const queue = taskQueue('outage');
    await publish(bus, queue.contract, { n: 1 });
    await nats.kill();
    const publishing = Promise.all([publish(bus, queue.contract, { n: 1 }), publish(bus, queue.contract, { n: 2 })]);
    await new Promise((resolve) => setTimeout(resolve, OUTAGE_MS));
    await nats.restart();
    await publishing;
    expect(await held(bus, queue)).toBe(2);
  });

  it('hazard 3: crosses a restart on which the server lost everything', async () => {
    const queue = taskQueue('wiped');
    await nats.stop();
    const publishing = publish(bus, queue.contract, { n: 1 });
    await nats.wipe();
    await nats.restart();
    await publishing;
    expect(await held(bus, queue)).toBe(1);
  });
});
