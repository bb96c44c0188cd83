/** Arguments of one command that are looked at. */
const MOST_ARGUMENTS = 2_000;

const CLOSING: ReadonlyMap<string, string> = new Map([
  ['(', ')'],
  ['[', ']'],
  ['{', '}'],
]);

/**
 * The arguments in a line in which a Python program printed them: `Namespace(model='a', request_rate=16.0, label=None)`.
 * @returns name → value: texts without their quotes, all else as it is written, None left out; null where the line has none
 */
export function namespaceIn(line: string): ReadonlyMap<string, string> | null {
  const begin = line.indexOf('Namespace(');
  if (begin < 0) return null;
  const found = new Map<string, string>();
  for (const argument of argumentsFrom(line, begin + 'Namespace('.length)) {
    const equals = argument.indexOf('=');
    const value = argument.slice(equals + 1).trim();
    if (equals > 0 && value !== 'None') found.set(argument.slice(0, equals).trim(), unquoted(value));
  }
  return found.size === 0 ? null : found;
}

/** The texts in a list as Python prints it: `['gpu=H100', 'tp=4']`. */
export function textsInList(list: string): string[] {
  return [...list.matchAll(/'([^'\\]*)'|"([^"\\]*)"/g)].map((match) => match[1] ?? match[2] ?? '');
}

/** The arguments of a call, cut at the commas that stand in no quotes and no brackets. */
function argumentsFrom(line: string, start: number): string[] {
  const found: string[] = [];
  const open: string[] = [];
  let begin = start;
  for (let at = start; at < line.length && found.length < MOST_ARGUMENTS; at += 1) {
    const character = line[at] ?? '';
    if (character === "'" || character === '"') {
      at = quoteEnd(line, at);
      continue;
    }
    const closing = CLOSING.get(character);
    if (closing !== undefined) open.push(closing);
    else if (open.length > 0) {
      if (character === open.at(-1)) open.pop();
    } else if (character === ',' || character === ')') {
      found.push(line.slice(begin, at));
      begin = at + 1;
      if (character === ')') return found;
    }
  }
  // Without its closing bracket the line is cut, and so may be its last argument.
  return found;
}

function quoteEnd(line: string, start: number): number {
  for (let at = start + 1; at < line.length; at += 1) {
    if (line[at] === '\\') at += 1;
    else if (line[at] === line[start]) return at;
  }
  return line.length;
}

function unquoted(value: string): string {
  const quote = value[0];
  return (quote === "'" || quote === '"') && value.length > 1 && value.endsWith(quote) ? value.slice(1, -1) : value;
}
