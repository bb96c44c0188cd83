/**
 * The value of a rank (0-based, ascending) among values without NaN, which are reordered: Hoare's selection ("Algorithm 65: Find",
 * Communications of the ACM 4(7), 1961) with the median of three as pivot. Where pivots keep being bad ones, what is left is sorted, so
 * that no order of the values can make it slow. Of -0 and 0, which are equal, either may be found. Throws RangeError for a rank outside.
 */
export function selectInPlace(values: Float64Array, rank: number): number {
  if (!(rank >= 0 && rank < values.length)) throw new RangeError(`There is no rank ${rank} among ${values.length} values.`);
  let [from, to] = [0, values.length - 1];
  for (let rounds = 4 * Math.ceil(Math.log2(values.length + 1)); to - from > FEW && rounds > 0; rounds -= 1) {
    const pivot = middleOf(at(values, from), at(values, (from + to) >> 1), at(values, to));
    let [i, j] = [from, to];
    while (i <= j) {
      while (at(values, i) < pivot) i += 1;
      while (at(values, j) > pivot) j -= 1;
      if (i > j) break;
      const held = at(values, i);
      values[i] = at(values, j);
      values[j] = held;
      i += 1;
      j -= 1;
    }
    if (rank <= j) to = j;
    else if (rank >= i) from = i;
    else return pivot;
  }
  return values.subarray(from, to + 1).sort()[rank - from] ?? Number.NaN;
}

/** Fewer than that are sorted. */
const FEW = 600;

function at(values: Float64Array, i: number): number {
  return values[i] ?? Number.NaN;
}

function middleOf(a: number, b: number, c: number): number {
  if (a < b) return b < c ? b : a < c ? c : a;
  return a < c ? a : b < c ? c : b;
}
