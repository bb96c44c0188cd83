/** Texts as UTF-8 with commas between them, and where each ends: that of each can so be cut out. */
export type JsonList = { readonly bytes: Uint8Array; readonly ends: readonly number[] };

/** In memory of its own: out of the common pool, a small text would hold others that are long gone. */
export function jsonList(texts: readonly string[]): JsonList {
  let size = Math.max(0, texts.length - 1);
  for (const text of texts) size += Buffer.byteLength(text);
  const bytes = Buffer.allocUnsafeSlow(size);
  const ends: number[] = [];
  let at = 0;
  for (const [i, text] of texts.entries()) {
    if (i > 0) at += bytes.write(',', at);
    at += bytes.write(text, at);
    ends.push(at);
  }
  return { bytes, ends };
}

/** The bytes of the texts from one to before another; none where there are none. */
export function cut({ bytes, ends }: JsonList, from: number, to: number): Uint8Array | null {
  if (to <= from) return null;
  return from === 0 && to === ends.length ? bytes : bytes.subarray(from === 0 ? 0 : (ends[from - 1] ?? 0) + 1, ends[to - 1]);
}
