import { type ContentId, type ContentReading, contentKey, type FoundReading, gathered } from './content-reading.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import type { Pace } from './pace.ts';
import type { SharedTable } from './shared-table.ts';
import { readWhole, type WholeFile } from './whole-reading.ts';

/** What is remembered of a content that was read; its measurements lie in the table under its number. */
export type Content = Readonly<ContentReading> & {
  readonly key: string;
  readonly number: number;
  /** how many entries of all datasets have it */
  users: number;
};

/** A file whose bytes are at hand. */
export type File = ContentId & WholeFile;

/** Remembers readings by content, each once for all datasets, as long as somebody uses it. */
export class Contents {
  readonly #table: SharedTable;
  readonly #known = new Map<string, Content>();
  readonly #unused = new Set<Content>();
  /** numbers of contents that were not read to their end */
  readonly #halves = new Set<number>();
  #next = 0;

  constructor(table: SharedTable) {
    this.#table = table;
  }

  /** Reads a file, or remembers its content, for one user more. Throws what the table throws, and the pace's signal. */
  async use(file: File, pace: Pace): Promise<Content> {
    const key = contentKey(file);
    return this.#used(this.#known.get(key) ?? (await this.#read(key, file, pace)));
  }

  /** Takes over what somebody read, or remembers that content, for one user more. Throws what the table throws: rows that are none are a fault of it. */
  async adopt(id: ContentId, { reading, rows }: Pick<FoundReading, 'reading' | 'rows'>): Promise<Content> {
    const key = contentKey(id);
    return this.#used(this.#known.get(key) ?? (await this.#adopted(key, reading, rows)));
  }

  #used(content: Content): Content {
    this.#known.set(content.key, content);
    this.#unused.delete(content);
    content.users += 1;
    return content;
  }

  /** Ends one use. A content without users is remembered until `sweep`. */
  release(content: Content): void {
    content.users -= 1;
    if (content.users === 0) this.#unused.add(content);
  }

  /** Forgets what nobody uses. */
  async sweep(): Promise<void> {
    const numbers = new Set(this.#halves);
    for (const { number, outcome } of this.#unused) if (holdsNumbers(outcome)) numbers.add(number);
    await this.#table.forget([...numbers]);
    for (const { key } of this.#unused) this.#known.delete(key);
    this.#unused.clear();
    this.#halves.clear();
  }

  /** Forgets everything: the table's content is lost. */
  clear(): void {
    this.#known.clear();
    this.#unused.clear();
    this.#halves.clear();
  }

  async #read(key: string, file: File, pace: Pace): Promise<Content> {
    const read = await readWhole(file, pace);
    const number = this.#next++;
    if ('streamed' in read) return { key, number, ...read.streamed, users: 0 };
    const { reading } = read;
    const outcome = outcomeOf(reading);
    if (reading.status === 'refused' || reading.measurements.length === 0)
      return { key, number, outcome, series: [], samples: [], users: 0 };
    await this.#table.open();
    this.#halves.add(number);
    const found = await gathered(reading.measurements, pace, (measurement) => this.#table.append(number, measurement));
    this.#halves.delete(number);
    return { key, number, outcome, ...found, users: 0 };
  }

  async #adopted(key: string, reading: ContentReading, rows: Uint8Array | null): Promise<Content> {
    const number = this.#next++;
    if (rows !== null) {
      await this.#table.open();
      this.#halves.add(number);
      await this.#table.adopt(number, rows);
      this.#halves.delete(number);
    }
    return { key, number, ...reading, users: 0 };
  }
}

/** True where measurements of the content may lie in the table. */
export function holdsNumbers(outcome: Outcome): boolean {
  return outcome.status === 'read' && outcome.measurements > 0;
}
