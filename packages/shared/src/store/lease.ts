import { z } from 'zod';

/** The KV bucket of leases; the key is what is leased, such as a dataset's token. */
export const LEASES_BUCKET = 'chimera_leases';

/**
 * Who may do something alone. `token` grows with every change of the holder: whoever writes under a lease names it,
 * and what was written under a greater one refuses (a fencing token: a holder that slept through its lease can do
 * nothing). `beat` grows with every renewal. No times: clocks of several hosts differ.
 */
export const Lease = z.strictObject({
  /** null: given back */
  holder: z.string().min(1).nullable(),
  token: z.int().positive(),
  beat: z.int().nonnegative(),
});
export type Lease = z.infer<typeof Lease>;

/** What an instance knows of a lease: as it last saw it, and since when (monotonic ms) it has looked like that. */
export type LeaseSight = { lease: Lease | null; sinceMs: number };

/** A look at a lease: the time counts from when it first looked as it does. */
export function sightOf(before: LeaseSight | null, lease: Lease | null, nowMs: number): LeaseSight {
  const same = before !== null && JSON.stringify(before.lease) === JSON.stringify(lease);
  return same ? before : { lease, sinceMs: nowMs };
}

/**
 * The lease after `me` asked for it: renewed if it is mine, taken if it is nobody's or showed no beat for its
 * whole time, else null (another one's). `least`: the least token that is of use, known from elsewhere, because the server may have lost the lease and kept what was written under it.
 */
export function askLease(sight: LeaseSight, me: string, nowMs: number, ttlMs: number, least: number): Lease | null {
  const { lease } = sight;
  if (lease?.holder === me && lease.token >= least) return { ...lease, beat: lease.beat + 1 };
  const free = lease === null || lease.holder === null || lease.holder === me;
  if (!free && nowMs - sight.sinceMs < ttlMs) return null;
  return { holder: me, token: Math.max((lease?.token ?? 0) + 1, least), beat: 0 };
}

/** Something was written under a greater token: whoever tried is no longer the holder. */
export class StaleLease extends Error {
  override name = 'StaleLease';
}
