import type { Clock } from '@chimera/shared/bus';
import type { InventoryRef, Profile } from '@chimera/shared/domain';
import { createLogger } from '@chimera/shared/service';
import { type Join, openJoin, runOf } from '@chimera/shared/store';
import { describe, expect, it, vi } from 'vitest';
import { createPreparing } from './preparing.ts';
import type { Printer } from './printer.ts';

const AT = '2026-03-04T05:06:07.000Z';
const hash = (n: number) => n.toString(16).padStart(64, '0');
const profile: Profile = { name: 'p', agents: { collector: { model: 'm', options: {} } } };

function joinOf(n: number, analysis?: number): Join {
  const inventory: InventoryRef = {
    ...{ dataset: `d${n}`, inventory: hash(n), generation: 1, evidence: hash(n + 100), observations: hash(n + 200) },
    ...{ measurements: hash(n + 300), artifacts: 1, refused: 0, ingest: { startedAt: AT, finishedAt: AT, seconds: 1 } },
  };
  const join = openJoin(runOf(inventory.dataset, inventory.inventory, profile), inventory, AT);
  return analysis === undefined ? join : { ...join, parts: { collector: { state: 'done', analysis: hash(analysis) } } };
}

/** A clock whose sleeps end when they are told to. */
function steppedClock() {
  let sleepers: { end: () => void; ms: number }[] = [];
  const clock: Clock = {
    ...{ now: () => 0, elapsed: () => 0, every: () => () => undefined, random: () => 0 },
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        signal?.addEventListener('abort', () => resolve(), { once: true });
        sleepers.push({ end: resolve, ms });
      }),
  };
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  return {
    clock,
    sleeping: () => sleepers.map(({ ms }) => ms),
    /** Ends all that sleep, again and again, so many times. */
    async step(times = 1) {
      for (let i = 0; i < times; i++) {
        const now = sleepers;
        sleepers = [];
        for (const { end } of now) end();
        await settled();
      }
    },
  };
}

function parts(steps = 2, fail = false) {
  const said: string[] = [];
  const logger = createLogger('test', 'silent');
  const warned = vi.spyOn(logger, 'warn');
  const printer = {
    async *prepare({ run, parts }: Join) {
      said.push(`${run.dataset} ${parts.collector?.state}`);
      for (let i = 1; i <= steps; i++) {
        yield;
        said.push(`${run.dataset} ${i}`);
        if (fail) throw new Error('the evidence is damaged');
      }
    },
    forget: ({ run }: Join) => void said.push(`${run.dataset} forgotten`),
  } as unknown as Printer;
  const time = steppedClock();
  return { said, warned, time, printer, preparing: createPreparing({ clock: time.clock, logger }, printer) };
}

describe('preparing', () => {
  it('lets the agents begin first, and others between its steps', async () => {
    const { said, time, preparing } = parts();
    preparing.awaits(joinOf(1));
    expect([said, time.sleeping()]).toEqual([[], [500]]);
    await time.step();
    expect(said).toEqual(['d1 waiting']);
    await time.step();
    expect(said).toEqual(['d1 waiting', 'd1 1']);
    await time.step(5);
    preparing.awaits(joinOf(1));
    await time.step(5);
    expect(said).toEqual(['d1 waiting', 'd1 1', 'd1 2']);
  });

  it('prepares what has come since, at once', async () => {
    const { said, time, preparing } = parts(1);
    preparing.awaits(joinOf(1));
    await time.step(5);
    preparing.awaits(joinOf(1, 7));
    await time.step(1);
    expect([said.at(-1), time.sleeping()]).toEqual(['d1 done', [5]]);
    await time.step(5);
    expect(said).toEqual(['d1 waiting', 'd1 1', 'd1 done', 'd1 1']);
  });

  it('prepares two at most, one after the other, and the next when one of them is printed', async () => {
    const { said, time, preparing } = parts(1);
    for (const n of [1, 2, 3]) preparing.awaits(joinOf(n));
    await time.step(20);
    preparing.awaits(joinOf(3));
    await time.step(20);
    expect(said).toEqual(['d1 waiting', 'd1 1', 'd2 waiting', 'd2 1']);
    preparing.ended(joinOf(1).run.id, joinOf(1));
    preparing.awaits(joinOf(3));
    await time.step(20);
    expect(said.slice(4)).toEqual(['d1 forgotten', 'd3 waiting', 'd3 1']);
  });

  it('leaves a run that is printed meanwhile, one that has no join any more, and all when it stops', async () => {
    const { said, time, preparing } = parts(9);
    preparing.awaits(joinOf(1));
    preparing.awaits(joinOf(2));
    await time.step();
    preparing.ended(joinOf(1).run.id, joinOf(1));
    await time.step(2);
    expect(said).toEqual(['d1 waiting', 'd1 forgotten', 'd2 waiting']);
    preparing.ended(joinOf(2).run.id, null);
    await time.step(9);
    expect(said).toEqual(['d1 waiting', 'd1 forgotten', 'd2 waiting', 'd2 forgotten']);
    preparing.awaits(joinOf(3));
    await time.step();
    preparing.stop();
    preparing.awaits(joinOf(1));
    await time.step(9);
    expect(said.slice(4)).toEqual(['d3 waiting']);
  });

  it('prepares nothing while something is printed', async () => {
    const { said, time, preparing } = parts();
    preparing.awaits(joinOf(1));
    await time.step();
    const [first, second] = [Promise.withResolvers<string>(), Promise.withResolvers<string>()];
    const printed = preparing.standBack(() => first.promise);
    const failed = preparing.standBack(() => second.promise);
    await time.step(5);
    expect(said).toEqual(['d1 waiting']);
    first.resolve('a report');
    second.reject(new Error('the disk is full'));
    await expect(printed).resolves.toBe('a report');
    await expect(failed).rejects.toThrow('the disk is full');
    await time.step(5);
    expect(said).toEqual(['d1 waiting', 'd1 1', 'd1 2']);
  });

  it('keeps what another run of the same inventory waits for', async () => {
    const { said, time, preparing } = parts(1);
    const other: Join = { ...joinOf(1), run: { ...joinOf(1).run, id: hash(77), ordinal: 1 } };
    preparing.awaits(joinOf(1));
    preparing.awaits(other);
    await time.step(9);
    preparing.ended(joinOf(1).run.id, joinOf(1));
    expect(said).not.toContain('d1 forgotten');
    preparing.ended(other.run.id, other);
    expect(said.at(-1)).toBe('d1 forgotten');
  });

  it('says in the log that something could not be prepared, and goes on', async () => {
    const { said, warned, time, preparing } = parts(2, true);
    preparing.awaits(joinOf(1));
    preparing.awaits(joinOf(2));
    await time.step(20);
    preparing.awaits(joinOf(1));
    await time.step(20);
    expect(said).toEqual(['d1 waiting', 'd1 1', 'd2 waiting', 'd2 1']);
    expect(warned.mock.calls.map(([of, words]) => [(of as { err: Error }).err.message, words])).toEqual(
      Array.from({ length: 2 }, () => ['the evidence is damaged', expect.stringContaining('could not be prepared')]),
    );
  });

  it('does nothing where the printer prepares nothing', async () => {
    const { said, time, printer } = parts();
    const { prepare: _, ...plain } = printer;
    const preparing = createPreparing({ clock: time.clock, logger: createLogger('test', 'silent') }, plain);
    preparing.awaits(joinOf(1));
    expect([said, time.sleeping()]).toEqual([[], []]);
  });
});
