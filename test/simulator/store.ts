import { BlobMissing, type Blobs, inOnePiece, type StoredName, sha256 } from '@chimera/shared/store';
import type { Process, World } from './world.ts';

/** The blob store that all processes share; a blob is there whole or not at all, as after a rename. */
export class SimulatedStore {
  readonly #world: World;
  readonly blobs = new Map<string, Uint8Array>();
  readonly names = new Map<string, string>();

  constructor(world: World) {
    this.#world = world;
  }

  blobsOf(process: Process): Blobs {
    return {
      put: (bytes) => {
        const id = sha256(bytes);
        return this.#world.request(process, `store blob ${id.slice(0, 8)}`, () => {
          this.blobs.set(id, inOnePiece(bytes));
          return id;
        });
      },
      get: (id) =>
        this.#world.request(process, `get blob ${id.slice(0, 8)}`, () => {
          const bytes = this.blobs.get(id);
          if (bytes === undefined) throw new BlobMissing(id, 'the simulated store');
          return bytes;
        }),
      name: (name, id) => this.#world.request(process, `name blob ${id.slice(0, 8)}`, () => void this.names.set(name, id)),
      named: (name) => this.#world.request(process, `look up ${name.slice(0, 20)}`, () => this.names.get(name) ?? null),
      // Nobody clears the store away while the simulator runs: what is listed has no times, and nothing goes.
      list: async function* (this: void) {},
      names: (beginning = '') => this.#names(process, beginning),
      remove: async () => false,
      unname: async () => false,
      partsOf: async () => [],
      has: (id) => this.#world.request(process, `ask for blob ${id.slice(0, 8)}`, () => this.blobs.has(id)),
    };
  }

  async *#names(process: Process, beginning: string): AsyncGenerator<StoredName> {
    const found = await this.#world.request(process, `list names ${beginning}`, () => [...this.names.keys()]);
    for (const name of found) if (name.startsWith(beginning)) yield { name, namedAt: 0 };
  }

  json(id: string): unknown {
    const bytes = this.blobs.get(id);
    return bytes === undefined ? undefined : JSON.parse(Buffer.from(bytes).toString('utf8'));
  }
}
