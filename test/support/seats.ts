import type { Seat } from '../../packages/shared/src/bus/gated-worker.ts';
import type { TaskQueue } from '../../packages/shared/src/bus/testing.ts';
import { type Recorder, recorder } from './wait.ts';

/** What a seat gives to whoever handles a message. */
export type Means = { seat: number };

/** As many seats as are offered; each says when it was left. */
export class Seats {
  readonly left: Recorder<number> = recorder();
  readonly given: number[] = [];
  readonly #queue: TaskQueue;
  readonly #offered: number[] = [];
  #wake = () => {};

  constructor(queue: TaskQueue) {
    this.#queue = queue;
  }

  offer(...seats: number[]): void {
    this.#offered.push(...seats);
    this.#wake();
  }

  next = async (stopping: AbortSignal): Promise<Seat<Means> | null> => {
    while (!stopping.aborted) {
      const seat = this.#offered.shift();
      if (seat !== undefined) return this.#seat(seat);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        stopping.addEventListener('abort', () => resolve(), { once: true });
      });
    }
    return null;
  };

  #seat(seat: number): Seat<Means> {
    this.given.push(seat);
    return { consumer: this.#queue.consumer, means: { seat }, leave: async () => this.left.add(seat) };
  }
}
