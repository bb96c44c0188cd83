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

/** Keeps leases for one instance. A lease that shows no beat for `ttlMs` is anyone's. */
export function createLeaseKeeper(leases: Documents<Lease>, me: string, clock: Clock, ttlMs: number): LeaseKeeper {
  const sights = new Map<string, LeaseSight>();
  const held = new Map<string, { token: number; askedMs: number }>();

  async function ask(key: string, least: number): Promise<number | null> {
    // The time of the lease counts from before the request: others see it later.
    const askedMs = clock.elapsed();
    const before = sights.get(key) ?? null;
    let asked: Lease | null = null;
    const now = await leases.change(key, (lease) => {
      const sight = sightOf(before, lease, askedMs);
      sights.set(key, sight);
      asked = askLease(sight, me, askedMs, ttlMs, least);
      return asked;
    });
    if (asked === null || now?.holder !== me) {
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
