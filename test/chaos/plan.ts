import { randomInt } from 'node:crypto';
import { type Chance, chanceFrom } from '../simulator/chance.ts';
import { SERVICE_NAMES, type ServiceName } from '../support/fleet.ts';

/** `npm run chaos` takes all the time it needs; `npm test` takes samples. */
const full = process.env.CHIMERA_CHAOS === 'full';

/**
 * How much is done to the system: on each server so many kills of each service and of NATS, and so long NATS is away
 * (seconds); whether all suites run on all servers, and whether a last message that waits for its next delivery is waited for.
 */
export const EXTENT = full
  ? { kills: 50, natsKills: 20, awaySeconds: 60, newest: false, drained: true }
  : { kills: 6, natsKills: 3, awaySeconds: 5, newest: true, drained: false };

/** The seed of this run, which CHIMERA_CHAOS_SEED sets to do the same things in the same order again. */
export function seed(): number {
  const given = Number(process.env.CHIMERA_CHAOS_SEED);
  return Number.isSafeInteger(given) && given > 0 ? given : randomInt(1, 2 ** 31);
}

/** Says the seed, and makes it part of a fault. */
export async function seeded(what: string, body: (chance: Chance) => Promise<void>): Promise<void> {
  const mine = seed();
  console.log(`chaos: ${what}: seed ${mine}`);
  try {
    await body(chanceFrom(mine));
  } catch (error) {
    throw new Error(`Seed ${mine} (CHIMERA_CHAOS_SEED=${mine} does the same again): ${(error as Error).message}`, { cause: error });
  }
}

/** Who is killed, and when: some time after the last kill, or so long after the n-th message of a kind. */
export type Kill = {
  victim: ServiceName | 'nats';
  /** which of the processes of its service, as a fraction */
  which: number;
  when: { ms: number } | { subject: RegExp; n: number; lagMs: number };
};

/** What a service's steps are told by, from the first to the last: the moments in between are where a crash may hurt. */
const STEPS: Record<ServiceName, readonly RegExp[]> = {
  ingest: [
    /^chimera\.progress\.v1\.-\.reading$/,
    /^chimera\.progress\.v1\.-\.inventory$/,
    /^chimera\.inventory\.v1\.published\./,
    /^\$KV\.chimera_current\./,
    /^\$KV\.chimera_leases\./,
  ],
  collector: agentSteps('collector'),
  insight: agentSteps('insight'),
  reporter: [
    /^chimera\.analysis\.v1\.completed\./,
    /^chimera\.progress\.v1\..*\.print(ing|ed)$/,
    /^chimera\.report\.v1\.published\./,
    /^\$KV\.chimera_reports\./,
    /^\$KV\.chimera_joins\./,
    /^\$KV\.chimera_current\./,
    /^\$JS\.ACK\.chimera_events\.reporter_/,
  ],
};

function agentSteps(agent: string): RegExp[] {
  return [
    /^chimera\.inventory\.v1\.published\./,
    new RegExp(`^chimera\\.analysis\\.v1\\.requested\\.${agent}\\.`),
    /^chimera\.progress\.v1\..*\.narrat(ing|ed)$/,
    new RegExp(`^chimera\\.analysis\\.v1\\.completed\\.${agent}$`),
    /^\$KV\.chimera_joins\./,
    new RegExp(`^\\$JS\\.ACK\\.chimera_(work|events)\\.${agent}_`),
  ];
}

/** So many kills of each service and of NATS, in an order and at moments that follow from chance. */
export function killPlan(chance: Chance, { kills, natsKills }: { kills: number; natsKills: number }): Kill[] {
  const victims: Kill['victim'][] = [
    ...SERVICE_NAMES.flatMap((service) => Array.from({ length: kills }, () => service)),
    ...Array.from({ length: natsKills }, () => 'nats' as const),
  ];
  const steps = Object.values(STEPS).flat();
  return shuffled(victims, chance).map((victim) => ({
    victim,
    which: chance.next(),
    when: chance.of(0.3)
      ? { ms: chance.between(20, 800) }
      : {
          subject: chance.pick(victim === 'nats' ? steps : STEPS[victim]),
          n: 1 + chance.below(3),
          lagMs: chance.of(0.5) ? 0 : chance.between(0, 40),
        },
  }));
}

function shuffled<T>(items: readonly T[], chance: Chance): T[] {
  return items
    .map((item) => ({ item, at: chance.next() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}
