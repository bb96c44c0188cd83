import { type Bucket, type Entry, Unstable } from '@chimera/ingest';
import { sha256 } from '@chimera/shared/store';
import type { Process, World } from './world.ts';

type File = { bytes: Buffer; modifiedMs: number; changedMs: number; inode: number };

/** A bucket's folder with somebody in front of it who copies, rewrites and removes files at will. */
export class SimulatedFolder {
  readonly #world: World;
  readonly files = new Map<string, File>();
  /** the hash of everything that any file ever held */
  readonly contents = new Set<string>();
  readonly #hints = new Set<{ process: Process; hint: () => void }>();
  #inodes = 1;
  /** told of what begins to be read: somebody may meddle with it */
  onReading: (path: string) => void = () => {};
  /** told of who reads */
  onRead: (by: string) => void = () => {};
  /** how likely a change is told to who watches */
  hintProbability = 0.8;

  constructor(world: World) {
    this.#world = world;
  }

  /** A file is there at once and whole, as after a rename. */
  put(path: string, text: string): void {
    this.#write(path, text, true);
    this.#world.say(() => `somebody drops ${path} (${text.length} bytes)`);
  }

  /** A file grows over some time, or is written over in place. */
  copy(path: string, text: string, seconds: number): void {
    const pieces = 3;
    this.#world.say(() => `somebody copies ${path} over ${seconds.toFixed(1)} s`);
    this.#write(path, text.slice(0, Math.floor(text.length / pieces)), true);
    for (let piece = 2; piece <= pieces; piece++) {
      const part = text.slice(0, Math.floor((text.length * piece) / pieces));
      this.#world.after((seconds * 1_000 * (piece - 1)) / (pieces - 1), () => this.files.has(path) && this.#write(path, part, false));
    }
  }

  remove(path: string): void {
    if (this.files.delete(path)) this.#tell();
    this.#world.say(() => `somebody removes ${path}`);
  }

  #write(path: string, text: string, anew: boolean): void {
    const at = Math.floor(this.#world.now);
    const inode = anew ? this.#inodes++ : (this.files.get(path)?.inode ?? this.#inodes++);
    this.files.set(path, { bytes: Buffer.from(text), modifiedMs: at, changedMs: at, inode });
    this.contents.add(sha256(text));
    this.#tell();
  }

  #tell(): void {
    for (const { process, hint } of this.#hints)
      if (this.#world.chance.of(this.hintProbability)) this.#world.after(this.#world.chance.between(1, 500), () => process.alive && hint());
  }

  watch(process: Process, hint: () => void): () => void {
    const one = { process, hint };
    this.#hints.add(one);
    return () => this.#hints.delete(one);
  }

  #entry(path: string, file: File): Entry {
    return { path, bytes: file.bytes.length, modifiedMs: file.modifiedMs, changedMs: file.changedMs, inode: file.inode, type: 'file' };
  }

  /** The folder as one process sees it: a listing takes time, and so does reading. */
  bucketOf(process: Process): Bucket {
    const world = this.#world;
    const list = (half: 0 | 1) =>
      world.request(process, 'list half of the bucket', () =>
        [...this.files]
          .filter(([path]) => path.charCodeAt(0) % 2 === half && path !== '.done')
          .map(([path, file]) => this.#entry(path, file)),
      );
    return {
      scan: async () => {
        const mark = await world.request(process, 'look for .done', () => this.files.get('.done')?.inode ?? null);
        const entries = [...(await list(0)), ...(await list(1))].sort((a, b) => (a.path < b.path ? -1 : 1));
        return { entries, done: new Map(mark === null ? [] : [['', String(mark)]]) };
      },
      read: async (entry) => {
        const look = (what: string) =>
          world.request(process, `${what} ${entry.path}`, () => {
            this.onRead(process.name);
            const file = this.files.get(entry.path);
            if (file === undefined || JSON.stringify(this.#entry(entry.path, file)) !== JSON.stringify(entry))
              throw new Unstable(entry.path, 'changed while it was read (simulated).');
            return file.bytes.subarray(0, entry.bytes / 2);
          });
        this.onReading(entry.path);
        const begin = await look('read');
        // Somebody may write meanwhile: what comes now may belong to another content.
        const end = await world.request(process, `read on ${entry.path}`, () =>
          this.files.get(entry.path)?.bytes.subarray(entry.bytes / 2),
        );
        await look('look again at');
        return Buffer.concat([begin, end ?? Buffer.alloc(0)]);
      },
      async *pieces(entry) {
        yield await this.read(entry);
      },
    };
  }
}
