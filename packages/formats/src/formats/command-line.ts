/** Longest command line that is taken apart. */
const COMMAND_CHARS = 20_000;

const WORD = /"((?:[^"\\]|\\.)*)"|'([^']*)'|([^\s"']+)/g;

/**
 * The options of a command line as a shell would read it: `--model "a b"`, `--model=x`, `-m x`.
 * @returns option → the words behind it, in order; an option that stands twice has the words of both
 */
export function optionsOf(command: string): ReadonlyMap<string, readonly string[]> {
  const options = new Map<string, string[]>();
  let last: string[] | null = null;
  for (const match of command.slice(0, COMMAND_CHARS).matchAll(WORD)) {
    const plain = match[3];
    if (plain?.startsWith('-') === true && !/^-\d/.test(plain)) {
      const equals = plain.indexOf('=');
      const name = equals < 0 ? plain : plain.slice(0, equals);
      last = options.get(name) ?? [];
      options.set(name, last);
      if (equals >= 0 && equals < plain.length - 1) last.push(plain.slice(equals + 1));
    } else {
      last?.push(plain ?? match[1] ?? match[2] ?? '');
    }
  }
  return options;
}
