import type { Lane, ServerPool, Wanted } from './servers/pool.ts';

export type LanesOptions = { pool: ServerPool; patienceMs: number; signal: AbortSignal; elapsed: () => number };

/** The slots that one analysis holds: one, and where its server is worth more calls at once and has some free, more of them. */
export class Lanes {
  readonly #wanted: Wanted;
  readonly #options: LanesOptions;
  readonly #idle: Lane[] = [];
  readonly #waiting: ((lane: Lane | null) => void)[] = [];
  #count = 0;
  /** the one that was taken first, which says where further ones are */
  #first: Lane | null = null;

  constructor(wanted: Wanted, first: Lane | null, options: LanesOptions) {
    this.#wanted = wanted;
    this.#options = options;
    if (first !== null) {
      this.#idle.push(first);
      this.#first = first;
      this.#count = 1;
    }
  }

  /** How many calls at once its server is worth. */
  get width(): number {
    return this.#first?.slots.count ?? 1;
  }

  /**
   * A slot for one call: one that is held and idle, else a further one of the same server, else the next that falls free. Null where
   * no server can be asked within the patience. Throws the signal's reason.
   */
  async take(): Promise<Lane | null> {
    for (;;) {
      const idle = this.#idle.pop();
      if (idle !== undefined) {
        if (idle.slot.held()) return idle;
        await this.drop(idle);
        continue;
      }
      if (this.#count === 0) return this.#begin();
      const further = await this.#options.pool.take(this.#wanted, this.#first?.server);
      if (further !== null) {
        this.#count += 1;
        return further;
      }
      // Meanwhile a call may have ended, or all slots been lost.
      if (this.#idle.length > 0 || this.#count === 0) continue;
      const next = await new Promise<Lane | null>((resolve) => this.#waiting.push(resolve));
      if (next !== null) return next;
    }
  }

  /** Waits for the first slot; the others wait for what comes of it. */
  async #begin(): Promise<Lane | null> {
    this.#count += 1;
    let lane: Lane | null = null;
    try {
      lane = await this.#options.pool.acquire(this.#wanted, this.#options);
    } finally {
      if (lane === null) {
        this.#count -= 1;
        this.#waiting.shift()?.(null);
      }
    }
    if (lane !== null) this.#first = lane;
    return lane;
  }

  /** The call is over and the slot still good: the next call may have it. */
  putBack(lane: Lane): void {
    const next = this.#waiting.shift();
    if (next !== undefined && lane.slot.held()) next(lane);
    else {
      next?.(null);
      this.#idle.push(lane);
    }
  }

  /** The slot is given back: its server failed, or it was lost. */
  async drop(lane: Lane): Promise<void> {
    this.#count -= 1;
    this.#waiting.shift()?.(null);
    await lane.slot.release();
  }

  /** Gives all back that is idle; to be called when no call is under way. */
  async close(): Promise<void> {
    const lanes = this.#idle.splice(0);
    this.#count -= lanes.length;
    await Promise.all(lanes.map(({ slot }) => slot.release()));
  }
}
