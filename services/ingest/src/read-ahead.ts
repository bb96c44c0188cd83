import { Unreadable, Unstable } from './bucket.ts';
import type { Entry } from './entry.ts';

// A slow disk or network is waited for by several reads at once; small files in hand do no harm, many large ones would.
const MOST_READS = 16;
const MOST_BYTES = 67_108_864;

/** An entry's content, or why there is none. */
export type Fetched = { entry: Entry; content: Uint8Array | Unreadable | Unstable };

/**
 * Reads entries, several at once, and gives them in their order. At most 64 MB are read and not yet given, or one
 * larger file. Throws what `read` throws apart from Unreadable and Unstable, once the other reads have ended.
 */
export async function* readAhead(entries: readonly Entry[], read: (entry: Entry) => Promise<Uint8Array>): AsyncGenerator<Fetched> {
  const pending: { entry: Entry; content: Promise<Fetched['content'] | Fault> }[] = [];
  let next = 0;
  let bytes = 0;
  const readMore = () => {
    for (let entry = entries[next]; entry && pending.length < MOST_READS; entry = entries[++next]) {
      if (bytes > 0 && bytes + entry.bytes > MOST_BYTES) return;
      bytes += entry.bytes;
      pending.push({ entry, content: read(entry).catch(faultOf) });
    }
  };
  try {
    for (readMore(); pending.length > 0; readMore()) {
      const first = pending.shift();
      if (!first) break;
      const content = await first.content;
      if (content instanceof Fault) throw content.error;
      yield { entry: first.entry, content };
      bytes -= first.entry.bytes;
    }
  } finally {
    await Promise.all(pending.map(({ content }) => content));
  }
}

/** Kept until its turn comes, so that the order of faults is that of the entries. */
class Fault {
  readonly error: unknown;
  constructor(error: unknown) {
    this.error = error;
  }
}

function faultOf(error: unknown): Unreadable | Unstable | Fault {
  return error instanceof Unreadable || error instanceof Unstable ? error : new Fault(error);
}
