import { connectBus, type NatsBus, systemClock } from '@chimera/shared/bus';
import { Lease } from '@chimera/shared/store';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { describeOnEachNats, type Nats, PATIENT_MS, startNats } from '../../../../test/support/nats.ts';
import { recorder, signal } from '../../../../test/support/wait.ts';
import { lingeringSlots } from './lingering-slots.ts';
import { leasedSlots, SLOTS_BUCKET, type Slot } from './slot-desk.ts';

async function must(taking: Promise<Slot | null>): Promise<Slot> {
  const slot = await taking;
  if (slot === null) throw new Error('There is no free slot.');
  return slot;
}

describeOnEachNats('slots that linger with their process', (binary) => {
  let nats: Nats;
  const buses: NatsBus[] = [];
  beforeEach(async () => {
    nats = await startNats(binary);
  });
  afterEach(async () => {
    for (const bus of buses.splice(0)) await bus.close();
    await nats.close();
  });

  /** The slots of one process; `moment`: when the moment is over for which it keeps them. */
  async function open(me: string) {
    const connected = await connectBus({ url: nats.url, name: me, connectTimeoutMs: PATIENT_MS });
    buses.push(connected);
    const moment = signal();
    const bus: NatsBus = { ...connected, clock: { ...systemClock, sleep: () => moment.promise } };
    const leases = await connected.documents(SLOTS_BUCKET, Lease);
    const desk = lingeringSlots(
      leasedSlots(connected, leases, me, 3_000, () => undefined),
      bus,
      me,
    );
    const freed = recorder<void>();
    desk.onFreed(() => freed.add());
    await connected.connection.flush();
    return { desk, leases, freed, moment };
  }

  it('are taken again by the same process without a word to NATS', async () => {
    const { desk, leases, freed } = await open('a');
    const first = await must(desk.take('gpu', 1));
    const { beat, token } = (await leases.get('gpu.0')) as Lease;
    await first.release();
    expect([first.held(), freed.all.length]).toEqual([false, 1]);
    const second = await must(desk.take('gpu', 1));
    expect([second.held(), second.token]).toEqual([true, token]);
    expect(await leases.get('gpu.0')).toEqual({ holder: 'a', token, beat });
    // Whoever gave it back has no say in it any more.
    await first.release();
    expect([second.held(), await desk.take('gpu', 1)]).toEqual([true, null]);
  });

  it('are given back when the moment is over and nobody took them', async () => {
    const [a, b] = [await open('a'), await open('b')];
    const slot = await must(a.desk.take('gpu', 1));
    await slot.release();
    const before = b.freed.all.length;
    a.moment.resolve();
    await b.freed.count(before + 1);
    expect((await must(b.desk.take('gpu', 1))).token).toBe(2);
  });

  it('are given back then and there where another process asks for them', async () => {
    const [a, b] = [await open('a'), await open('b')];
    await (await must(a.desk.take('gpu', 1))).release();
    const before = b.freed.all.length;
    expect(await b.desk.take('gpu', 1)).toBeNull();
    await b.freed.count(before + 1);
    expect((await must(b.desk.take('gpu', 1))).token).toBe(2);
  });

  it('do not linger where another process has asked while they were in use', async () => {
    const [a, b] = [await open('a'), await open('b')];
    const slot = await must(a.desk.take('gpu', 1));
    expect(await b.desk.take('gpu', 1)).toBeNull();
    // Twice: the asking has to reach the server, and then whoever holds the slot.
    for (const bus of [...buses, ...buses]) await bus.connection.flush();
    await slot.release();
    expect((await must(b.desk.take('gpu', 1))).token).toBe(2);
  });

  it('keep to the number of slots that a server has', async () => {
    const { desk } = await open('a');
    const slots = [await must(desk.take('gpu', 2)), await must(desk.take('gpu', 2))];
    await Promise.all(slots.map((slot) => slot.release()));
    // The server turned out to be worth one call at a time.
    expect((await must(desk.take('gpu', 1))).index).toBe(0);
    expect(await desk.take('gpu', 1)).toBeNull();
  });

  it('are given back when the process ends, those in use and those that linger', async () => {
    const [a, b] = [await open('a'), await open('b')];
    await must(a.desk.take('gpu', 2));
    await (await must(a.desk.take('gpu', 2))).release();
    await a.desk.close();
    expect([await must(b.desk.take('gpu', 2)), await must(b.desk.take('gpu', 2))].map(({ index }) => index)).toEqual([0, 1]);
  });
});
