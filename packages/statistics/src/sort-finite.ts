/** Fewer than that the engine sorts as fast. */
const FEW = 256;
const BYTES = 8;
/** Where the lowest byte of a double stands, and which way the others follow. */
const [LOWEST, STEP] = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? [0, 1] : [BYTES - 1, -1];

/**
 * Sorts finite values in place, -0 before 0: what `values.sort()` gives, several times as fast where they are many. By one byte of their
 * bits after the other, the lowest first (radix sort: Knuth, "The art of computer programming" 3, section 5.2.5), where bytes that all
 * values share are passed over; in the end what is negative, which ascends the other way, is turned around and put first.
 * @param room as many places at least, whose content is lost
 */
export function sortFinite(values: Float64Array, room: Float64Array = new Float64Array(values.length)): Float64Array {
  const n = values.length;
  if (n < FEW) return values.sort();
  const counts = countsOf(values);
  let [from, to] = [values, room.subarray(0, n)];
  for (let byte = 0; byte < BYTES; byte += 1) {
    const own = counts.subarray(byte * 256, byte * 256 + 256);
    if (own.includes(n)) continue;
    deal(from, to, LOWEST + STEP * byte, own);
    [from, to] = [to, from];
  }
  // The sign is the first bit of the highest byte.
  const negative = counts.subarray(-128).reduce((sum, count) => sum + count, 0);
  if (negative > 0) {
    to.set(from.subarray(n - negative).reverse());
    to.set(from.subarray(0, n - negative), negative);
    from = to;
  }
  if (from !== values) values.set(from);
  return values;
}

/** By byte, the lowest first: how many values have each of its 256 values. */
function countsOf(values: Float64Array): Uint32Array {
  const counts = new Uint32Array(BYTES * 256);
  const bytes = bytesOf(values);
  for (let at = LOWEST; at >= 0 && at < bytes.length; at += BYTES) {
    for (let byte = 0; byte < BYTES; byte += 1) {
      const count = byte * 256 + (bytes[at + STEP * byte] ?? 0);
      counts[count] = (counts[count] ?? 0) + 1;
    }
  }
  return counts;
}

/** Copies the values by one of their bytes, those of equal ones in their order. */
function deal(from: Float64Array, to: Float64Array, place: number, counts: Uint32Array): void {
  const next = new Uint32Array(256);
  for (let i = 1; i < 256; i += 1) next[i] = (next[i - 1] ?? 0) + (counts[i - 1] ?? 0);
  const bytes = bytesOf(from);
  for (let i = 0; i < from.length; i += 1) {
    const byte = bytes[i * BYTES + place] ?? 0;
    const at = next[byte] ?? 0;
    to[at] = from[i] ?? 0;
    next[byte] = at + 1;
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: Float64Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
