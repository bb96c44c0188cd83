import { Copies, EvidenceMemory } from '@chimera/evidence';
import type { Limits } from '@chimera/formats';
import { sha256 } from '@chimera/shared/store';
import type { FoundReading } from './content-reading.ts';
import type { Contents } from './contents.ts';
import { type DatasetFile, parseDatasetFile } from './dataset.ts';
import { DATASET_FILE, type Entry } from './entry.ts';
import { type KnownArtifact, knownArtifact } from './known-artifact.ts';
import { ModificationTimes } from './modification-times.ts';
import { artifactOf, refusedArtifact } from './outcome.ts';
import { isOwnOutput } from './own-output.ts';
import type { Pace } from './pace.ts';
import type { WholeFile } from './whole-reading.ts';

/** What is remembered of an entry that was read, as long as it looks the same. */
export type Known = { entry: Entry; sha256: string; limits: Limits; is: OwnOutput | Settings | KnownArtifact };
type OwnOutput = { role: 'own output' };
type Settings = { role: 'settings'; settings: DatasetFile };

/** Remembers the entries of one dataset by path. */
export class DatasetReadings {
  readonly #contents: Contents;
  readonly #known = new Map<string, Known>();
  /** how many entries have the same bytes */
  readonly copies = new Copies();
  /** the last two limits that were found to be equal */
  #same: readonly [Limits, Limits] | readonly [] = [];
  /** what evidence remembers of its last inventory */
  readonly memory = new EvidenceMemory();
  readonly modifications = new ModificationTimes();

  constructor(contents: Contents) {
    this.#contents = contents;
  }

  /** What is known of an entry; null when it was not read as it is, or under other limits. */
  known(entry: Entry, limits: Limits): Known | null {
    const known = this.#known.get(entry.path);
    return known && isSame(known.entry, entry) && this.#areThese(known.limits, limits) ? known : null;
  }

  /**
   * Takes in an entry's bytes. Throws what the table and the work folder throw, and the pace's signal; the entry is then as unknown as
   * before.
   */
  async learn(entry: Entry, file: Omit<WholeFile, 'path'>, pace: Pace): Promise<Known> {
    const hash = sha256(file.bytes);
    return this.#keep({ entry, sha256: hash, limits: file.limits, is: await this.#whatIs(entry, file, hash, pace) });
  }

  /** Takes in an entry that was read elsewhere, or as a stream. Throws as `learn` does. */
  async learnFound(entry: Entry, found: FoundReading, limits: Limits): Promise<Known> {
    const { sha256, own } = found;
    const is = async (): Promise<Known['is']> => {
      if (own) return { role: 'own output' };
      const content = await this.#contents.adopt({ path: entry.path, sha256, limits }, found);
      return knownArtifact(entry, artifactOf(entry, sha256, content.outcome), content);
    };
    return this.#keep({ entry, sha256, limits, is: await is() });
  }

  /** Each taking comes with limits of its own, which are the same for all of its entries. */
  #areThese(known: Limits, limits: Limits): boolean {
    if (known === this.#same[0] && limits === this.#same[1]) return true;
    if (!isEqual(known, limits)) return false;
    this.#same = [known, limits];
    return true;
  }

  #keep(known: Known): Known {
    this.#forget(known.entry.path);
    this.#known.set(known.entry.path, known);
    this.copies.add(known.sha256);
    return known;
  }

  /** Forgets all entries but these, of which each is there once. */
  keepOnly(known: readonly Known[]): void {
    // Mostly nothing went.
    if (known.length === this.#known.size) return;
    const kept = new Set(known);
    for (const [path, one] of this.#known) if (!kept.has(one)) this.#forget(path);
  }

  async #whatIs(entry: Entry, file: Omit<WholeFile, 'path'>, hash: string, pace: Pace): Promise<Known['is']> {
    const { bytes } = file;
    if (entry.path === DATASET_FILE) {
      const parsed = parseDatasetFile(Buffer.from(bytes).toString('utf8'));
      if ('file' in parsed) return { role: 'settings', settings: parsed.file };
      return knownArtifact(entry, refusedArtifact(entry, hash, parsed.fault), null);
    }
    if (isOwnOutput(entry.path, bytes)) return { role: 'own output' };
    const content = await this.#contents.use({ ...file, path: entry.path, sha256: hash }, pace);
    return knownArtifact(entry, artifactOf(entry, hash, content.outcome), content);
  }

  #forget(path: string): void {
    const known = this.#known.get(path);
    if (!known) return;
    this.#known.delete(path);
    this.copies.remove(known.sha256);
    if (known.is.role === 'artifact' && known.is.content) this.#contents.release(known.is.content);
  }
}

function isSame(a: Entry, b: Entry): boolean {
  return (
    a.bytes === b.bytes &&
    a.modifiedMs === b.modifiedMs &&
    a.changedMs === b.changedMs &&
    a.inode === b.inode &&
    a.entityTag === b.entityTag &&
    a.type === b.type
  );
}

function isEqual(a: Limits, b: Limits): boolean {
  return a === b || Object.entries(a).every(([name, limit]) => b[name as keyof Limits] === limit);
}
