/** What a container or a cluster puts before each line of a tool's output: its name. */
const NAME = /^(?:([A-Za-z0-9][\w.-]{0,79}) {0,40}\|(?: |(?=\r?$))|\[(pod\/[^\]\s]{1,200})\] )/;

/** What whoever runs a pipeline puts there, behind the name where there is one. */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)(?: |(?=\r?$))/;

/** Marks of a terminal: colours, and what else moves its cursor. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is what such a mark begins with.
const ESCAPES = /\u001b\[[\d;?]{0,20}[A-Za-z]/g;

/** Those that move it to another place: what stands on either side does not belong together. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above.
const APART = /(?<=[^\s\u001b])\u001b\[[\d;]{0,10}[A-Hf](?=\S)/g;

/** Lines by which a text is told, and the longest that is looked at. */
const LOOKED_AT = 40;
const LINE_CHARS = 400;

/** Most containers that are told apart. */
const NAMES = 16;

/** Which of them stand before the lines. */
type Prefixes = { names: boolean; times: boolean };

/** Whether something stands before the lines of a text, or among them, that its tool did not print. */
export function hasPrefixes(text: string): boolean {
  return text.search(ESCAPES) >= 0 || prefixesOf(text) !== null;
}

/**
 * A text as its tool printed it: without colours, and without the name or the time that something put before every line. Where
 * several names do, a text for each of them: their lines come as they happen to, and are of different runs.
 * @returns texts with the same lines, of which those of other names are empty; none where there is nothing to take away
 */
export function* withoutPrefixes(text: string): Generator<string> {
  const plain = text.includes('\u001b') ? text.replace(APART, ' ').replace(ESCAPES, '') : text;
  const prefixes = prefixesOf(plain);
  if (prefixes === null) {
    if (plain !== text) yield plain;
    return;
  }
  const lines = plain.split('\n');
  const names = prefixes.names ? namesOf(lines) : [null];
  if (names.length > NAMES) return;
  for (const name of names) yield lines.map((line) => without(line, prefixes, name)).join('\n');
}

function namesOf(lines: readonly string[]): string[] {
  const names = new Set<string>();
  for (const line of lines) {
    const name = nameOf(line)?.name;
    if (name !== undefined) names.add(name);
    if (names.size > NAMES) break;
  }
  return [...names];
}

function nameOf(line: string): { name: string; chars: number } | null {
  const [whole = '', container, pod] = NAME.exec(line.slice(0, LINE_CHARS)) ?? [];
  const name = container ?? pod;
  return name === undefined ? null : { name, chars: whole.length };
}

/** A line of a name, or of none, without what stands before it; of a line of another name what makes it one. */
function without(line: string, { names, times }: Prefixes, name: string | null): string {
  const own = names ? nameOf(line) : null;
  if (own !== null && own.name !== name) return line.replace(/[^\r]{1,400}/g, '');
  const rest = own === null ? line : line.slice(own.chars);
  return times ? rest.replace(TIME, '') : rest;
}

/** What most of the first lines begin with; one line does in many texts. */
function prefixesOf(text: string): Prefixes | null {
  let lines = 0;
  let named = 0;
  let timed = 0;
  for (let at = 0; at < text.length && lines < LOOKED_AT; ) {
    const end = text.indexOf('\n', at);
    const stop = end < 0 ? text.length : end;
    const line = text.slice(at, Math.min(stop, at + LINE_CHARS));
    at = stop + 1;
    if (!/\S/.test(line)) continue;
    lines += 1;
    const chars = nameOf(line)?.chars ?? 0;
    if (chars > 0) named += 1;
    if (TIME.test(line.slice(chars))) timed += 1;
  }
  const [names, times] = [named > 1 && named * 2 > lines, timed > 1 && timed * 2 > lines];
  return names || times ? { names, times } : null;
}
