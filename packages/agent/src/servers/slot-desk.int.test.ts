import { connectBus, type Documents, type NatsBus, systemClock } from '@chimera/shared/bus';
import { Lease } from '@chimera/shared/store';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { describeOnEachNats, type Nats, PATIENT_MS, startNats } from '../../../../test/support/nats.ts';
import { type Recorder, recorder, until } from '../../../../test/support/wait.ts';
import { leasedSlots, localSlots, SLOTS_BUCKET, type Slot, type SlotDesk } from './slot-desk.ts';

const TTL = 3_000;

type Opened = { bus: NatsBus; desk: SlotDesk; leases: Documents<Lease>; errors: Recorder<Error>; freed: Recorder<void>; beat(): void };

/** The slot, which must be there. */
async function must(taking: Promise<Slot | null>): Promise<Slot> {
  const slot = await taking;
  if (slot === null) throw new Error('There is no free slot.');
  return slot;
}

describeOnEachNats('slots as leases', (binary) => {
  let nats: Nats;
  let nowMs: number;
  const opened: Opened[] = [];
  beforeEach(async () => {
    nowMs = 1_000;
    nats = await startNats(binary);
  });
  afterEach(async () => {
    for (const { bus } of opened.splice(0)) await bus.close();
    await nats.close();
  });

  /** A desk on a connection of its own; its time passes, and its beats go out, by hand. */
  async function open(me: string, clock: Partial<NatsBus['clock']> = {}, broken: Partial<Documents<Lease>> = {}): Promise<Opened> {
    const connected = await connectBus({ url: nats.url, name: me, connectTimeoutMs: PATIENT_MS });
    const beats = new Set<() => void>();
    const every = (_: number, act: () => void) => {
      beats.add(act);
      return () => beats.delete(act);
    };
    const bus: NatsBus = { ...connected, clock: { ...systemClock, elapsed: () => nowMs, every, ...clock } };
    const leases = { ...(await bus.documents(SLOTS_BUCKET, Lease)), ...broken };
    const errors = recorder<Error>();
    const desk = leasedSlots(bus, leases, me, TTL, errors.add);
    const freed = recorder<void>();
    desk.onFreed(() => freed.add());
    await bus.connection.flush();
    const one: Opened = { bus, desk, leases, errors, freed, beat: () => [...beats].forEach((act) => void act()) };
    opened.push(one);
    return one;
  }

  /** What a desk told has been heard by the others. */
  async function heard(...desks: Opened[]): Promise<void> {
    for (const { bus } of desks) await bus.connection.flush();
    for (const { bus } of opened) if (!bus.connection.isClosed()) await bus.connection.flush();
  }

  it('hands out as many as a server has, each once, whoever asks', async () => {
    const [a, b] = [await open('a'), await open('b')];
    const [one, two] = [await must(a.desk.take('gpu', 2)), await must(b.desk.take('gpu', 2))];
    expect([one.index, two.index]).toEqual([0, 1]);
    expect(await a.desk.take('gpu', 2)).toBeNull();
    expect(await b.desk.take('gpu', 2)).toBeNull();
    expect([one.held(), two.held()]).toEqual([true, true]);
    // Another server's are others.
    expect(await b.desk.take('other', 1)).toMatchObject({ server: 'other', index: 0, token: 1 });
    await one.release();
    expect(one.held()).toBe(false);
    expect(await b.desk.take('gpu', 2)).toMatchObject({ index: 0, token: 2 });
  });

  it('gives one free slot to one of many that ask for it at once', async () => {
    const [a, b] = [await open('a'), await open('b')];
    const taken = await Promise.all([a, b, a, b, a, b].map(({ desk }) => desk.take('gpu', 1)));
    expect(taken.filter((slot) => slot !== null)).toHaveLength(1);
  });

  it('never lets two hold the same slot, however their askings and givings meet; its token grows from holder to holder', async () => {
    const desks = await Promise.all(
      ['a', 'b', 'c', 'd'].map((me) => open(me, { elapsed: () => performance.now(), every: systemClock.every })),
    );
    const holders = new Map<number, string>();
    const last = new Map<number, { who: string; token: number }>();
    let most = 0;
    let seed = 7;
    const random = () => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed / 2_147_483_647;
    };
    const work = async ({ desk, freed }: Opened, who: string) => {
      for (let done = 0; done < 20; ) {
        const heardSoFar = freed.all.length;
        const slot = await desk.take('gpu', 2);
        if (slot === null) {
          await freed.count(heardSoFar + 1);
          continue;
        }
        expect(holders.get(slot.index)).toBeUndefined();
        holders.set(slot.index, who);
        most = Math.max(most, holders.size);
        const before = last.get(slot.index);
        if (before !== undefined && before.who !== who) expect(slot.token).toBeGreaterThan(before.token);
        else expect(slot.token).toBeGreaterThanOrEqual(before?.token ?? 1);
        last.set(slot.index, { who, token: slot.token });
        for (let turns = Math.floor(random() * 5); turns > 0; turns--) await new Promise(setImmediate);
        expect(slot.held()).toBe(true);
        holders.delete(slot.index);
        await slot.release();
        done++;
      }
    };
    await Promise.all(desks.map((desk, index) => work(desk, 'abcd'[index] ?? '')));
    // On a busy machine they may never meet; that two can hold two at once is shown above.
    expect(most).toBeLessThanOrEqual(2);
    expect(desks.flatMap(({ errors }) => errors.all)).toEqual([]);
  });

  it('keeps a slot for a holder that shows beats, however long it holds it', async () => {
    const [a, b] = [await open('a'), await open('b')];
    const slot = await must(a.desk.take('gpu', 1));
    for (let beats = 1; beats <= 4; beats++) {
      expect(await b.desk.take('gpu', 1)).toBeNull();
      nowMs += TTL - 1;
      a.beat();
      await until('the beat', async () => (await b.leases.get('gpu.0'))?.beat === beats);
    }
    await until('the beat to be known here', () => slot.held());
    expect(slot.lost.aborted).toBe(false);
  });

  it('takes the slot of a holder that died without giving it back, and not before its time is over', async () => {
    const [a, b] = [await open('a'), await open('b')];
    const slot = await must(a.desk.take('gpu', 1));
    await a.bus.connection.close();
    expect(await b.desk.take('gpu', 1)).toBeNull();
    nowMs += TTL - 1;
    expect(slot.held()).toBe(true);
    expect(await b.desk.take('gpu', 1)).toBeNull();
    nowMs += 1;
    // Whoever cannot show beats must take it that others took over.
    expect(slot.held()).toBe(false);
    expect(await must(b.desk.take('gpu', 1))).toMatchObject({ index: 0, token: 2 });
  });

  it('tells a holder that slept through its lease that it lost its slot, and leaves it to the new one', async () => {
    const [a, b] = [await open('a'), await open('b')];
    const old = await must(a.desk.take('gpu', 1));
    expect(await b.desk.take('gpu', 1)).toBeNull();
    nowMs += TTL;
    const now = await must(b.desk.take('gpu', 1));
    expect([old.held(), old.lost.aborted]).toEqual([false, false]);
    a.beat();
    await until('the loss', () => old.lost.aborted);
    expect(String(old.lost.reason)).toContain('slot 0 of gpu was taken by another process');
    expect(now.token).toBeGreaterThan(old.token);
    await old.release();
    expect(await a.leases.get('gpu.0')).toMatchObject({ holder: 'b', token: now.token });
    expect([now.held(), now.lost.aborted]).toEqual([true, false]);
  });

  it('tells of a loss also where the other one gave the slot back since, and takes nothing by that', async () => {
    const [a, b] = [await open('a'), await open('b')];
    const old = await must(a.desk.take('gpu', 1));
    expect(await b.desk.take('gpu', 1)).toBeNull();
    nowMs += TTL;
    await (await must(b.desk.take('gpu', 1))).release();
    a.beat();
    await until('the loss', () => old.lost.aborted);
    expect(await a.leases.get('gpu.0')).toMatchObject({ holder: null, token: 2 });
  });

  it('tells whoever waits when a slot is given back', async () => {
    const [a, b] = [await open('a'), await open('b')];
    const slot = await must(a.desk.take('gpu', 1));
    const before = b.freed.all.length;
    expect(await b.desk.take('gpu', 1)).toBeNull();
    await slot.release();
    await b.freed.count(before + 1);
    expect(await must(b.desk.take('gpu', 1))).toMatchObject({ token: 2 });
  });

  it('leaves a slot that it gives back to those who wait for it, for a moment', async () => {
    const [a, b] = [await open('a'), await open('b')];
    const slot = await must(a.desk.take('gpu', 1));
    expect(await b.desk.take('gpu', 1)).toBeNull();
    await heard(b);
    const before = a.freed.all.length;
    await slot.release();
    expect(await a.desk.take('gpu', 1)).toBeNull();
    // Its own telling, what it hears of that, and the end of the moment.
    await a.freed.count(before + 3);
    // Nobody took it meanwhile, so it is anyone's. It was not waited for again: no courtesy is due the next time.
    const again = await must(a.desk.take('gpu', 1));
    await again.release();
    expect(await a.desk.take('gpu', 1)).not.toBeNull();
  });

  it('shows the lease again to a server that has forgotten it, before others can take the slot', async () => {
    const [a, b] = [await open('a'), await open('b')];
    await (await must(b.desk.take('gpu', 1))).release();
    const slot = await must(a.desk.take('gpu', 1));
    expect(slot.token).toBe(2);
    await nats.stop();
    await nats.wipe();
    await nats.restart();
    await until('the lease', async () => b.bus.ready() && (await b.leases.get('gpu.0').catch(() => null)) !== null);
    expect(await b.leases.get('gpu.0')).toMatchObject({ holder: 'a', token: 2 });
    expect(await b.desk.take('gpu', 1)).toBeNull();
    expect([slot.held(), slot.lost.aborted]).toEqual([true, false]);
  });

  it('goes on after a SIGKILL of the server: who held a slot holds it still', async () => {
    const [a, b] = [await open('a'), await open('b')];
    const slot = await must(a.desk.take('gpu', 1));
    await nats.kill();
    await nats.restart();
    await until('the connections', () => a.bus.ready() && b.bus.ready());
    a.beat();
    await until('a beat', async () => ((await b.leases.get('gpu.0'))?.beat ?? 0) > 0);
    expect(await b.desk.take('gpu', 1)).toBeNull();
    await slot.release();
    expect(await must(b.desk.take('gpu', 1))).toMatchObject({ token: 2 });
  });

  it('gives a slot back as far as it can while NATS cannot be told: others have it when its time is over', async () => {
    let away = false;
    const a = await open('a');
    const b = await open('b');
    const flaky: Documents<Lease> = {
      ...a.leases,
      change: (key, change) => (away ? Promise.reject(new Error('the server is away')) : a.leases.change(key, change)),
    };
    const errors = recorder<Error>();
    const desk = leasedSlots(a.bus, flaky, 'a', TTL, errors.add);
    const slot = await must(desk.take('gpu', 1));
    away = true;
    await slot.release();
    expect(errors.all.map(({ message }) => message)).toEqual(['the server is away']);
    expect(slot.held()).toBe(false);
    expect(await b.desk.take('gpu', 1)).toBeNull();
    nowMs += TTL;
    await must(b.desk.take('gpu', 1));
    await desk.close();
  });

  it('gives everything back when it is closed, also what is being taken just then', async () => {
    const [a, b] = [await open('a'), await open('b')];
    await must(a.desk.take('gpu', 3));
    await must(a.desk.take('gpu', 3));
    const late = a.desk.take('gpu', 3);
    await a.desk.close();
    expect(await late).toBeNull();
    const taken = [await b.desk.take('gpu', 3), await b.desk.take('gpu', 3), await b.desk.take('gpu', 3)];
    expect(taken.map((slot) => slot?.index)).toEqual([0, 1, 2]);
  });
});

describe('slots of one process alone', () => {
  it('are handed out once each, and told of when they are given back', async () => {
    const desk = localSlots();
    const freed = recorder<void>();
    const off = desk.onFreed(() => freed.add());
    const [one, two] = [await must(desk.take('gpu', 2)), await must(desk.take('gpu', 2))];
    expect([one.index, two.index, await desk.take('gpu', 2)]).toEqual([0, 1, null]);
    await one.release();
    await one.release();
    expect(freed.all).toHaveLength(1);
    expect([one.held(), two.held()]).toEqual([false, true]);
    expect((await must(desk.take('gpu', 2))).index).toBe(0);
    off();
    await two.release();
    expect(freed.all).toHaveLength(1);
  });
});
