/** A place in the lines of one shape where values differ from line to line. */
export type JsonSlot = {
  /** JSON pointer from the line's object on: `/metrics/ttft/value`; of a list of numbers or texts, that of the list */
  pointer: string;
  /** the keys on the way, without indices */
  keys: readonly string[];
  /** a list is on the way, whose items are objects or lists, or are mixed */
  listed: boolean;
  /** it holds a list of plain numbers, or of texts and words, of any length */
  list: 'numbers' | 'texts' | null;
};

/** What stands in a slot of one line. Words are told apart by it alone. */
export const NUMBER = 0;
export const TEXT = 1;
export const TRUE = 2;
export const FALSE = 3;
export const NULL = 4;
/** `NaN`, `Infinity` and `-Infinity`, which are no numbers. */
export const BARE = 5;
/** A text that says that its record is of another phase than generation. */
export const PHASE = 6;
export const NUMBERS = 7;
/** `[]` where other lines have numbers. */
export const EMPTY = 8;
/** A text that says that there was an error. */
export const MESSAGE = 9;
/** A list of texts and words, which may be empty. */
export const TEXTS = 10;
/** A number in quotes, perhaps with its unit. */
export const QUOTED = 11;

/**
 * How what stands in a slot counts for the meaning of its record, beside being a number, a text or a word:
 * `free` not at all; `key` by its very bytes; `phase` by whether it names another phase than generation; `message` by whether it says
 * that there was an error, which is then the reason why the record failed; `number` as `phase`, and by whether it is a number in quotes:
 * such a line is read by itself.
 */
export type SlotRole = 'free' | 'key' | 'phase' | 'message' | 'number';
