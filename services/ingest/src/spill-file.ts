import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Spill } from '@chimera/evidence';
import { openWorkFolder, type WorkFolder } from './work-folder.ts';

const BYTES = Float64Array.BYTES_PER_ELEMENT;

/**
 * Keeps numbers in a file of the work folder, which is made when the first ones come and removed by `close`. Places are in
 * doubles. What fails once is kept in `fault`, because whoever feeds a reader may hear of it only from there.
 */
export class SpillFile implements Spill {
  readonly #folder: WorkFolder;
  #descriptor: number | null = null;
  #doubles = 0;
  fault: Error | null = null;

  private constructor(folder: WorkFolder) {
    this.#folder = folder;
  }

  static async open(workFolder: string): Promise<SpillFile> {
    return new SpillFile(await openWorkFolder(workFolder));
  }

  append(values: Float64Array): number {
    const place = this.#doubles;
    this.#guard('written to', (descriptor) =>
      moveAll(values, place, (bytes, done, at) => writeSync(descriptor, bytes, done, bytes.length - done, at)),
    );
    this.#doubles += values.length;
    return place;
  }

  read(place: number, into: Float64Array): void {
    this.#guard('read from', (descriptor) =>
      moveAll(into, place, (bytes, done, at) => readSync(descriptor, bytes, done, bytes.length - done, at)),
    );
  }

  async close(): Promise<void> {
    if (this.#descriptor !== null) closeSync(this.#descriptor);
    this.#descriptor = null;
    await this.#folder.remove();
  }

  #guard(what: string, work: (descriptor: number) => void): void {
    try {
      this.#descriptor ??= openSync(join(this.#folder.path, 'numbers'), 'wx+', 0o600);
      work(this.#descriptor);
    } catch (error) {
      this.fault ??= new Error(
        `Numbers of a large artifact could not be ${what} ${this.#folder.path}: ${(error as Error).message}. Check space and rights there.`,
        { cause: error },
      );
      throw this.fault;
    }
  }
}

/** Moves all bytes of the values from or to their place, however many a call moves. */
function moveAll(values: Float64Array, place: number, move: (bytes: Uint8Array, done: number, at: number) => number): void {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  for (let done = 0; done < bytes.length; ) {
    const moved = move(bytes, done, place * BYTES + done);
    if (moved === 0) throw new Error('the file is shorter than what was written to it');
    done += moved;
  }
}
