import { CURRENT_BUCKET, Current } from '@chimera/shared/store';
import { jetstream } from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import { expect, it } from 'vitest';
import { layFiles, SMALL } from '../support/dataset.ts';
import { type Fleet, type ServiceName, withFleet } from '../support/fleet.ts';
import type { NatsBinary } from '../support/nats.ts';
import { until } from '../support/wait.ts';
import { type Ear, listen } from './ear.ts';
import { leftBehind } from './left-behind.ts';
import { atRest, expectedOf, misdeeds, papersOf } from './verdict.ts';

const MINUTES = 300_000;
const GUARD_MS = 60_000;

// A message that is on its way in the very moment in which a worker ends is not handed back, and comes again after its wait.
const TRIES = 3;

async function settles(fleet: Fleet, ear: Ear): Promise<void> {
  await atRest(fleet, ear, await expectedOf(fleet.bucket));
}

async function tokenOf(ear: Ear): Promise<number> {
  const kv = await new Kvm(jetstream(ear.connection)).open(CURRENT_BUCKET);
  return Current.parse((await kv.get('bucket'))?.json()).fence.token;
}

/** The process that takes the bucket in, by what it said when it got the lease. */
const holder = (fleet: Fleet) =>
  fleet
    .names('ingest')
    .map((name) => ({
      name,
      token: Number(fleet.log(name).findLast(({ msg }) => msg === 'this process now takes the dataset in')?.token ?? 0),
    }))
    .reduce((a, b) => (b.token > a.token ? b : a)).name;

/** Many files, so that reading them takes a while. */
const MANY = Object.fromEntries(
  Array.from({ length: 400 }, (_, i) => [
    `many/${i}.csv`,
    `mode,latency_ms\n${Array.from({ length: 200 }, (_, n) => `m${n % 3},${i + n / 8}\n`).join('')}`,
  ]),
);

