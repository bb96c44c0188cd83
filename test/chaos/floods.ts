import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DeadLettered, InventoryPublished, ReportPublished } from '@chimera/shared/bus';
import { jetstream } from '@nats-io/jetstream';
import { expect, it } from 'vitest';
import { layFiles, SMALL } from '../support/dataset.ts';
import { type Fleet, withFleet } from '../support/fleet.ts';
import type { NatsBinary } from '../support/nats.ts';
import { until } from '../support/wait.ts';
import { type Ear, listen, messagesOf } from './ear.ts';
import { atRest, expectedOf, misdeeds, papersOf } from './verdict.ts';

const MINUTES = 300_000;
const GUARD_MS = 60_000;
const FLOOD = 1_000;

const csv = (i: number) => `mode,latency_ms\n${Array.from({ length: 20 }, (_, n) => `m${n % 2},${i + n / 8}\n`).join('')}`;

/** A fleet and an ear for it; afterwards everything is at rest and nothing bad has happened, or only what `but` names. */
async function heard(binary: NatsBinary, body: (fleet: Fleet, ear: Ear) => Promise<void>, but = /^$/): Promise<void> {
  await withFleet({ binary, count: 2 }, async (fleet) => {
    const ear = await listen(fleet.nats.url);
    try {
      await fleet.started();
      await body(fleet, ear);
      await atRest(fleet, ear, await expectedOf(fleet.bucket));
      expect((await misdeeds(fleet, ear)).filter((what) => !but.test(what))).toEqual([]);
    } finally {
      await ear.close();
    }
  });
}

const current = (fleet: Fleet) => papersOf(fleet.home, 'bucket').find(({ report }) => report?.status === 'current')?.report ?? null;

/** Much at once, and things of which nothing can be made. */
export function floods(binary: NatsBinary): void {
  it(
    `hazard 8, 11, 15: of ${FLOOD} files at once all are read but the poisoned ones, which are refused with a reason, and twins count once`,
    async () => {
      await heard(binary, async (fleet, ear) => {
        const files: Record<string, string> = {};
        for (let i = 0; i < FLOOD - 5; i++) files[`flood/${i % 10}/${i}.csv`] = csv(i);
        const twins = { 'twins/one.csv': 'n_ms\n7\n', 'twins/two.csv': 'n_ms\n7\n' };
        const poison = { 'poison/cut.json': '{"x": [1, 2', 'poison/zeros.bin': '\u0000\u0001\u0002', 'poison/empty.csv': '' };
        layFiles({ ...files, ...twins, ...poison }, fleet.bucket);
        const report = await until(
          'the report of all',
          () => (current(fleet)?.artifacts.total === FLOOD ? current(fleet) : null),
          GUARD_MS,
        );
        expect(report.artifacts.refused.map(({ path }) => path).sort()).toEqual(
          expect.arrayContaining(['poison/cut.json', 'poison/zeros.bin']),
        );
        for (const { reason } of report.artifacts.refused) expect(reason).not.toBe('');
        expect(report.artifacts.read).toBe(FLOOD - report.artifacts.refused.length);
        expect(JSON.stringify(report.page)).toContain('twins/two.csv');
        const [{ evidence } = { evidence: null }] = await expectedOf(fleet.bucket);
        const ofTwins = evidence?.facts.filter(({ scope }) => scope.startsWith('twins/')).map(({ scope, metric }) => `${scope} ${metric}`);
        expect(ofTwins?.sort()).toEqual(['twins/one.csv duplicate_paths', 'twins/one.csv n_ms']);
        // One look at a thousand files is one inventory, not a thousand.
        expect((await messagesOf(ear.connection, 'chimera_events', InventoryPublished.subjects)).length).toBeLessThan(5);
        for (const path of Object.keys(poison)) rmSync(join(fleet.bucket, path));
      });
    },
    MINUTES,
  );

  it(
    'hazard 6: a file that goes away before, while or after it is read holds up nothing: the others are reported',
    async () => {
      await heard(binary, async (fleet, ear) => {
        layFiles(Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`many/${i}.csv`, csv(i)])), fleet.bucket);
        await until('the first report', () => current(fleet), GUARD_MS);
        // It is listed last, and gone as soon as reading begins: how far that is by then differs from try to try.
        for (let tries = 1; tries <= 6; tries++) {
          const reading = ear.next(/^chimera\.progress\.v1\.-\.reading$/, 1, GUARD_MS);
          layFiles(Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`many/${i}.csv`, csv(i + tries)])), fleet.bucket);
          writeFileSync(join(fleet.bucket, 'zz.csv'), 'n_ms\n1\n');
          await reading;
          rmSync(join(fleet.bucket, 'zz.csv'));
          await until('a report of the others', () => current(fleet)?.artifacts.total === 300, GUARD_MS);
        }
        expect(existsSync(join(fleet.bucket, 'zz.csv'))).toBe(false);
      });
    },
    MINUTES,
  );

  it(
    'hazard 5, 11: an inventory that is told of a thousand times is reported once, and a message that is none dies with its reason',
    async () => {
      await heard(
        binary,
        async (fleet, ear) => {
          layFiles(SMALL, fleet.bucket);
          await atRest(fleet, ear, await expectedOf(fleet.bucket));
          const [inventory] = await messagesOf(ear.connection, 'chimera_events', InventoryPublished.subjects);
          const told = (await messagesOf(ear.connection, 'chimera_events', ReportPublished.subjects)).length;
          const client = jetstream(ear.connection);
          const subject = InventoryPublished.subject(InventoryPublished.schema.parse(inventory));
          await client.publish(subject, 'no inventory');
          for (let i = 0; i < 1_000; i += 100)
            await Promise.all(
              Array.from({ length: 100 }, (_, n) => client.publish(subject, JSON.stringify(inventory), { msgID: `again ${i + n}` })),
            );
          await atRest(fleet, ear, await expectedOf(fleet.bucket));
          expect(await messagesOf(ear.connection, 'chimera_events', ReportPublished.subjects)).toHaveLength(told);
          const letters = (await messagesOf(ear.connection, 'chimera_dead', DeadLettered.subjects)).map((letter) =>
            DeadLettered.schema.parse(letter),
          );
          expect(letters.map(({ durable }) => durable).sort()).toEqual(['collector_planner', 'insight_planner', 'reporter_inventory']);
        },
        /is no inventory\.published/,
      );
    },
    MINUTES,
  );
}
