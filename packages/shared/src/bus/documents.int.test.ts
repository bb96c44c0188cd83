import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { describeOnEachNats, type Nats, PATIENT_MS, startNats } from '../../../../test/support/nats.ts';
import { recorder } from '../../../../test/support/wait.ts';
import { connectBus, type NatsBus } from './connection.ts';

const Count = z.strictObject({ parts: z.array(z.int()) });

describeOnEachNats('documents', (binary) => {
  let nats: Nats;
  let bus: NatsBus;
  const events = recorder<string>();
  beforeAll(async () => {
    nats = await startNats(binary);
    bus = await connectBus({ url: nats.url, name: 'test', connectTimeoutMs: PATIENT_MS, onEvent: events.add });
  });
  afterAll(async () => {
    await bus.close();
    await nats.close();
  });

  it('has nothing at first, then what was put', async () => {
    const documents = await bus.documents('test_plain', Count);
    expect(await documents.get('a')).toBeNull();
    expect(await documents.change('a', () => null)).toBeNull();
    expect(await documents.get('a')).toBeNull();
    expect(await documents.change('a', (now) => ({ parts: [...(now?.parts ?? []), 1] }))).toEqual({ parts: [1] });
    expect(await documents.change('a', () => null)).toEqual({ parts: [1] });
    expect(await documents.get('a')).toEqual({ parts: [1] });
  });

  it('makes a document again that was deleted, and again', async () => {
    const documents = await bus.documents('test_deleted', Count);
    for (const n of [1, 2, 3]) {
      expect(await documents.change('a', (now) => (now === null ? { parts: [n] } : null))).toEqual({ parts: [n] });
      await documents.delete('a');
      expect(await documents.get('a')).toBeNull();
      expect(await documents.keys()).toEqual([]);
    }
  });

  it('lists keys by a filter, sorted', async () => {
    const documents = await bus.documents('test_keys', Count);
    for (const key of ['b.2', 'a.2', 'a.1', 'a=2E.1']) await documents.change(key, () => ({ parts: [] }));
    expect(await documents.keys()).toEqual(['a.1', 'a.2', 'a=2E.1', 'b.2']);
    expect(await documents.keys('a.*')).toEqual(['a.1', 'a.2']);
    expect(await documents.keys('c.*')).toEqual([]);
  });

  it('hazard 10: loses nothing of twenty concurrent writers on one key', async () => {
    const writers = await Promise.all(Array.from({ length: 20 }, () => bus.documents('test_race', Count)));
    await Promise.all(writers.map((documents, n) => documents.change('key', (now) => ({ parts: [...(now?.parts ?? []), n] }))));
    const parts = (await writers[0]?.get('key'))?.parts ?? [];
    expect([...parts].sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, n) => n));
  });

  it('loses nothing where writers race to make a deleted document again', async () => {
    const documents = await bus.documents('test_race', Count);
    await documents.delete('key');
    await Promise.all(Array.from({ length: 10 }, (_, n) => documents.change('key', (now) => ({ parts: [...(now?.parts ?? []), n] }))));
    expect((await documents.get('key'))?.parts.length).toBe(10);
  });

  it('hazard 3: counts a document that cannot be read as missing, says so, and makes it again', async () => {
    await (await bus.documents('test_shape', z.string())).change('a', () => 'text');
    const documents = await bus.documents('test_shape', Count);
    expect(await documents.get('a')).toBeNull();
    expect(events.all.at(-1)).toMatch(/^a in KV bucket test_shape cannot be read and counts as missing; it is made again: /);
    await documents.change('a', (now) => ({ parts: [...(now?.parts ?? []), 1] }));
    expect(await documents.get('a')).toEqual({ parts: [1] });
  });

  it('hazard 2: keeps documents over a SIGKILL of the server', async () => {
    const documents = await bus.documents('test_kept', Count);
    await documents.change('a', () => ({ parts: [1, 2] }));
    const before = events.all.length;
    await nats.kill();
    await nats.restart();
    // Lost, then connected again.
    await events.count(before + 2);
    await bus.assert();
    expect(await documents.get('a')).toEqual({ parts: [1, 2] });
  });

  it('hazard 3: does not wait for ever when the state of the server is gone', async () => {
    const documents = await bus.documents('test_gone', Count);
    await documents.change('a', () => ({ parts: [1] }));
    // The bucket is gone and nobody has noticed: the connection stays up, so that nothing is asserted.
    await bus.manager.streams.delete('KV_test_gone');
    const ended = await documents.get('a').then(
      (value) => value,
      (error: Error) => error,
    );
    expect(ended === null || ended instanceof Error).toBe(true);
    await bus.assert();
    expect(await documents.get('a')).toBeNull();
    expect(await documents.change('a', () => ({ parts: [2] }))).toEqual({ parts: [2] });
  });
});
