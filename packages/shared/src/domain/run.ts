import { z } from 'zod';
import { Profile } from './profile.ts';
import { Sha256 } from './text.ts';

/** One inventory under one profile. `id` is the hash of inventory, profile and ordinal (campaigns only). */
export const Run = z.object({
  id: Sha256,
  dataset: z.string().min(1),
  inventory: Sha256,
  profile: Profile,
  ordinal: z.int().nonnegative().nullable(),
});
export type Run = z.infer<typeof Run>;
