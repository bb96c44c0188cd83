import { Slots } from '@chimera/shared/domain';
import { z } from 'zod';

/** The KV bucket of what was found out about a model on a server; the key is `<server>.<model>`. */
export const SERVERS_BUCKET = 'chimera_servers';

/** What was found out about a model on a server, once for all workers; it holds for this digest under this version alone. */
export const KnownServer = z.object({
  url: z.string(),
  model: z.string(),
  digest: z.string().nullable(),
  serverVersion: z.string().nullable(),
  /** null: not measured */
  slots: Slots.nullable(),
  /** what must be sent as `think` so that it obeys a schema: null means nothing */
  think: z.literal(false).nullable(),
  /** whether it obeyed a schema when it was tried; null: not tried */
  obeysSchema: z.boolean().nullable(),
});
export type KnownServer = z.infer<typeof KnownServer>;

/** What may be asked of a model without finding anything out. */
export const UNTRIED = { think: null, obeysSchema: null, slots: null } as const;

/** Calls at once that are tried. */
export const TRIED_AT_ONCE = [1, 2, 4] as const;

/** A greater number of slots must give this much more tokens per second: less is no gain, only longer answers. */
const LEAST_GAIN = 1.1;

/** How many slots follow from the tokens per second that so many calls at once had together. The rates ascend by `atOnce`. */
export function slotsFrom(rates: Slots['rates']): Slots {
  let best = rates[0];
  if (best === undefined) throw new RangeError('The number of slots cannot be told from no measurement.');
  for (const rate of rates.slice(1)) if (rate.tokensPerSecond >= best.tokensPerSecond * LEAST_GAIN) best = rate;
  return { count: best.atOnce, by: 'measured', rates: [...rates] };
}

/** One slot, because nobody said or measured how many there are. */
export const ASSUMED_SLOTS: Slots = { count: 1, by: 'assumed', rates: [] };
