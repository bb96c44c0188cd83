import { BlobDamaged, BlobMissing, type Blobs, type WholeBlobs } from './blobs.ts';
import { type Bytes, canonicalJson, sha256 } from './content-hash.ts';
import { arranged, copyRanges, describeParts, freshOf, Parts, type Place, settled } from './parts.ts';

/** `whole-<id>` leads to the description of a blob that lies in parts of others. */
const WHOLE = 'whole-';

// Less is sooner written than looked for.
const LEAST_BYTES = 32 * 1_048_576;
const LEAST_PIECE = 4_096;

/**
 * Blobs of which large ones, given in pieces, are stored as what is new of them: evidence of very many artifacts is hundreds of
 * megabytes, and the next one has all but a few of its bytes in common with it. Pieces that lie in memory where pieces lay that were stored before
 * are the same bytes, because nobody may change them.
 */
export function partedBlobs(store: WholeBlobs, leastBytes = LEAST_BYTES): Blobs {
  const places = new PlacesInMemory();

  /** Stores pieces of which some may lie in the store already; returns where all of them lie. */
  async function storeFresh(pieces: readonly Uint8Array[], lost: ReadonlySet<string>): Promise<{ piece: Uint8Array; place: Place }[]> {
    const placeOf = (piece: Uint8Array) => {
      const place = places.of(piece);
      return place !== null && lost.has(place.part.id) ? null : place;
    };
    const arrangement = arranged(pieces, placeOf);
    for (const part of new Set(arrangement.flatMap(({ place }) => (place === null ? [] : [place.part.id]))))
      if (!(await store.renew(part))) return storeFresh(pieces, new Set([...lost, part]));
    const fresh = freshOf(arrangement);
    if (sizeOf(fresh) === 0) return arrangement.flatMap(({ piece, place }) => (place === null ? [] : [{ piece, place }]));
    // The same pieces, where all are new: their hash is known.
    const stored = fresh.length === pieces.length ? pieces : fresh;
    return settled(arrangement, { id: await store.put(stored), bytes: sizeOf(stored) });
  }

  async function put(pieces: readonly Uint8Array[]): Promise<string> {
    const id = sha256(pieces);
    const isThere = await store.renew(id);
    const part = { id, bytes: sizeOf(pieces) };
    const stored = isThere
      ? settled(
          pieces.map((piece) => ({ piece, place: null })),
          part,
        )
      : await storeFresh(pieces, new Set());
    if (stored.some(({ place }) => place.part.id !== id)) {
      const description = await store.put(Buffer.from(canonicalJson(describeParts(stored))));
      await store.name(`${WHOLE}${id}`, description);
    }
    places.remember(stored);
    return id;
  }

  /** The description of a blob that lies in parts, with its own id; null where there is none. */
  async function described(id: string): Promise<{ description: string; parts: Parts } | null> {
    const description = await store.named(`${WHOLE}${id}`);
    if (description === null) return null;
    return { description, parts: Parts.parse(JSON.parse(Buffer.from(await store.get(description)).toString('utf8'))) };
  }

  async function assembled(id: string): Promise<Uint8Array | null> {
    const found = await described(id);
    if (found === null) return null;
    const { description, parts } = found;
    const damaged = (cause?: unknown) => new BlobDamaged(description, store.where, { cause });
    // Before any memory is taken for what it says.
    if (parts.ranges.reduce((sum, [, , length]) => sum + length, 0) !== parts.bytes) throw damaged();
    const whole = Buffer.allocUnsafeSlow(parts.bytes);
    for (const [number, part] of parts.parts.entries()) {
      const bytes = await store.get(part);
      try {
        copyRanges(parts, number, bytes, whole);
      } catch (error) {
        throw error instanceof RangeError ? damaged(error) : error;
      }
    }
    if (sha256(whole) !== id) throw damaged();
    return whole;
  }

  /** Whether a blob that lies in parts can be read: its description and each part are there. */
  async function hasParts(id: string): Promise<boolean> {
    try {
      const found = await described(id);
      if (found === null) return false;
      for (const part of found.parts.parts) if (!(await store.has(part))) return false;
      return true;
    } catch (error) {
      if (error instanceof BlobMissing || error instanceof BlobDamaged) return false;
      throw error;
    }
  }

  return {
    ...store,
    put: (bytes: Bytes) => (bytes instanceof Uint8Array || sizeOf(bytes) < leastBytes ? store.put(bytes) : put(bytes)),
    async get(id) {
      try {
        return await store.get(id);
      } catch (error) {
        if (!(error instanceof BlobMissing)) throw error;
        const whole = await assembled(id);
        if (whole === null) throw error;
        return whole;
      }
    },
    has: async (id) => (await store.has(id)) || (await hasParts(id)),
    async partsOf(id) {
      const found = await described(id);
      return found === null ? [] : [found.description, ...found.parts.parts];
    },
  };
}

/** The blob that a name stands for because it lies in parts of others; null for any other name. */
export function wholeOf(name: string): string | null {
  return name.startsWith(WHOLE) ? name.slice(WHOLE.length) : null;
}

/** Where the bytes of memory lie that were stored, as long as anybody holds them. */
class PlacesInMemory {
  readonly #known = new WeakMap<ArrayBufferLike, { from: number; to: number; place: Place }[]>();

  of(piece: Uint8Array): Place | null {
    for (const { from, to, place } of this.#known.get(piece.buffer) ?? [])
      if (from <= piece.byteOffset && piece.byteOffset + piece.length <= to)
        return { part: place.part, at: place.at + piece.byteOffset - from };
    return null;
  }

  /** Small pieces are copies that nobody gives a second time. What was known of the same bytes and is otherwise is forgotten: it may be gone. */
  remember(stored: readonly { piece: Uint8Array; place: Place }[]): void {
    for (const { piece, place } of stored) {
      if (piece.length < LEAST_PIECE) continue;
      const known = this.of(piece);
      if (known?.part.id === place.part.id && known.at === place.at) continue;
      const [from, to] = [piece.byteOffset, piece.byteOffset + piece.length];
      const others = (this.#known.get(piece.buffer) ?? []).filter((one) => one.to <= from || to <= one.from);
      this.#known.set(piece.buffer, [...others, { from, to, place }]);
    }
  }
}

function sizeOf(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((sum, { length }) => sum + length, 0);
}
