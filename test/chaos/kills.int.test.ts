import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { type Fleet, withFleet } from '../support/fleet.ts';
import { describeOnEachNats } from '../support/nats.ts';
import { type Ear, listen } from './ear.ts';
import { EXTENT, type Kill, killPlan, seeded } from './plan.ts';
import { somebodyAt } from './somebody.ts';
import { atRest, expectedOf, misdeeds } from './verdict.ts';

const DATASETS = ['aa', 'bb', 'cc'];
// A kind of message that does not come is not waited for.
const MOMENT_GUARD_MS = 1_500;

/** Kills as planned; returns how many were led by a message. */
async function carryOut(plan: readonly Kill[], fleet: Fleet, ear: Ear): Promise<number> {
  let led = 0;
  for (const { victim, which, when } of plan) {
    if ('ms' in when) await sleep(when.ms);
    else {
      if ((await ear.next(when.subject, when.n, MOMENT_GUARD_MS)) !== null) led++;
      if (when.lagMs > 0) await sleep(when.lagMs);
    }
    if (victim === 'nats') {
      await fleet.nats.kill();
      await fleet.nats.restart();
    } else {
      const names = fleet.names(victim);
      const first = Math.floor(which * names.length);
      // Each planned kill is one that hits.
      while (![...names.slice(first), ...names].some((name) => fleet.kill(name))) await sleep(10);
    }
  }
  return led;
}

describeOnEachNats(
  'chaos by kills',
  (binary) => {
    const { kills, natsKills } = EXTENT;
    it(`hazard 1, 2, 5, 7, 10: two of each service, each service killed ${kills} times and NATS ${natsKills} times while files come, change and go, end where an undisturbed run ends`, async () => {
      await seeded(`kills on nats-server ${binary.version}`, (chance) =>
        withFleet({ binary, count: 2, env: { CHIMERA_DATASETS: 'folders' } }, async (fleet) => {
          const ear = await listen(fleet.nats.url);
          try {
            await fleet.started();
            const somebody = somebodyAt(fleet.bucket, DATASETS, chance);
            const began = performance.now();
            const led = await carryOut(killPlan(chance, EXTENT), fleet, ear);
            const seconds = (performance.now() - began) / 1_000;
            somebody.stop();
            await somebody.done;
            const expected = await expectedOf(fleet.bucket, 'folders');
            expect(expected.map(({ dataset }) => dataset)).toEqual(DATASETS);
            const quiet = performance.now();
            await atRest(fleet, ear, expected, EXTENT);
            console.log(
              `chaos: ${4 * kills} kills of services and ${natsKills} of NATS in ${seconds.toFixed(0)} s, ${led} of them led by a message; ${somebody.acts()} acts; ` +
                `${ear.seen()} changes of documents; at rest ${((performance.now() - quiet) / 1_000).toFixed(1)} s later`,
            );
            expect(await misdeeds(fleet, ear, { away: true })).toEqual([]);
          } finally {
            await ear.close();
          }
        }),
      );
    }, 900_000);
  },
  { concurrent: true },
);
