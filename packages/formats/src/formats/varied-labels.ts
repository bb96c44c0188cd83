import { excerpt } from '../excerpt.ts';
import type { Labels } from '../fields.ts';
import { mostVaried, SettingValues } from '../setting-values.ts';
import type { Warnings } from '../warnings.ts';

/** Labels that are never left out: they say what was measured, and have few values. */
const KEPT: ReadonlySet<string> = new Set(['engine', 'tool', 'model', 'quantization', 'parameters', 'done_reason']);

/** Labels whose values are counted. */
const MOST_NAMES = 1_000;

/** Labels of the records of a stream: those that are left out, as each record has a value of its own, and how many values others have. */
export class VariedLabels {
  /** names of labels that are left out; more may come with each line that is read */
  readonly left: Set<string>;
  readonly #values = new Map<string, SettingValues>();

  /** @param left those that are left out from the beginning */
  constructor(...left: string[]) {
    this.left = new Set(left);
  }

  /** Counts the values of one record. */
  take(labels: Labels): void {
    for (const [name, value] of Object.entries(labels)) {
      let values = this.#values.get(name);
      if (values === undefined) {
        if (KEPT.has(name) || this.#values.size >= MOST_NAMES) continue;
        values = new SettingValues();
        values.forgetOrder();
        this.#values.set(name, values);
      }
      values.add(value);
    }
  }

  /** Makes room: the label with most values is left out from a line on, where it has many; a warning says so. */
  relieve(line: number, warnings: Warnings): void {
    const name = mostVaried(this.#values);
    const counted = name === null ? undefined : this.#values.get(name)?.counted;
    if (name === null || counted === undefined) return;
    this.#values.delete(name);
    this.left.add(name);
    const sentence = `the label "${excerpt(name)}" is left out from line ${line} on: it has ${counted} different values by then; numbers above have it, because the file was read as a stream`;
    warnings.add('varied labels', sentence);
  }
}
