/** Work that can be paused: wherever it yields, others may have their turn. */
export type Steps<T> = Generator<void, T>;

/** Does the work without a pause. Throws what it throws. */
export function inOneGo<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}
