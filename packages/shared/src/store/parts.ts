import { z } from 'zod';
import { Sha256 } from '../domain/text.ts';

/**
 * A large blob that was not stored by itself, because most of it lies in others: it is these ranges behind each other, each the
 * place of a part in `parts`, where in it the range begins, and its length, in bytes.
 */
export const Parts = z.strictObject({
  schema: z.literal('chimera.parts.v1'),
  bytes: z.int().nonnegative(),
  parts: z.array(Sha256),
  ranges: z.array(z.tuple([z.int().nonnegative(), z.int().nonnegative(), z.int().positive()])),
});
export type Parts = z.infer<typeof Parts>;

/** A blob in which others may have ranges. */
export type Part = { readonly id: string; readonly bytes: number };
/** Where bytes lie in a blob. */
export type Place = { readonly part: Part; readonly at: number };

/** What is to be stored, in pieces: where a piece lies already, or null where it has to be stored. */
export type Arrangement = { readonly piece: Uint8Array; readonly place: Place | null }[];

// Reading asks for each of them.
const MOST_PARTS = 32;

/**
 * Chooses what of the parts is used again. One of which less than half would be used is not, so that a store holds at most twice
 * of what is told by it; and of too many the one of which most is used alone is: the others are then written anew together.
 */
export function arranged(pieces: readonly Uint8Array[], placeOf: (piece: Uint8Array) => Place | null): Arrangement {
  const found = pieces.map((piece) => ({ piece, place: placeOf(piece) }));
  const used = new Map<string, { part: Part; bytes: number }>();
  for (const { piece, place } of found) {
    if (place === null) continue;
    const one = used.get(place.part.id) ?? { part: place.part, bytes: 0 };
    used.set(place.part.id, one);
    one.bytes += piece.length;
  }
  const worthIt = [...used.values()].filter(({ part, bytes }) => 2 * bytes >= part.bytes).sort((a, b) => b.bytes - a.bytes);
  const stay = new Set(worthIt.slice(0, worthIt.length > MOST_PARTS ? 1 : MOST_PARTS).map(({ part }) => part.id));
  return found.map(({ piece, place }) => ({ piece, place: place !== null && stay.has(place.part.id) ? place : null }));
}

/** The pieces that have to be stored, in their order: together they are the part `fresh`. */
export function freshOf(arrangement: Arrangement): Uint8Array[] {
  return arrangement.flatMap(({ piece, place }) => (place === null ? [piece] : []));
}

/** Where each piece lies once the fresh ones are stored. */
export function settled(arrangement: Arrangement, fresh: Part): { piece: Uint8Array; place: Place }[] {
  let next = 0;
  return arrangement.map(({ piece, place }) => {
    if (place !== null) return { piece, place };
    next += piece.length;
    return { piece, place: { part: fresh, at: next - piece.length } };
  });
}

/** The description of pieces that all lie somewhere. Ranges that follow each other are one. */
export function describeParts(pieces: readonly { piece: Uint8Array; place: Place }[]): Parts {
  const numbers = new Map<string, number>();
  const ranges: Parts['ranges'] = [];
  let bytes = 0;
  for (const { piece, place } of pieces) {
    if (piece.length === 0) continue;
    bytes += piece.length;
    const part = numbers.get(place.part.id) ?? numbers.size;
    numbers.set(place.part.id, part);
    const last = ranges.at(-1);
    if (last !== undefined && last[0] === part && last[1] + last[2] === place.at) last[2] += piece.length;
    else ranges.push([part, place.at, piece.length]);
  }
  return { schema: 'chimera.parts.v1', bytes, parts: [...numbers.keys()], ranges };
}

/**
 * Copies what of one part belongs to the whole.
 * @param number the place of the part in `parts`
 * Throws a RangeError where the whole has no room for the ranges, or the part is shorter than they say.
 */
export function copyRanges({ ranges }: Parts, number: number, part: Uint8Array, whole: Uint8Array): void {
  let to = 0;
  for (const [of, at, length] of ranges) {
    if (of === number) {
      if (at + length > part.length) throw new RangeError(`A range ends at byte ${at + length} of a part of ${part.length}.`);
      whole.set(part.subarray(at, at + length), to);
    }
    to += length;
  }
}
