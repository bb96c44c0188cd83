/** Places for so many at once; whoever comes when all are taken waits, in order of arrival. */
export class Slots {
  readonly #size: number;
  #taken = 0;
  readonly #waiting: (() => void)[] = [];

  /** @param size at least 1; Infinity for no bound */
  constructor(size: number) {
    this.#size = size;
  }

  get free(): boolean {
    return this.#taken < this.#size;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** Takes a place, to be given back with `release`. Rejects with the signal's reason, and leaves the queue, when that aborts first. */
  async take(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.free) {
      this.#taken += 1;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const turn = (): void => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      const leave = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(turn), 1);
        reject(signal.reason);
      };
      this.#waiting.push(turn);
      signal.addEventListener('abort', leave, { once: true });
    });
  }

  release(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#taken -= 1;
    else next();
  }
}
