/** The number at a pointer, found without the readers: JSON pointer, or line and column of a plain CSV. */
export function numberAt(text: string, pointer: string): unknown {
  const csv = /^line (\d+) column (.+)$/.exec(pointer);
  if (csv === null) {
    return pointer
      .slice(1)
      .split('/')
      .reduce<unknown>(
        (value, key) => (value as Record<string, unknown>)[key.replaceAll('~1', '/').replaceAll('~0', '~')],
        JSON.parse(text),
      );
  }
  const rows = text.split('\n');
  const cells = (line: string) => [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map((m) => (m[1] ?? '').replace(/^"|"$/g, ''));
  return Number(cells(rows[Number(csv[1]) - 1] ?? '')[cells(rows[0]?.replace(/\r$/, '') ?? '').indexOf(csv[2] ?? '')]);
}
