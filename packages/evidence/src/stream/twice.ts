/** A copy of twice the length, the second half zero. */
export function twice<T extends Int32Array | Float64Array>(values: T): T {
  const longer = values instanceof Int32Array ? new Int32Array(values.length * 2) : new Float64Array(values.length * 2);
  longer.set(values);
  return longer as T;
}
