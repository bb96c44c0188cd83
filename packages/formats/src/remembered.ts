/** Names that are remembered, and how long one may be: more is not said again and again. */
const MOST_NAMES = 2_000;
const MOST_CHARS = 120;

/**
 * A pure function of a name that remembers what it said: files by the thousand have the same columns and keys, and each is asked of
 * several times. What it holds is bounded; when that is full, all is forgotten.
 */
export function remembered<T>(of: (name: string) => T): (name: string) => T {
  const known = new Map<string, T>();
  return (name) => {
    if (name.length > MOST_CHARS) return of(name);
    const before = known.get(name);
    if (before !== undefined) return before;
    const said = of(name);
    if (known.size >= MOST_NAMES) known.clear();
    known.set(name, said);
    return said;
  };
}