/** Several processes of each service, and what becomes of the work of those that sleep or are told to stop. */
export function pairs(binary: NatsBinary): void {
  it(
    'hazard 7, 10: two of each service print each run once, and one at a time takes the bucket in',
    async () => {
      await withFleet({ binary, count: 2 }, async (fleet) => {
        const ear = await listen(fleet.nats.url);
        try {
          await fleet.started();
          for (let i = 0; i < 5; i++) {
            layFiles({ ...SMALL, [`more-${i}.csv`]: `n_ms\n${i}\n` }, fleet.bucket);
            await until(
              `report ${i + 1}`,
              () =>
                papersOf(fleet.home, 'bucket').filter(
                  ({ report }) => report?.status === 'current' && report.artifacts.total === Object.keys(SMALL).length + i + 1,
                ).length === 1,
              GUARD_MS,
            );
          }
          await settles(fleet, ear);
          expect(await misdeeds(fleet, ear)).toEqual([]);
          expect(fleet.logs().filter(({ msg }) => msg === 'report printed').length).toBeGreaterThanOrEqual(5);
          expect(ear.seen()).toBeGreaterThan(10);
        } finally {
          await ear.close();
        }
      });
    },
    MINUTES,
  );

  it(
    'hazard 10: an ingest that slept through its lease, in the middle of taking the bucket in, does nothing stale when it wakes',
    async () => {
      await withFleet({ binary, count: 1, env: { CHIMERA_LEASE_SECONDS: '5' } }, async (fleet) => {
        const ear = await listen(fleet.nats.url);
        try {
          const second = fleet.add('ingest');
          await fleet.started();
          layFiles(SMALL, fleet.bucket);
          await settles(fleet, ear);
          const sleeper = holder(fleet);
          const other = sleeper === second ? 'ingest-1' : second;
          const token = await tokenOf(ear);

          const reading = ear.next(/^chimera\.progress\.v1\.-\.reading$/, 1, GUARD_MS);
          layFiles(MANY, fleet.bucket);
          await reading;
          fleet.send(sleeper, 'SIGSTOP');
          const before = fleet.log(sleeper).length;
          // While it sleeps the bucket changes, and what it was taking in is no longer true.
          layFiles({ 'many/0.csv': 'mode,latency_ms\nnew,1\n' }, fleet.bucket);
          await until('the other to take over', async () => (await tokenOf(ear)) > token, GUARD_MS);
          // It writes the token before it logs that it has it.
          await until('the word of the other', () => holder(fleet) === other, GUARD_MS);
          await until(
            'the report of the other',
            async () => {
              const expected = await expectedOf(fleet.bucket);
              return papersOf(fleet.home, 'bucket').some(
                ({ report }) => report?.status === 'current' && report.inventory === expected[0]?.evidence.inventory,
              );
            },
            GUARD_MS,
          );
          fleet.send(sleeper, 'SIGCONT');
          await until('the sleeper to show life', () => fleet.log(sleeper).length > before, GUARD_MS);
          layFiles({ 'last.csv': 'n_ms\n1\n' }, fleet.bucket);
          await settles(fleet, ear);
          expect(holder(fleet)).toBe(other);
          expect(
            fleet
              .log(sleeper)
              .slice(before)
              .filter(({ msg }) => msg === 'inventory published'),
          ).toEqual([]);
          console.log(
            `chaos: woken from its sleep, ingest said: ${fleet
              .log(sleeper)
              .slice(before)
              .map(({ msg }) => msg)
              .join(' | ')}`,
          );
          expect(await misdeeds(fleet, ear)).toEqual([]);
        } finally {
          await ear.close();
        }
      });
    },
    MINUTES,
  );

  it(
    'hazard 20: each service, told to stop in the middle of work, ends in order within 30 s, and another one goes on at once',
    async () => {
      // Right after these is the middle of each service's work.
      const middles: [ServiceName, RegExp][] = [
        ['ingest', /^chimera\.progress\.v1\.-\.reading$/],
        ['collector', /^chimera\.progress\.v1\..*\.narrating$/],
        ['insight', /^chimera\.progress\.v1\..*\.narrating$/],
        ['reporter', /^chimera\.progress\.v1\..*\.printing$/],
      ];
      await withFleet({ binary, count: 2 }, async (fleet) => {
        const ear = await listen(fleet.nats.url);
        try {
          await fleet.started();
          layFiles(SMALL, fleet.bucket);
          await settles(fleet, ear);
          for (const [service, middle] of middles) {
            let left: string[] = [];
            for (let again = 0; again < TRIES && (again === 0 || left.length > 0); again++) {
              const moment = ear.next(middle, 1, GUARD_MS);
              layFiles({ [`before-${service}-${again}.csv`]: `n_ms\n${service.length + again}\n` }, fleet.bucket);
              expect(await moment).not.toBeNull();
              // Which of the two works cannot be told from outside: both are told.
              const [one = '', two = ''] = fleet.names(service);
              const ends = await Promise.all([fleet.retire(one, 'SIGTERM'), fleet.retire(two, 'SIGTERM')]);
              for (const end of ends) {
                expect(end).toMatchObject({ code: 0, signal: null });
                expect(end.ms).toBeLessThan(30_000);
              }
              // What nobody hands back comes again only after a wait of 10 or 15 s.
              left = await leftBehind(ear.connection, service);
              fleet.add(service);
              fleet.add(service);
              await fleet.started();
              await settles(fleet, ear);
              const gone = ends.map(({ ms }) => ms.toFixed(0)).join(' and ');
              console.log(`chaos: ${service} told to stop: gone after ${gone} ms, and left behind: ${left.join(', ') || 'nothing'}`);
            }
            expect(left).toEqual([]);
          }
          expect(await misdeeds(fleet, ear)).toEqual([]);
        } finally {
          await ear.close();
        }
      });
    },
    MINUTES,
  );
}
