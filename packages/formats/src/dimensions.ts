import { isLabelName } from './labels.ts';
import { markOf } from './marks.ts';
import { wordsOf } from './name-words.ts';

/** Longest text that may tell configurations apart; longer ones are prose. */
const TEXT_CHARS = 64;

/** More different texts are no configurations. */
const MOST_TEXTS = 1_000;

/** Words in the names of texts that number, date or quote a record, and tell no configurations apart. */
const NO_DIMENSION = new Set(
  `prompt prompts question query input output response answer text content completion message messages error errors note notes comment
  comments description reason stdout stderr traceback log path file filename url uuid id ids guid hash sha sha256 md5 digest checksum
  timestamp time date datetime created started ended finished start end at seed title command options place saturated pooled cache row
  index rank winner correct`.split(/\s+/),
);

/** Words in the names of texts that only repeat what settings beside them say: `config_name` beside `num_gpu`. */
const NAMES_OF_SETTINGS = new Set(['config', 'configuration', 'setup', 'settings']);

/** Whether texts of that name may tell configurations apart, if they repeat. */
export function mayBeDimension(name: string): boolean {
  const words = wordsOf(name);
  // Words of other scripts are not looked at: `配置`.
  const named = words.length > 0 || /\p{L}/u.test(name);
  return named && markOf(name) === undefined && !words.some((word) => NO_DIMENSION.has(word));
}

/** Whether texts of that name only repeat what the settings of the record say. */
export function namesSettings(name: string): boolean {
  return wordsOf(name).some((word) => NAMES_OF_SETTINGS.has(word));
}

/** Gathers the texts of one name over the records of a file, to tell dimensions (few texts, often) from what is a record's own. */
export class TextsOfName {
  readonly #distinct = new Set<string>();
  #count = 0;
  #prose = false;

  add(text: string): void {
    if (text.trim() === '' || this.#prose) return;
    this.#count += 1;
    this.#distinct.add(text);
    this.#prose = text.length > TEXT_CHARS || /^\s*[{[]/.test(text) || this.#distinct.size > MOST_TEXTS;
    if (this.#prose) this.#distinct.clear();
  }

  /** Whether there are some, and none of them is prose, or one of too many. */
  get areNames(): boolean {
    return !this.#prose && this.#distinct.size > 0;
  }

  /** Whether each text stands there twice on average, or oftener. */
  repeat(): boolean {
    return !this.#prose && this.#distinct.size > 0 && this.#distinct.size * 2 <= this.#count;
  }
}

/** Names of texts that tell records apart: those that are known to, and those whose texts repeat. */
export function isDimension(name: string, texts: TextsOfName, besideSettings: boolean): boolean {
  if (besideSettings && namesSettings(name)) return false;
  return isLabelName(name) || (mayBeDimension(name) && texts.repeat());
}
