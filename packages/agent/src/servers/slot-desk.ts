import { type Bus, type Documents, subjectToken } from '@chimera/shared/bus';
import { type Lease, type LeaseSight, takeLease } from '@chimera/shared/store';

/** The KV bucket of slots: a lease each, by server and number. */
export const SLOTS_BUCKET = 'chimera_slots';

/** What is told of slots, in plain messages: which server has a free one again, and who waits for one of which. */
export const SLOT_SUBJECTS = { freed: 'chimera.slot.v1.freed.*', wanted: 'chimera.slot.v1.wanted.*.*' } as const;

/** The right to make one call at a time to a server. */
export type Slot = {
  /** key of the server */
  server: string;
  index: number;
  /** the lease's fencing token: grows with every change of the holder */
  token: number;
  /** aborts when another process holds it now: what is under way under it must end */
  lost: AbortSignal;
  /** whether it is certain to be nobody else's yet */
  held(): boolean;
  /** Gives it back; whoever waits is told. Never throws: where NATS cannot be told, the lease runs out. */
  release(): Promise<void>;
};

/** Hands out the slots of servers, so that all processes together never make more calls at once than there are slots. */
export type SlotDesk = {
  /** One try at the first free one of so many slots of a server; null where none is free, or others wait for their turn. */
  take(server: string, count: number): Promise<Slot | null>;
  /** Calls back when a slot of any server may have become free. Returns how to end that. */
  onFreed(listener: () => void): () => void;
  /** Gives all back. */
  close(): Promise<void>;
};

/** How long whoever gave a slot back leaves it to those who waited for it. */
const COURTESY_MS = 25;

type Held = { slot: Slot; lease: Lease; renewedMs: number; lose: AbortController };

/**
 * Slots as leases in KV (`<server>.<number>`): a holder shows beats, and one that shows none for `ttlMs` has lost its slot. While
 * NATS cannot be reached nobody can take a slot, so a call under way goes on; no new one is begun without a lease that stands.
 * That a slot was given back, or is waited for, is told in plain NATS messages, which may be lost.
 */
export function leasedSlots(
  bus: Bus,
  leases: Documents<Lease>,
  me: string,
  ttlMs: number,
  onError: (error: Error) => void,
  /** whether a holder is certain to be gone: then its slot need not be waited for */
  isGone: (holder: string) => boolean = () => false,
): SlotDesk {
  const { clock } = bus;
  const mine = subjectToken(me);
  const sights = new Map<string, LeaseSight>();
  const held = new Map<string, Held>();
  const busy = new Set<string>();
  const listeners = new Set<() => void>();
  const wantedBy = new Map<string, Set<string>>();
  const courteous = new Set<string>();
  let closed = false;
  const tell = () => {
    for (const listener of [...listeners]) listener();
  };
  const renewAll = () => {
    for (const [key, one] of held) void renew(key, one).catch(onError);
  };
  const offs = [
    bus.listen(SLOT_SUBJECTS.freed, tell),
    bus.listen(SLOT_SUBJECTS.wanted, (subject) => {
      const [, , , , server = '', who = ''] = subject.split('.');
      if (who !== mine) wantedBy.set(server, (wantedBy.get(server) ?? new Set()).add(who));
    }),
    clock.every(ttlMs / 3, renewAll),
    // A server that came back may have forgotten the leases: those that stand are shown before anyone asks for them.
    bus.onRenewed(renewAll),
  ];

  async function renew(key: string, one: Held): Promise<void> {
    const askedMs = clock.elapsed();
    const { token } = one.lease;
    let mine = false;
    await leases.change(key, (lease) => {
      mine = lease === null || (lease.holder === me && lease.token === token);
      // A server that forgot the lease is told it again: the slot is still in use. One that another process had meanwhile is lost.
      return mine ? { holder: me, token, beat: (lease?.beat ?? 0) + 1 } : null;
    });
    if (held.get(key) !== one) return;
    if (mine) one.renewedMs = Math.max(one.renewedMs, askedMs);
    else {
      held.delete(key);
      one.lose.abort(new Error(`slot ${one.slot.index} of ${one.slot.server} was taken by another process`));
    }
  }

  async function give(key: string, one: Held): Promise<void> {
    if (held.get(key) !== one) return;
    held.delete(key);
    const { server } = one.slot;
    const others = wantedBy.get(server);
    wantedBy.delete(server);
    busy.add(key);
    try {
      await leases.change(key, (lease) => (lease?.holder === me ? { ...lease, holder: null, beat: lease.beat + 1 } : null));
    } catch (error) {
      // Without beats it is anyone's soon.
      onError(error instanceof Error ? error : new Error(String(error)));
    } finally {
      busy.delete(key);
    }
    if (others !== undefined) {
      courteous.add(server);
      // No look at the clock here: a timer may be over a little before it says so, and nobody would be told again.
      void clock.sleep(COURTESY_MS).then(() => {
        courteous.delete(server);
        tell();
      });
    }
    bus.tell(`chimera.slot.v1.freed.${server}`, '');
    tell();
  }

  return {
    async take(server, count) {
      if (courteous.has(server)) return null;
      let others = false;
      for (let index = 0; index < count; index++) {
        const key = `${server}.${index}`;
        if (held.has(key) || busy.has(key)) continue;
        busy.add(key);
        try {
          const askedMs = clock.elapsed();
          const lease = await takeLease(leases, key, sights, { me, nowMs: askedMs, ttlMs, least: 1, isGone });
          if (lease === null) {
            others = true;
            continue;
          }
          const lose = new AbortController();
          const one: Held = {
            lease,
            renewedMs: askedMs,
            lose,
            slot: {
              server,
              index,
              token: lease.token,
              lost: lose.signal,
              held: () => held.get(key) === one && clock.elapsed() - one.renewedMs < ttlMs,
              release: () => give(key, one),
            },
          };
          held.set(key, one);
          if (!closed) return one.slot;
          await give(key, one);
          return null;
        } finally {
          busy.delete(key);
        }
      }
      if (others) bus.tell(`chimera.slot.v1.wanted.${server}.${mine}`, '');
      return null;
    },
    onFreed(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close() {
      closed = true;
      for (const off of offs) off();
      listeners.clear();
      await Promise.all([...held].map(([key, one]) => give(key, one)));
    },
  };
}

/** Slots of one process alone, without NATS: for one that shares its servers with nobody, and for tests. */
export function localSlots(): SlotDesk {
  const taken = new Set<string>();
  const listeners = new Set<() => void>();
  return {
    async take(server, count) {
      const index = Array.from({ length: count }, (_, i) => i).find((i) => !taken.has(`${server}.${i}`));
      if (index === undefined) return null;
      const key = `${server}.${index}`;
      taken.add(key);
      let mine = true;
      return {
        server,
        index,
        token: 1,
        lost: new AbortController().signal,
        held: () => mine,
        release: async () => {
          if (!mine) return;
          mine = false;
          taken.delete(key);
          for (const listener of [...listeners]) listener();
        },
      };
    },
    onFreed(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: async () => undefined,
  };
}
