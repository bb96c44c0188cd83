/**
 * The source of a regular expression that finds any of some words, the longest that is there. What several words begin with is said
 * once: of hundreds in a row the engine tries each at every number, of this one only those that begin so. A blank stands for any
 * white space.
 * @param first how the first letter of all is found, where it is not as it stands
 */
export function anyOf(words: readonly string[], first: (letter: string) => string = literal): string {
  const byFirst = new Map<string, string[]>();
  for (const word of new Set(words)) {
    const [letter = ''] = word;
    byFirst.set(letter, [...(byFirst.get(letter) ?? []), word.slice(letter.length)]);
  }
  return `(?:${[...byFirst].map(([letter, tails]) => first(letter) + tailsOf(tails)).join('|')})`;
}

/** Greedy: where a longer tail is there, the shorter one that it begins with is not found. */
function tailsOf(tails: readonly string[]): string {
  const start = commonStart(tails);
  const longer = tails.map((tail) => tail.slice(start.length)).filter((tail) => tail !== '');
  if (longer.length === 0) return literal(start);
  return `${literal(start)}${anyOf(longer)}${longer.length < tails.length ? '?' : ''}`;
}

/** In whole characters: a pair of surrogates is never divided. */
function commonStart([one = '', ...others]: readonly string[]): string {
  let start = '';
  for (const letter of one) {
    if (!others.every((other) => other.startsWith(start + letter))) break;
    start += letter;
  }
  return start;
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&').replaceAll(' ', '\\s+');
}
