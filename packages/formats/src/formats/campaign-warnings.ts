import { counted } from '@chimera/shared/domain';
import { excerpt } from '../excerpt.ts';
import type { Extract } from '../extract.ts';
import type { CampaignTry } from './campaign-try.ts';

/** How many sentences are passed on, and the longest of them. */
const MOST = 20;
const SENTENCE_CHARS = 400;

/** Gathers what the lines of `runs.jsonl` warn of: a sentence that stands in many of them is told once. */
export class RunWarnings {
  /** by sentence: the first run that has it, and all of them */
  readonly #said = new Map<string, { first: string; runs: Set<string> }>();

  /** Takes the warnings of one try; what stands there instead of sentences is told at once. */
  take(extract: Extract, { at, object, ordinal, key }: CampaignTry): void {
    const given = Object.hasOwn(object, 'warnings') ? object.warnings : [];
    const list = Array.isArray(given) ? given : [];
    const sentences = list.filter((item): item is string => typeof item === 'string' && item.trim() !== '');
    if (!Array.isArray(given) || sentences.length < list.length)
      extract.warnings.add('lists of warnings', `${at}/warnings: no list of sentences stands there; what is none was not read`);
    for (const sentence of sentences) {
      const there = this.#said.get(sentence) ?? { first: ordinal === null ? at.trim() : `run ${ordinal}`, runs: new Set() };
      there.runs.add(key ?? at);
      this.#said.set(sentence, there);
    }
  }

  /** Passes each sentence on once, with the run it was said of, or how many there are. */
  tell(extract: Extract): void {
    for (const [sentence, { first, runs }] of this.#said) {
      const of = runs.size === 1 ? first || 'the run' : counted(runs.size, 'run');
      extract.warnings.add('warnings of runs', () => `of ${of}: ${excerpt(sentence, SENTENCE_CHARS)}`, MOST);
    }
  }
}
