import type { TokenGaps } from './metrics.ts';

/** Gaps that are kept of one answer at most; the first ones count. */
const MOST = 65_536;

/** The moments at which the chunks of one answer arrived, as gaps between them. */
export class Arrivals {
  readonly #gaps: number[] = [];
  #last: number | null = null;

  /** @param seconds since the request was sent, by a clock that never goes back */
  at(seconds: number): void {
    if (this.#last !== null && this.#gaps.length < MOST) this.#gaps.push(seconds - this.#last);
    this.#last = seconds;
  }

  /** Median and 95th percentile by nearest rank; null with fewer than two chunks. */
  gaps(): TokenGaps | null {
    const n = this.#gaps.length;
    if (n === 0) return null;
    const sorted = this.#gaps.toSorted((a, b) => a - b);
    const rank = (share: number): number => sorted[Math.ceil(share * n) - 1] ?? Number.NaN;
    return { n, median: rank(0.5), p95: rank(0.95), max: rank(1) };
  }
}
