/** Rings once: wakes whoever waits then, and holds on to nobody who no longer does. */
export class Bell {
  readonly #waiting = new Set<() => void>();
  #rung = false;
  ring(): void {
    this.#rung = true;
    for (const wake of this.#waiting) wake();
  }
  get rung(): boolean {
    return this.#rung;
  }
  /** Resolves with the promise's value, or with null once the bell rings. */
  async or<V>(promise: Promise<V>): Promise<V | null> {
    if (this.#rung) return null;
    let wake: (() => void) | undefined;
    try {
      return await new Promise<V | null>((resolve, reject) => {
        wake = () => resolve(null);
        this.#waiting.add(wake);
        promise.then(resolve, reject);
      });
    } finally {
      if (wake) this.#waiting.delete(wake);
    }
  }
}
