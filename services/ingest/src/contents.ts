import { SampleGathering, type SampleSet, type Series, SeriesGathering } from '@chimera/evidence';
import { type Limits, READER_VERSION, readArtifact } from '@chimera/formats';
import type { Measurement } from '@chimera/shared/domain';
import { type Outcome, outcomeOf } from './outcome.ts';
import type { Pace } from './pace.ts';
import type { SharedTable } from './shared-table.ts';

/** What is remembered of a content that was read; its measurements lie in the table under its number. */
export type Content = {
  readonly key: string;
  readonly number: number;
  readonly outcome: Outcome;
  readonly series: readonly Series[];
  readonly samples: readonly SampleSet[];
  /** how many entries of all datasets have it */
  users: number;
};

/** All that a reading depends on, apart from READER_VERSION: of the path only the extension. */
export type File = { path: string; bytes: Uint8Array; sha256: string; limits: Limits };

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
    const key = [extensionOf(file.path), file.sha256, READER_VERSION, ...Object.values(file.limits)].join(':');
    const content = this.#known.get(key) ?? (await this.#read(key, file, pace));
    this.#known.set(key, content);
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

  async #read(key: string, { path, bytes, limits }: File, pace: Pace): Promise<Content> {
    // Called by its extension alone, so that nothing else of a path can make a difference.
    const extension = extensionOf(path);
    const reading = readArtifact({ path: extension === '' ? 'artifact' : `artifact.${extension}`, bytes, limits });
    const number = this.#next++;
    const found = reading.status === 'read' ? await this.#append(number, reading.measurements, pace) : { series: [], samples: [] };
    return { key, number, outcome: outcomeOf(reading), ...found, users: 0 };
  }

  /** Appends a content's measurements to the table; returns their series and samples. */
  async #append(number: number, measurements: readonly Measurement[], pace: Pace): Promise<Pick<Content, 'series' | 'samples'>> {
    if (measurements.length === 0) return { series: [], samples: [] };
    await this.#table.open();
    this.#halves.add(number);
    const gathering = new SeriesGathering();
    const samples = new SampleGathering();
    for (const measurement of measurements) {
      this.#table.append(number, measurement);
      gathering.add(measurement);
      samples.add(measurement);
      if (pace.due()) await pace.pause();
    }
    const series: Series[] = [];
    for (const one of gathering.series()) {
      series.push(one);
      if (pace.due()) await pace.pause();
    }
    this.#halves.delete(number);
    return { series, samples: samples.sets() };
  }
}

/** True where measurements of the content lie in the table. */
export function holdsNumbers(outcome: Outcome): boolean {
  return outcome.status === 'read' && outcome.measurements > 0;
}

/** A path's extension in lower case, without its dot; empty where there is none. A hidden file's name is none. */
function extensionOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  return dot <= 0 ? '' : name.slice(dot + 1).toLowerCase();
}
