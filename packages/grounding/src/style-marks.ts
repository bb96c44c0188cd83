const PARTNERS: ReadonlyMap<string, string> = new Map([
  [')', '('],
  [']', '['],
  ['}', '{'],
  ['\u201d', '\u201c'],
  ['\u00bb', '\u00ab'],
]);
const OPENING = new Set(PARTNERS.values());

/** Which mark of a sentence lacks its partner; null where none does. Code in backticks is taken out before. */
export function unbalancedIn(words: string): string | null {
  if (words.includes('`')) return 'has a backtick without its partner';
  const bold = words.split('**').length - 1;
  if (bold % 2 === 1) return 'has ** without its partner';
  if (words.includes('****')) return 'has bold type around nothing';
  const rest = words.replaceAll('**', '');
  if (/(?:^|[\s(])[*](?=[^\s*])|[^\s*][*](?:$|[\s.,;:!)])/.test(rest)) return 'has an asterisk that is no mark of a report';
  if (/(?:^|\s)__(?=[^\s_])/.test(rest)) return 'has underscores that are no mark of a report';
  // A quotation mark behind a digit may stand for inches, and one more is then none too many.
  if ((rest.match(/(?<!\d)"/g) ?? []).length % 2 === 1 && (rest.match(/"/g) ?? []).length % 2 === 1)
    return 'has a quotation mark without its partner';
  const open: string[] = [];
  for (const character of rest) {
    const partner = PARTNERS.get(character);
    if (OPENING.has(character)) open.push(character);
    else if (partner !== undefined && open.pop() !== partner) return `has "${character}" without its partner`;
  }
  const left = open.at(-1);
  return left === undefined ? null : `has "${left}" without its partner`;
}
