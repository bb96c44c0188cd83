import type { Clock } from '../bus/clock.ts';
import type { Documents } from '../bus/documents.ts';
import { askLease, type Lease, type LeaseSight, sightOf } from './lease.ts';

export type LeaseKeeper = {
  /**
   * Asks for the lease, or renews it: the token to write under, or null while another instance holds it.
   * Renews at most every third of its time; `least` is the least token that is of use (leastToken).
   */
  hold(key: string, least: number): Promise<number | null>;
  /** True while what was last held is certain not to be another's yet. */
  holds(key: string): boolean;
  /** Forgets that it is held: a write was refused, so it is asked for anew, with a greater token. */
  drop(key: string): void;
  /** Gives all back, so that another instance need not wait. */
  release(): Promise<void>;
};

export type LeaseAsking = {
  me: string;
  /** milliseconds of a clock that only grows */
  nowMs: number;
  ttlMs: number;
  /** the least token that is of use */
  least: number;
  /** whether a holder is certain to be gone: then its time need not run out */
  isGone?: (holder: string) => boolean;
};

/** Asks once for a lease: the lease as it is mine now, or null while it is another's. `sights` remembers what was seen, by key. */
export async function takeLease(
  leases: Documents<Lease>,
  key: string,
  sights: Map<string, LeaseSight>,
  { me, nowMs, ttlMs, least, isGone = () => false }: LeaseAsking,
): Promise<Lease | null> {
  const before = sights.get(key) ?? null;
  let asked: Lease | null = null;
  const now = await leases.change(key, (lease) => {
    const sight = sightOf(before, lease, nowMs);
    sights.set(key, sight);
    const gone = lease !== null && lease.holder !== null && isGone(lease.holder);
    asked = askLease(gone ? { lease, sinceMs: Number.NEGATIVE_INFINITY } : sight, me, nowMs, ttlMs, least);
    return asked;
  });
  return asked === null || now?.holder !== me ? null : now;
}

/** Keeps leases for one instance. A lease that shows no beat for `ttlMs` is anyone's. */
export function createLeaseKeeper(leases: Documents<Lease>, me: string, clock: Clock, ttlMs: number): LeaseKeeper {
  const sights = new Map<string, LeaseSight>();
  const held = new Map<string, { token: number; askedMs: number }>();

  async function ask(key: string, least: number): Promise<number | null> {
    // The time of the lease counts from before the request: others see it later.
    const askedMs = clock.elapsed();
    const now = await takeLease(leases, key, sights, { me, nowMs: askedMs, ttlMs, least });
    if (now === null) {
      held.delete(key);
      return null;
    }
    held.set(key, { token: now.token, askedMs });
    return now.token;
  }

  const holds = (key: string) => {
    const mine = held.get(key);
    return mine !== undefined && clock.elapsed() - mine.askedMs < ttlMs;
  };

  return {
    holds,
    async hold(key, least) {
      const mine = held.get(key);
      if (mine && mine.token >= least && clock.elapsed() - mine.askedMs < ttlMs / 3) return mine.token;
      return ask(key, least);
    },
    drop: (key) => void held.delete(key),
    async release() {
      for (const key of [...held.keys()]) {
        held.delete(key);
        await leases.change(key, (lease) => (lease?.holder === me ? { ...lease, holder: null, beat: lease.beat + 1 } : null));
      }
    },
  };
}
