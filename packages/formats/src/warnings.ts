/** How many warnings of one topic are written out; the rest are counted. */
const SHOWN = 5;

/** Collects the warnings of one reading, in order, so that a thousand ragged rows do not become a thousand sentences. */
export class Warnings {
  readonly #topics = new Map<string, { shown: string[]; more: number }>();

  /**
   * @param topic warnings of one topic are counted together; the word is shown in `… and 12 more (ragged rows)`
   * @param sentence names the thing, the place and the reason
   * @param most how many sentences of the topic are written out
   */
  add(topic: string, sentence: string, most: number = SHOWN): void {
    const group = this.#topics.get(topic) ?? { shown: [], more: 0 };
    this.#topics.set(topic, group);
    if (group.shown.length < most) group.shown.push(sentence);
    else group.more += 1;
  }

  /** The sentences, in the order in which their topics came up. */
  list(): string[] {
    return [...this.#topics].flatMap(([topic, { shown, more }]) => (more === 0 ? shown : [...shown, `… and ${more} more (${topic})`]));
  }
}
