import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arranged, copyRanges, describeParts, freshOf, type Part, Parts, type Place, settled } from './parts.ts';

/** Blobs of random bytes, and pieces of them and of other bytes. */
const cases = fc.record({
  blobs: fc.array(fc.uint8Array({ minLength: 1, maxLength: 60 }), { minLength: 1, maxLength: 6 }),
  cuts: fc.array(fc.tuple(fc.nat(), fc.nat(), fc.nat(), fc.boolean()), { maxLength: 30 }),
});
type Case = typeof cases extends fc.Arbitrary<infer T> ? T : never;

function piecesOf({ blobs, cuts }: Case) {
  const parts: Part[] = blobs.map(({ length }, i) => ({ id: String(i).padStart(64, '0'), bytes: length }));
  const places = new Map<Uint8Array, Place>();
  const pieces = cuts.map(([of, from, length, isKnown]) => {
    const blob = blobs[of % blobs.length] as Uint8Array;
    const at = from % blob.length;
    const piece = blob.slice(at, at + (length % (blob.length - at + 1)));
    if (isKnown) places.set(piece, { part: parts[of % blobs.length] as Part, at });
    return piece;
  });
  return { pieces, placeOf: (piece: Uint8Array) => places.get(piece) ?? null };
}

describe('parts of a blob', () => {
  it('are, behind each other, its bytes', () => {
    fc.assert(
      fc.property(cases, (given) => {
        const { pieces, placeOf } = piecesOf(given);
        const arrangement = arranged(pieces, placeOf);
        const fresh = Buffer.concat(freshOf(arrangement));
        const stored = new Map(given.blobs.map((blob, i) => [String(i).padStart(64, '0'), blob]));
        stored.set('f'.repeat(64), fresh);
        const description = describeParts(settled(arrangement, { id: 'f'.repeat(64), bytes: fresh.length }));
        expect(Parts.parse(JSON.parse(JSON.stringify(description)))).toEqual(description);
        const whole = new Uint8Array(description.bytes);
        for (const [number, id] of description.parts.entries()) copyRanges(description, number, stored.get(id) as Uint8Array, whole);
        expect(Buffer.from(whole)).toEqual(Buffer.concat(pieces));
        // No range could be joined with the one before it.
        for (const [i, [part, at]] of description.ranges.entries()) {
          const before = description.ranges[i - 1];
          expect(before !== undefined && before[0] === part && before[1] + before[2] === at).toBe(false);
        }
      }),
    );
  });

  it('are used again only where that is worth it', () => {
    const piece = new Uint8Array(10);
    const all = (id: string, bytes: number, n: number) =>
      Array.from({ length: n }, (_, i) => [piece.slice(), { part: { id, bytes }, at: 10 * i }] as const);
    const placed = (known: readonly (readonly [Uint8Array, Place])[]) =>
      arranged(
        known.map(([one]) => one),
        (one) => new Map(known).get(one) ?? null,
      ).map(({ place }) => place?.part.id ?? null);
    // Half of it is used, and then less than half.
    expect(placed(all('a', 40, 2))).toEqual(['a', 'a']);
    expect(placed(all('a', 41, 2))).toEqual([null, null]);
    // As many as may be, and one more: then only the one of which most is used.
    const many = (n: number) => Array.from({ length: n }, (_, i) => all(String(i), 10, 1)).flat();
    expect(placed([...all('a', 20, 2), ...many(31)])).not.toContain(null);
    expect(placed([...many(32), ...all('a', 20, 2)])).toEqual([...new Array(32).fill(null), 'a', 'a']);
  });

  it('say where a part is shorter than was said of it', () => {
    const description: Parts = { schema: 'chimera.parts.v1', bytes: 4, parts: ['f'.repeat(64)], ranges: [[0, 2, 4]] };
    expect(() => copyRanges(description, 0, new Uint8Array(5), new Uint8Array(4))).toThrow('A range ends at byte 6 of a part of 5.');
    expect(() => copyRanges({ ...description, bytes: 3 }, 0, new Uint8Array(6), new Uint8Array(3))).toThrow(RangeError);
  });
});
