/** A stretch of at most six letters with the blanks before it, or one other character: roughly what a model's tokens look like. */
const TOKEN = /\s*[\p{L}\p{M}]{1,6}|\s*\p{N}{1,3}|\s*[^\s\p{L}\p{M}\p{N}]{1,2}|\s+/gu;

/** Splits a text at token-like boundaries, never inside a character. The parts joined are the text. */
export function tokensOf(text: string): string[] {
  return text.match(TOKEN) ?? [];
}

/** How many tokens a prompt is taken to have: a quarter of its characters, and a few a message. */
export function promptTokens(messages: readonly { content: string }[]): number {
  return messages.reduce((sum, { content }) => sum + Math.ceil(content.length / 4) + 4, 0);
}
