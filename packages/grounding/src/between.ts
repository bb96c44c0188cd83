// Words that join two things are few, however many spaces or signs of emphasis stand about them.
const WIDEST = 400;
const LONGEST = 120;

/** What stands between two places, each run of white space, quotes and emphasis as one space; null where it is too long to join them. */
export function wordsBetween(text: string, start: number, end: number): string | null {
  if (end - start > WIDEST) return null;
  const words = text.slice(start, end).replace(/[\s*"'`]+/g, ' ');
  return words.length > LONGEST ? null : words;
}

/** Whether what stands between two places is as a pattern has it; never where it is long. */
export function isBetween(pattern: RegExp, text: string, start: number, end: number): boolean {
  const words = wordsBetween(text, start, end);
  return words !== null && pattern.test(words);
}
