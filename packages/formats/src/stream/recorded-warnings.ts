import { Warnings } from '../warnings.ts';

/** A warning as it was added; `count`: so many of its topic, without sentences of their own. */
export type Told = { topic: string; sentence: string; most: number | undefined; count?: number };

/** What is told where a number is given to the output: a reading of single rows must not tell it a second time. */
const OF_OUTPUT: ReadonlySet<string> = new Set(['numbers out of range', 'below zero', 'long names']);

/** Warnings of the reading of a few rows, kept with their topics, so that those which are new can be told on. */
export class RecordedWarnings extends Warnings {
  readonly told: Told[] = [];

  override add(topic: string, sentence: string | (() => string), most?: number): void {
    if (OF_OUTPUT.has(topic)) return;
    this.told.push({ topic, sentence: typeof sentence === 'string' ? sentence : sentence(), most });
  }

  override more(topic: string, count: number): void {
    if (count > 0) this.told.push({ topic, sentence: '', most: undefined, count });
  }
}
