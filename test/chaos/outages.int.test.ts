import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { layFiles, SMALL } from '../support/dataset.ts';
import { type Fleet, withFleet } from '../support/fleet.ts';
import { describeOnEachNats } from '../support/nats.ts';
import { type Ear, listen } from './ear.ts';
import { EXTENT, seeded } from './plan.ts';
import { somebodyAt } from './somebody.ts';
import { atRest, expectedOf, misdeeds, papersOf } from './verdict.ts';

const MINUTES = 400_000;
const DATASETS = ['aa', 'bb'];
const { awaySeconds } = EXTENT;

/** Waits until the bucket as it lies there has its report, as in an undisturbed run. */
async function cometh(fleet: Fleet, ear: Ear): Promise<void> {
  await atRest(fleet, ear, await expectedOf(fleet.bucket));
}

describeOnEachNats(
  'chaos by outages',
  (binary) => {
    it(
      `hazard 2: services that start ${awaySeconds} s before NATS does report what was dropped meanwhile`,
      async () => {
        await withFleet({ binary, start: false }, async (fleet) => {
          await fleet.nats.stop();
          await fleet.nats.wipe();
          fleet.startAll();
          layFiles(SMALL, fleet.bucket);
          await sleep(awaySeconds * 1_000);
          expect(fleet.exits).toEqual([]);
          await fleet.nats.restart();
          const ear = await listen(fleet.nats.url);
          try {
            await cometh(fleet, ear);
            expect(await misdeeds(fleet, ear, { away: true })).toEqual([]);
            expect(papersOf(fleet.home, 'bucket')).toHaveLength(1);
          } finally {
            await ear.close();
          }
        });
      },
      MINUTES,
    );

    it(
      `hazard 2: NATS away for ${awaySeconds} s in the middle, while files are dropped, changes nothing but the time`,
      async () => {
        await seeded(`NATS ${binary.version} away`, (chance) =>
          withFleet({ binary, count: 2, env: { CHIMERA_DATASETS: 'folders' } }, async (fleet) => {
            const ear = await listen(fleet.nats.url);
            try {
              await fleet.started();
              const somebody = somebodyAt(fleet.bucket, DATASETS, chance);
              // In the middle of a run, whichever step that is.
              await ear.next(/^chimera\./, 5 + chance.below(40), 20_000);
              await fleet.nats.kill();
              await sleep(awaySeconds * 1_000);
              somebody.stop();
              await somebody.done;
              await fleet.nats.restart();
              await atRest(fleet, ear, await expectedOf(fleet.bucket, 'folders'), EXTENT);
              expect(await misdeeds(fleet, ear, { away: true })).toEqual([]);
            } finally {
              await ear.close();
            }
          }),
        );
      },
      MINUTES,
    );

    it(
      'hazard 3: all that NATS knows is wiped in the middle of runs, and the bucket alone brings back the same evidence and reports',
      async () => {
        await seeded(`NATS ${binary.version} wiped`, (chance) =>
          withFleet({ binary, count: 2, env: { CHIMERA_DATASETS: 'folders' } }, async (fleet) => {
            const ear = await listen(fleet.nats.url);
            try {
              await fleet.started();
              const somebody = somebodyAt(fleet.bucket, DATASETS, chance);
              for (let i = 0; i < 3; i++) {
                await ear.next(/^chimera\.|^\$KV/, 5 + chance.below(60), 10_000);
                await fleet.nats.kill();
                await fleet.nats.wipe();
                ear.forget();
                await fleet.nats.restart();
              }
              somebody.stop();
              await somebody.done;
              await atRest(fleet, ear, await expectedOf(fleet.bucket, 'folders'), EXTENT);
              expect(await misdeeds(fleet, ear, { forgot: true })).toEqual([]);
            } finally {
              await ear.close();
            }
          }),
        );
      },
      MINUTES,
    );

    // Power cannot be cut here; the simulator has a server that forgets its last messages (test/simulator). This one is set back by a copy of its state.
    it(
      'hazard 3, 4: NATS set back to the state of some seconds ago, in the middle of runs, ends where an undisturbed run ends',
      async () => {
        await seeded(`NATS ${binary.version} set back`, (chance) =>
          withFleet({ binary, count: 2, env: { CHIMERA_DATASETS: 'folders' } }, async (fleet) => {
            const ear = await listen(fleet.nats.url);
            const copy = join(fleet.folder, 'nats-as-it-was');
            try {
              await fleet.started();
              const somebody = somebodyAt(fleet.bucket, DATASETS, chance);
              for (let i = 0; i < 2; i++) {
                await ear.next(/^chimera\.|^\$KV/, 5 + chance.below(60), 10_000);
                await fleet.nats.kill();
                rmSync(copy, { recursive: true, force: true });
                cpSync(fleet.nats.folder, copy, { recursive: true });
                await fleet.nats.restart();
                await ear.next(/^chimera\.|^\$KV/, 10 + chance.below(100), 15_000);
                await fleet.nats.kill();
                await fleet.nats.wipe();
                cpSync(copy, fleet.nats.folder, { recursive: true });
                ear.forget();
                await fleet.nats.restart();
              }
              somebody.stop();
              await somebody.done;
              await atRest(fleet, ear, await expectedOf(fleet.bucket, 'folders'), EXTENT);
              expect(await misdeeds(fleet, ear, { forgot: true })).toEqual([]);
            } finally {
              await ear.close();
            }
          }),
        );
      },
      MINUTES,
    );
  },
  { concurrent: true },
);
