import { type Dependencies, noTracer } from '@chimera/shared/service';
import { analysesOf, type Join } from '@chimera/shared/store';
import type { Printer } from './printer.ts';

/** Has what is waited for prepared, so that its report takes the less time. Nothing needs it: what was not prepared is made when it is printed. */
export type Preparing = {
  /** Tells of a join that waits, as often as it is looked at: what has come since is prepared too. */
  awaits(join: Join): void;
  /** Tells of the join of a run that is printed, or never will be; null where there is none any more. */
  ended(run: string, join: Join | null): void;
  /** Does what somebody waits for; nothing is prepared meanwhile. */
  standBack<T>(work: () => Promise<T>): Promise<T>;
  stop(): void;
};

// What is prepared lies in memory.
const MOST_PREPARED = 2;
// The agents begin first: where all services share a process, their first requests are not held up.
const BEFORE_FIRST_MS = 500;
const BETWEEN_STEPS_MS = 5;

type Waiting = { join: Join /** what it has been prepared for */; done: string | null; leave: AbortController };

/** Prepares one join after the other, step by step, beside whatever else is to be done. */
export function createPreparing(
  { clock, logger, tracer = noTracer }: Pick<Dependencies, 'clock' | 'logger' | 'tracer'>,
  printer: Printer,
): Preparing {
  const waiting = new Map<string, Waiting>();
  /** ends when all that somebody waits for is done */
  let free: Promise<unknown> = Promise.resolve();
  let running = false;
  let stopping = false;

  async function prepare(one: Waiting): Promise<void> {
    const { join, done, leave } = one;
    const { signal } = leave;
    if (done === null) await clock.sleep(BEFORE_FIRST_MS, signal);
    await free;
    if (signal.aborted) return;
    // Told before it is done: what fails is left to printing, and is not tried again until something new has come.
    one.done = stateOf(join);
    try {
      for await (const _ of printer.prepare?.(join) ?? []) {
        await clock.sleep(BETWEEN_STEPS_MS, signal);
        await free;
        if (signal.aborted) return;
      }
      logger.debug({ dataset: join.run.dataset, run: join.run.id }, 'the report is prepared as far as it can be');
    } catch (error) {
      const of = { err: error, dataset: join.run.dataset, run: join.run.id };
      if (signal.aborted) logger.debug(of, 'preparing a report was left');
      else logger.warn(of, 'the report could not be prepared; all of it is made when it is printed');
    }
  }

  async function run(): Promise<void> {
    running = true;
    for (;;) {
      const next = [...waiting.values()].find(({ join, done }) => done !== stateOf(join));
      if (next === undefined) break;
      // Whoever was there first began this: each join is prepared in its own trace.
      await tracer.under(next.join.inventory.traceparent, () => prepare(next));
    }
    running = false;
  }

  return {
    awaits(join) {
      if (printer.prepare === undefined || stopping) return;
      const known = waiting.get(join.run.id);
      if (known) known.join = join;
      else if (waiting.size < MOST_PREPARED) waiting.set(join.run.id, { join, done: null, leave: new AbortController() });
      if (!running) void run();
    },
    ended(run, join) {
      const known = waiting.get(run);
      known?.leave.abort();
      waiting.delete(run);
      const over = join ?? known?.join ?? null;
      const others = [...waiting.values()].map((one) => one.join.inventory);
      if (over && !others.some(({ evidence }) => evidence === over.inventory.evidence)) printer.forget?.(over);
    },
    standBack(work) {
      const now = work();
      free = Promise.allSettled([free, now]);
      return now;
    },
    stop() {
      stopping = true;
      for (const { leave } of waiting.values()) leave.abort();
      waiting.clear();
    },
  };
}

/** What of a join can be prepared for. */
function stateOf(join: Join): string {
  return JSON.stringify([join.inventory.evidence, join.inventory.observations, analysesOf(join)]);
}
