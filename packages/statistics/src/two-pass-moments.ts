/**
 * What is known of a part of values after both passes; sums are of values times the scale, squares of deviations from its own mean,
 * which is `mean` and, as no double holds it, `rest / n`.
 */
export type PartMoments = { n: number; total: number; lost: number; mean: number; rest: number; squares: number };

/**
 * Mean and deviation of values that come in pieces, twice, in the same order: first they are added up, then their squared deviations
 * from the mean. Both sums are compensated: what an addition rounds off (Knuth's two-sum) is added up beside it, which gives what
 * Neumaier's does ("Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen", ZAMM 54, 1974). The squares carry the
 * correction for the mean's rounding (Chan, Golub & LeVeque, The American Statistician 37(3), 1983). A function of the values in their
 * order: where pieces begin and end makes no difference.
 */
export class TwoPassMoments {
  readonly #scale: number;
  #n = 0;
  #total = 0;
  #lost = 0;
  #mean = 0;
  #squares = 0;
  #lostSquares = 0;
  #rest = 0;

  /** @param scale a power of two by which squares stay within the doubles (`scaleFor`); parts that are joined have the same */
  constructor(scale: number) {
    this.#scale = scale;
  }

  /** First pass: adds the values up. */
  sum(values: Float64Array): void {
    const scale = this.#scale;
    let [total, lost] = [this.#total, this.#lost];
    for (let i = 0; i < values.length; i += 1) {
      const value = (values[i] ?? 0) * scale;
      const after = total + value;
      const added = after - total;
      lost += total - (after - added) + (value - added);
      total = after;
    }
    this.#total = total;
    this.#lost = lost;
    this.#n += values.length;
    this.#mean = (total + lost) / this.#n;
  }

  /** Second pass, over the same values: adds their squared deviations up. */
  square(values: Float64Array): void {
    const [scale, mean] = [this.#scale, this.#mean];
    let [total, lost, rest] = [this.#squares, this.#lostSquares, this.#rest];
    for (let i = 0; i < values.length; i += 1) {
      const apart = (values[i] ?? 0) * scale - mean;
      const square = apart * apart;
      const after = total + square;
      const added = after - total;
      lost += total - (after - added) + (square - added);
      total = after;
      rest += apart;
    }
    this.#squares = total;
    this.#lostSquares = lost;
    this.#rest = rest;
  }

  /** What both passes came to. */
  part(): PartMoments {
    const squares = this.#squares + this.#lostSquares - (this.#rest * this.#rest) / this.#n;
    return { n: this.#n, total: this.#total, lost: this.#lost, mean: this.#mean, rest: this.#rest, squares: Math.max(0, squares) };
  }
}

/**
 * Mean and sample standard deviation (n - 1; null for fewer than two values) of parts as one, by the formula of Chan, Golub and
 * LeVeque. Throws RangeError for no values.
 */
export function joinedParts(parts: readonly PartMoments[], scale: number): { mean: number; stddev: number | null } {
  let [n, total, lost] = [0, 0, 0];
  for (const part of parts) {
    const after = total + part.total;
    const added = after - total;
    lost += total - (after - added) + (part.total - added) + part.lost;
    total = after;
    n += part.n;
  }
  if (n === 0) throw new RangeError('There is no mean of no values.');
  const mean = (total + lost) / n;
  let [squares, rest] = [0, 0];
  for (const part of parts) {
    // Means that are close are apart by less than what was rounded off them.
    const apart = part.mean - mean + part.rest / part.n;
    squares += part.squares + part.n * apart * apart;
    rest += part.n * apart;
  }
  squares = Math.max(0, squares - (rest * rest) / n);
  return { mean: mean / scale, stddev: n < 2 ? null : Math.sqrt(squares / (n - 1)) / scale };
}
