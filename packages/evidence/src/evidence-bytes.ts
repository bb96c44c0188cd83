import type { Evidence } from '@chimera/shared/domain';
import { canonicalJson } from '@chimera/shared/store';
import type { Steps } from './steps.ts';

/**
 * The canonical JSON of evidence in UTF-8, put together out of that of its artifacts, facts and groups, which is so not
 * written again for each inventory: each given piece holds one or several of them, with commas between them. Returned in pieces that
 * follow each other: of thousands of artifacts it is hundreds of megabytes.
 */
export function* evidenceBytes(
  { dataset, inventory, schema, title }: Pick<Evidence, 'dataset' | 'inventory' | 'schema' | 'title'>,
  { artifacts, facts, groups }: { artifacts: readonly Uint8Array[]; facts: readonly Uint8Array[]; groups: readonly Uint8Array[] },
): Steps<readonly Uint8Array[]> {
  const joined = new Joined();
  // As the keys sort: artifacts, dataset, facts, groups, inventory, schema, title.
  joined.add(Buffer.from('{"artifacts":['));
  yield* joined.addList(artifacts);
  joined.add(Buffer.from(`],"dataset":${canonicalJson(dataset)},"facts":[`));
  yield* joined.addList(facts);
  joined.add(Buffer.from('],"groups":['));
  yield* joined.addList(groups);
  joined.add(Buffer.from(`],"inventory":${canonicalJson(inventory)},"schema":${canonicalJson(schema)},"title":${canonicalJson(title)}}`));
  return joined.end();
}

const COMMA = Buffer.from(',');
// Small pieces are copied together, large ones are taken as they are.
const LARGE_BYTES = 32_768;
const TOGETHER_BYTES = 1_048_576;

/** Pieces behind each other, small ones copied together. */
class Joined {
  readonly #pieces: Uint8Array[] = [];
  #open = Buffer.allocUnsafeSlow(TOGETHER_BYTES);
  #from = 0;
  #to = 0;

  add(piece: Uint8Array): void {
    if (piece.length >= LARGE_BYTES) {
      this.#close();
      this.#pieces.push(piece);
      return;
    }
    if (this.#to + piece.length > this.#open.length) {
      this.#close();
      this.#open = Buffer.allocUnsafeSlow(TOGETHER_BYTES);
      this.#from = this.#to = 0;
    }
    this.#open.set(piece, this.#to);
    this.#to += piece.length;
  }

  *addList(pieces: readonly Uint8Array[]): Steps<void> {
    let isFirst = true;
    let before = this.#pieces.length;
    for (const piece of pieces) {
      if (!isFirst) this.add(COMMA);
      isFirst = false;
      this.add(piece);
      if (this.#pieces.length === before) continue;
      before = this.#pieces.length;
      yield;
    }
  }

  end(): Uint8Array[] {
    this.#close();
    return this.#pieces;
  }

  #close(): void {
    if (this.#to > this.#from) this.#pieces.push(this.#open.subarray(this.#from, this.#to));
    this.#from = this.#to;
  }
}
