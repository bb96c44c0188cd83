import type { Told } from './recorded-warnings.ts';
import type { StreamOutput } from './stream-output.ts';

/** What the ordinary reader says of a cell that keeps its column from being one of numbers. */
export const OF_DROPPED: ReadonlySet<string> = new Set(['mixed columns', 'commas', 'units in cells', 'written numbers']);

/** How many sentences of one topic are written out at most. */
const SENTENCES = 5;

/** Sentences that are remembered, so that none is told twice. */
const REMEMBERED = 10_000;

/** What the readings of single rows warn of, told once. */
export class CsvSentences {
  readonly #output: StreamOutput;
  readonly #told: Set<string>;
  /** columns of which it was told why they are left out */
  readonly #columns = new Set<string>();
  /** how many rows were read one by one that brought a warning of a topic */
  readonly #rowsOfTopic = new Map<string, number>();

  /** @param head what the reading of the head warned of */
  constructor(head: readonly Told[], output: StreamOutput) {
    this.#output = output;
    this.#told = new Set(head.map(({ sentence }) => sentence));
    for (const { topic, sentence, most, count } of head) {
      this.#isKnownOfColumn(topic, sentence);
      if (count === undefined) output.warnings.add(topic, sentence, most);
      else output.warnings.more(topic, count);
    }
  }

  tell(told: readonly Told[]): void {
    for (const { topic, sentence, most, count } of told) {
      if (count !== undefined) this.#output.warnings.more(topic, count);
      if (count !== undefined || this.#told.has(sentence) || this.#isKnownOfColumn(topic, sentence)) continue;
      this.#told.add(sentence);
      this.#output.warnings.add(topic, sentence, most);
      if (this.#told.size > REMEMBERED) this.#told.clear();
    }
  }

  /** Whether it was told before why the column of a sentence is left out. */
  #isKnownOfColumn(topic: string, sentence: string): boolean {
    if (!OF_DROPPED.has(topic)) return false;
    const names = [...sentence.matchAll(/"([^"]*)"(?= \(line| was left out)/g)].map(([, name = '']) => name);
    const known = names.length > 0 && names.every((name) => this.#columns.has(name));
    for (const name of names) this.#columns.add(name);
    return known;
  }

  /** Whether further rows like one that brought these have sentences of their own: those of the first rows of each topic. */
  areToTell(told: readonly Told[]): boolean {
    const topics = new Set(told.map(({ topic }) => topic));
    for (const topic of topics) this.#rowsOfTopic.set(topic, (this.#rowsOfTopic.get(topic) ?? 0) + 1);
    return [...topics].some((topic) => (this.#rowsOfTopic.get(topic) ?? 0) <= SENTENCES);
  }
}
