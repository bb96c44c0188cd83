/** Numbers in any order; every function copies before it sorts. */
export type Values = readonly number[] | Float64Array;

/**
 * A sorted copy. Throws RangeError for NaN and infinities, which have no place in an order or in a difference:
 * a value that is not there must be left out by who knows why.
 */
export function ascending(values: Values): Float64Array {
  const sorted = Float64Array.from(values).sort();
  if (!sorted.every(Number.isFinite)) throw new RangeError('A sample holds finite numbers only.');
  return sorted;
}

/** As `ascending`, for what has no answer without values: throws RangeError for none. */
export function ascendingSome(values: Values, what: string): Float64Array {
  if (values.length === 0) throw new RangeError(`There is no ${what} of no values.`);
  return ascending(values);
}

/** Throws RangeError unless 0 < confidence < 1. */
export function requireConfidence(confidence: number): void {
  if (!(confidence > 0 && confidence < 1)) throw new RangeError(`A confidence lies between 0 and 1; it was ${confidence}.`);
}
