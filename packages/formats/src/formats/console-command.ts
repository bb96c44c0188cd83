/** Lines over which one command may go on. */
const MOST_LINES = 60;
/** Characters of a command that are looked at. */
const MOST_CHARS = 4_000;

const COMMAND = /(\bvllm[ \t]+bench[ \t]+serve|\b(?:sglang\.)?bench(?:mark)?_serving(?:\.py)?)[ \t]+([-\\].*)$/;

/** A flag with its value; a flag without one is followed by another. */
const FLAG = /(?:^|\s)--([a-z][a-z\d_-]{0,60})(?:=|\s+)(?!--)(\S{1,200})/g;
/** A value that stands there as it is: no variable, no placeholder, no list. */
const LITERAL = /^(?:"([\w.:/@+%~-]+)"|'([\w.:/@+%~-]+)'|([\w.:/@+%~-]+))$/;

/** What ends a command on its line: another one, a place for its output, a comment, the end of code within a sentence. */
const END = /\s(?:\|\|?|&&?|&?\d?>{1,2}|;)|;(?:\s|$)|`|\s#/;

/** What may stand before a command, of plain words: elsewhere it is prose that speaks of one. */
const RUNNERS = new Set(
  'python uv uvx run poetry pixi conda nohup time timeout sudo exec env docker podman kubectl srun bash sh numactl taskset do then'.split(
    ' ',
  ),
);

export type Command = {
  /** whose benchmark it is, where its name says so */
  of: 'vllm' | 'sglang' | null;
  /** flag, with underscores → value as it is written, without those that are not literal */
  flags: ReadonlyMap<string, string>;
  /** over which it goes */
  lines: number;
};

/** A command that benchmarks a server, as people put it above what it printed; null where the line begins none. */
export function commandAt(lines: readonly string[], index: number): Command | null {
  const first = (lines[index] ?? '').trimEnd();
  const found = first.length <= MOST_CHARS ? COMMAND.exec(first) : null;
  const [, name = '', begun = ''] = found ?? [];
  if (found === null || isProse(first.slice(0, found.index))) return null;
  let text = begun;
  let next = index + 1;
  for (; text.endsWith('\\') && next < index + MOST_LINES && text.length < MOST_CHARS; next += 1)
    text = `${text.slice(0, -1)} ${(lines[next] ?? '')
      .slice(0, MOST_CHARS)
      .replace(/^[\s>#]{1,20}/, '')
      .trimEnd()}`;
  const of = name.startsWith('vllm') ? 'vllm' : name.startsWith('sglang') ? 'sglang' : null;
  return { of, flags: flagsIn(text), lines: next - index };
}

function isProse(before: string): boolean {
  const words = (before.split(/[:;&|][\s`]/).at(-1) ?? '').split(/[\s`]+/);
  return words.some((word) => /^[A-Za-z][a-z]+,?$/.test(word) && !RUNNERS.has(word));
}

function flagsIn(text: string): ReadonlyMap<string, string> {
  // What is quoted may hold flags of another command.
  const plain = text.replace(/"[^"]*"|'[^']*'/g, (quoted) => (/\s/.test(quoted) ? '""' : quoted));
  const flags = new Map<string, string>();
  const given = new Set<string>();
  for (const [, flag = '', written = ''] of plain.split(END, 1)[0]?.matchAll(FLAG) ?? []) {
    const name = flag.replaceAll('-', '_');
    const [, double, single, bare] = LITERAL.exec(written) ?? [];
    const value = double ?? single ?? bare;
    given.add(name);
    // The last one holds, though it cannot be read.
    if (value === undefined) flags.delete(name);
    else flags.set(name, value);
  }
  // One of these holds for every kind of prompts, whatever was asked for of one.
  const general = ['input_len', 'output_len'].filter((name) => given.has(name));
  for (const name of [...flags.keys()]) if (general.some((length) => name.endsWith(`_${length}`))) flags.delete(name);
  return flags;
}
