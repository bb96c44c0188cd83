/** One token, and how much a model without knowledge favours it: added to its chance before the softmax. */
export interface Token {
  text: string;
  /** as GGUF counts them */
  type: typeof NORMAL | typeof UNKNOWN | typeof CONTROL | typeof BYTE;
  score: number;
  favour: number;
}

export const NORMAL = 1;
export const UNKNOWN = 2;
export const CONTROL = 3;
export const BYTE = 6;

/** Places of the special tokens in the vocabulary. */
export const UNKNOWN_ID = 0;
export const BEGIN_ID = 1;
export const END_ID = 2;

/** Never said unless a grammar leaves no choice. */
const NEVER = -40;
const SPACE = '\u2581'; // SentencePiece's sign for a blank

/**
 * A SentencePiece vocabulary: the special tokens, all bytes, and every printable ASCII character by itself. So a text of ASCII
 * has as many tokens as characters, any other character as many as its UTF-8 has bytes, and one more for the beginning.
 * Unforced, the model says ASCII only and never ends; a closing quote is likely, so that strings in JSON stay short.
 */
export function vocabulary(): Token[] {
  const special = ['<unk>', '<s>', '</s>'].map(
    (text, id): Token => ({ text, type: id === UNKNOWN_ID ? UNKNOWN : CONTROL, score: 0, favour: NEVER }),
  );
  const bytes = Array.from({ length: 256 }, (_, byte): Token => {
    const hex = byte.toString(16).toUpperCase().padStart(2, '0');
    return { text: `<0x${hex}>`, type: BYTE, score: 0, favour: NEVER };
  });
  const printable = Array.from({ length: 0x7f - 0x20 }, (_, index): Token => {
    const character = String.fromCharCode(0x20 + index);
    return { text: character === ' ' ? SPACE : character, type: NORMAL, score: -index, favour: character === '"' ? 4 : 0 };
  });
  return [...special, ...bytes, ...printable];
}

/** How many tokens a text has, the one that marks the beginning included. */
export function tokensOf(text: string): number {
  let count = 1;
  for (const character of text) count += character >= ' ' && character <= '~' ? 1 : Buffer.byteLength(character);
  return count;
}
