/** The literal pieces of a pattern, in order: what stands between its runs of `*`. */
function piecesOf(pattern: string): string[] {
  return pattern.split(/\*+/);
}

/** Where the pieces end that stand in a text in this order, each as early as it can, from `from` on; -1 where they do not. */
function endOf(text: string, pieces: readonly string[], from: number): number {
  let at = from;
  for (const piece of pieces) {
    const found = text.indexOf(piece, at);
    if (found < 0) return -1;
    at = found + piece.length;
  }
  return at;
}

/** Whether a text holds what a pattern names; a run of `*` stands for anything. */
export function holdsGlob(text: string, pattern: string): boolean {
  return endOf(text, piecesOf(pattern), 0) >= 0;
}

/** Whether the last folders and the name of a path are as a pattern has them; a run of `*` stands for anything but `/`. */
export function endsWithGlob(path: string, pattern: string): boolean {
  const wanted = pattern.split('/');
  const there = path.split('/').slice(-wanted.length);
  return there.length === wanted.length && wanted.every((part, i) => isGlob(there[i] ?? '', part));
}

function isGlob(text: string, pattern: string): boolean {
  const pieces = piecesOf(pattern);
  const [first = '', last = ''] = [pieces[0], pieces.at(-1)];
  if (pieces.length === 1) return text === pattern;
  if (!text.startsWith(first) || !text.endsWith(last)) return false;
  const end = endOf(text, pieces.slice(1, -1), first.length);
  return end >= 0 && end <= text.length - last.length;
}
