/** How many warnings of one topic are written out; the rest are counted. */
const SHOWN = 5;

/** Collects the warnings of one reading, in order, so that a thousand ragged rows do not become a thousand sentences. */
export class Warnings {
  readonly #topics = new Map<string, { shown: string[]; more: number }>();
  #cut = false;
  #count = 0;

  /**
   * @param topic warnings of one topic are counted together; the word is shown in `… and 12 more (ragged rows)`
   * @param sentence names the thing, the place and the reason; a function is called only where it is written out
   * @param most how many sentences of the topic are written out
   */
  add(topic: string, sentence: string | (() => string), most: number = SHOWN): void {
    const group = this.#topics.get(topic) ?? { shown: [], more: 0 };
    this.#topics.set(topic, group);
    this.#count += 1;
    if (group.shown.length < most) group.shown.push(typeof sentence === 'string' ? sentence : sentence());
    else group.more += 1;
  }

  /** Counts warnings of a topic that are not written out. */
  more(topic: string, count: number): void {
    const group = this.#topics.get(topic);
    if (group !== undefined) group.more += count;
  }

  /** Adds all that another collection holds, behind what is here. */
  take(other: Warnings): void {
    for (const [topic, { shown, more }] of other.#topics) {
      for (const sentence of shown) this.add(topic, sentence);
      this.more(topic, more);
    }
    this.#cut ||= other.#cut;
  }

  /** How many were added one by one, written out or not: of one topic, or of all. */
  count(topic?: string): number {
    if (topic === undefined) return this.#count;
    const { shown, more } = this.#topics.get(topic) ?? { shown: [], more: 0 };
    return shown.length + more;
  }

  /** Whether the text ends inside of something: the file may be a copy that is not finished. */
  get cut(): boolean {
    return this.#cut;
  }

  /** Says that the text ends inside of something; a sentence of why is the caller's to add. */
  endsInside(): void {
    this.#cut = true;
  }

  /** The sentences, in the order in which their topics came up. */
  list(): string[] {
    return [...this.#topics].flatMap(([topic, { shown, more }]) => (more === 0 ? shown : [...shown, `… and ${more} more (${topic})`]));
  }
}
