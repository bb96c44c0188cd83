/** C(n, k) for n up to `most` and k up to `mostChosen`, by Pascal's rule: exact below 2^53, to about 1e-15 relatively above. */
export function binomials(most: number, mostChosen: number): (n: number, k: number) => number {
  const columns = mostChosen + 1;
  const table = new Float64Array((most + 1) * columns);
  for (let n = 0; n <= most; n += 1) {
    table[n * columns] = 1;
    for (let k = 1; k <= Math.min(n, mostChosen); k += 1) {
      table[n * columns + k] = (table[(n - 1) * columns + k - 1] ?? 0) + (table[(n - 1) * columns + k] ?? 0);
    }
  }
  return (n, k) => (k > n ? 0 : (table[n * columns + k] ?? 0));
}
