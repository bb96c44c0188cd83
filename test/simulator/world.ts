import type { Clock } from '@chimera/shared/bus';
import { type Chance, chanceFrom } from './chance.ts';

/** A process of the simulated world: what it awaits never comes once it is dead. */
export type Process = {
  name: string;
  alive: boolean;
  /** how far its wall clock is off (ms): it may jump */
  skewMs: number;
  /** called once when it is killed */
  onDeath: Set<() => void>;
};

/** How likely things go wrong, per step; all zero: an undisturbed world. */
export type Faults = {
  /** a process dies at a step of its own */
  crash: number;
  /** a request does not reach its server */
  lostRequest: number;
  /** a request takes effect, and its answer is lost */
  lostReply: number;
  /** a step takes very long */
  stall: number;
  /** a wall clock jumps by up to an hour */
  jump: number;
};

export const NO_FAULTS: Faults = { crash: 0, lostRequest: 0, lostReply: 0, stall: 0, jump: 0 };

// Wall clocks begin here; any time would do.
const EPOCH = Date.UTC(2026, 0, 1);
const TIMEOUT_MS = 5_000;

type Event = { at: number; order: number; act: () => void };

/**
 * Virtual time and everything that happens in it, one event after the other, in an order that follows from the seed.
 * Code of the services runs between two events, as far as it comes without waiting for anything.
 */
export class World {
  readonly chance: Chance;
  faults: Faults = NO_FAULTS;
  now = 0;
  /** what happened, for a person; kept only if asked for */
  readonly trace: string[] | null;
  events = 0;
  /** called when a fault kills a process */
  onCrash: (process: Process) => void = () => {};
  readonly #queue: Event[] = [];
  #order = 0;

  constructor(seed: number, traced: boolean) {
    this.chance = chanceFrom(seed);
    this.trace = traced ? [] : null;
  }

  say(text: () => string): void {
    this.trace?.push(`${(this.now / 1_000).toFixed(3).padStart(9)} ${text()}`);
  }

  /** Lets something happen after so many milliseconds; returns how to call it off. */
  after(ms: number, act: () => void): () => void {
    const event: Event = { at: this.now + Math.max(0, ms), order: this.#order++, act };
    this.#push(event);
    return () => {
      event.act = () => {};
    };
  }

  /** Runs until a time, or until nothing more will happen. */
  async run(untilMs: number): Promise<void> {
    await settled();
    for (;;) {
      const next = this.#queue[0];
      if (next === undefined || next.at > untilMs) break;
      this.#pop();
      this.now = Math.max(this.now, next.at);
      this.events++;
      next.act();
      await settled();
    }
    this.now = Math.max(this.now, untilMs);
  }

  /**
   * A request of a process to something outside of it: takes time, may be lost before or after it takes effect, and
   * its process may die at any of these moments. `effect` happens at the other side, at one moment.
   */
  request<T>(process: Process, what: string, effect: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      const { chance, faults } = this;
      if (!process.alive) return;
      if (chance.of(faults.crash)) return this.kill(process, `before ${what}`);
      if (chance.of(faults.jump)) process.skewMs = chance.between(-3_600_000, 3_600_000);
      const late = () => this.after(TIMEOUT_MS, () => process.alive && reject(new Error(`${what}: no answer came (simulated)`)));
      if (chance.of(faults.lostRequest)) {
        this.say(() => `${process.name}: ${what} LOST`);
        late();
        return;
      }
      this.after(this.#latency(), () => {
        let outcome: { value: T } | { error: unknown };
        try {
          outcome = { value: effect() };
        } catch (error) {
          outcome = { error };
        }
        this.say(() => `${process.name}: ${what}${'error' in outcome ? ` failed: ${(outcome.error as Error).message}` : ''}`);
        if (chance.of(faults.lostReply)) {
          this.say(() => `${process.name}: the answer to ${what} LOST`);
          late();
          return;
        }
        this.after(this.#latency(), () => {
          if (!process.alive) return;
          if (chance.of(faults.crash)) return this.kill(process, `after ${what}`);
          if ('error' in outcome) reject(outcome.error);
          else resolve(outcome.value);
        });
      });
    });
  }

  kill(process: Process, when: string): void {
    if (!process.alive) return;
    this.say(() => `${process.name} DIES ${when}`);
    process.alive = false;
    for (const act of process.onDeath) act();
    this.onCrash(process);
  }

  #latency(): number {
    if (this.chance.of(this.faults.stall)) return this.chance.between(1_000, 60_000);
    return this.chance.between(0.2, 20);
  }

  /** The clock of one process. Timers of a dead one never fire. */
  clockOf(process: Process): Clock {
    const { chance } = this;
    return {
      now: () => Math.floor(EPOCH + this.now + process.skewMs),
      elapsed: () => this.now,
      random: () => chance.next(),
      sleep: (ms, signal) =>
        new Promise((resolve) => {
          if (signal?.aborted) return resolve();
          const callOff = this.after(ms, () => {
            signal?.removeEventListener('abort', end);
            if (process.alive) resolve();
          });
          const end = () => {
            callOff();
            if (process.alive) resolve();
          };
          signal?.addEventListener('abort', end, { once: true });
        }),
      every: (ms, act) => {
        let callOff = () => {};
        const next = () => {
          callOff = this.after(ms, () => {
            if (!process.alive) return;
            act();
            next();
          });
        };
        next();
        return () => callOff();
      },
    };
  }

  #push(event: Event): void {
    const heap = this.#queue;
    let at = heap.push(event) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!before(event, heap[parent] as Event)) break;
      heap[at] = heap[parent] as Event;
      at = parent;
    }
    heap[at] = event;
  }

  #pop(): void {
    const heap = this.#queue;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1] as Event, heap[child] as Event)) child++;
      if (!before(heap[child] as Event, last)) break;
      heap[at] = heap[child] as Event;
      at = child;
    }
    heap[at] = last;
  }
}

function before(a: Event, b: Event): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

/** Resolves when all code that can run without waiting for an event has run. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
