import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { askLease, type Lease, type LeaseSight, sightOf } from './lease.ts';

const TTL = 15_000;

describe('a lease', () => {
  it('is taken if it is nobody’s, renewed by its holder, and refused to others while it shows life', () => {
    const mine = askLease({ lease: null, sinceMs: 0 }, 'me', 0, TTL, 0);
    expect(mine).toEqual({ holder: 'me', token: 1, beat: 0 });
    expect(askLease({ lease: mine, sinceMs: 0 }, 'me', 5_000, TTL, 0)).toEqual({ holder: 'me', token: 1, beat: 1 });
    expect(askLease({ lease: mine, sinceMs: 0 }, 'you', 14_999, TTL, 0)).toBeNull();
    expect(askLease({ lease: mine, sinceMs: 0 }, 'you', 15_000, TTL, 0)).toEqual({ holder: 'you', token: 2, beat: 0 });
  });

  it('is free at once when it was given back', () => {
    expect(askLease({ lease: { holder: null, token: 4, beat: 9 }, sinceMs: 0 }, 'you', 0, TTL, 0)).toEqual({
      holder: 'you',
      token: 5,
      beat: 0,
    });
  });

  it('exceeds every token that something was written under, though the server forgot the lease', () => {
    expect(askLease({ lease: null, sinceMs: 0 }, 'me', 0, TTL, 8)).toEqual({ holder: 'me', token: 8, beat: 0 });
    expect(askLease({ lease: { holder: 'me', token: 3, beat: 1 }, sinceMs: 0 }, 'me', 0, TTL, 8)).toEqual({
      holder: 'me',
      token: 8,
      beat: 0,
    });
  });

  it('counts its age from when it first looked as it does', () => {
    const lease: Lease = { holder: 'me', token: 1, beat: 0 };
    const first = sightOf(null, lease, 100);
    expect(sightOf(first, { ...lease }, 900)).toEqual({ lease, sinceMs: 100 });
    expect(sightOf(first, { ...lease, beat: 1 }, 900)).toEqual({ lease: { ...lease, beat: 1 }, sinceMs: 900 });
  });

  it('hazard 10: has one holder per token, and tokens only grow, whatever the order of requests', () => {
    const step = fc.record({ who: fc.constantFrom('a', 'b', 'c'), ms: fc.integer({ min: 0, max: 20_000 }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const sights = new Map<string, LeaseSight>();
        const holders = new Map<number, string>();
        let lease: Lease | null = null;
        let now = 0;
        for (const { who, ms } of steps) {
          now += ms;
          const sight = sightOf(sights.get(who) ?? null, lease, now);
          sights.set(who, sight);
          const asked: Lease | null = askLease(sight, who, now, TTL, 0);
          if (asked === null) continue;
          expect(asked.token).toBeGreaterThanOrEqual((lease as Lease | null)?.token ?? 0);
          expect(holders.get(asked.token) ?? who).toBe(who);
          holders.set(asked.token, who);
          lease = asked;
        }
      }),
    );
  });
});
