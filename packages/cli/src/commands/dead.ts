import {
  dataOf,
  LetterFault,
  type LetterHead,
  letter,
  letterSequences,
  listLetters,
  NoDeadStream,
  openDeadBox,
  removeLetter,
  retryLetter,
} from '@chimera/shared/bus';
import { NatsSettings, natsLogin, parseSettings } from '@chimera/shared/service';
import { Command, InvalidArgumentError } from 'commander';
import { CommandFailed, EXIT, UsageError } from '../usage-error.ts';
import { cut, visible } from '../visible.ts';

type Where = { nats?: string; json?: boolean };
type Box = Awaited<ReturnType<typeof openDeadBox>>;

const NATS = [
  '--nats <url>',
  'the NATS server that holds them (default: CHIMERA_NATS_URL, else nats://127.0.0.1:4222, where "chimera up" has its own)',
] as const;
const WIDEST = { name: 90, reason: 120 } as const;

/** `chimera dead`: the messages that were given up, and how to have one handled after all. */
export function deadCommand(): Command {
  const dead = new Command('dead')
    .description('Shows the dead letters, which are the messages that were given up; publishes them again, or removes them.')
    .exitOverride()
    .allowExcessArguments()
    .action((_, command: Command) => {
      const [given] = command.args;
      throw new UsageError(
        `${given === undefined ? 'Say what to do with the dead letters' : `There is no "chimera dead ${given}"`}: list, show, retry or remove.`,
      );
    });
  dead
    .command('list')
    .description('Lists the newest dead letters, the newest last.')
    .option(...NATS)
    .option('--json', 'print them as one JSON document')
    .option('--limit <n>', 'how many at most', wholeNumber, 50)
    .action((options: Where & { limit: number }) => inBox(options, (box) => list(box, options)));
  dead
    .command('show')
    .description('Shows one dead letter with its data.')
    .argument('<sequence>', 'its number in the list', wholeNumber)
    .option(...NATS)
    .option('--json', 'print it as one JSON document; the data is in base64, and also as text where it is text')
    .action((sequence: number, options: Where) => inBox(options, (box) => show(box, sequence, options)));
  dead
    .command('retry')
    .description('Publishes dead letters again on their subjects and removes them. Ends with 1 when one could not be.')
    .argument('[sequence...]', 'their numbers in the list', (given: string, before: number[] = []) => [...before, wholeNumber(given)])
    .option(...NATS)
    .option('--all', 'all that there are now, the oldest first')
    .option('--force', 'also those whose data their contract does not take, which would die again')
    .option('--json', 'print what became of each as one JSON document')
    .action((sequences: number[], options: Where & { all?: boolean; force?: boolean }) => {
      if ((sequences.length === 0) !== (options.all === true))
        throw new UsageError('Name the dead letters to retry by their numbers in "chimera dead list", or give --all.');
      return inBox(options, (box) => retry(box, options.all ? null : sequences, options));
    });
  dead
    .command('remove')
    .description('Removes dead letters: their messages are given up for good. Ends with 1 when one could not be.')
    .argument('<sequence...>', 'their numbers in the list', (given: string, before: number[] = []) => [...before, wholeNumber(given)])
    .option(...NATS)
    .option('--json', 'print what became of each as one JSON document')
    .action((sequences: number[], options: Where) => inBox(options, (box) => removeAll(box, sequences, options)));
  return dead;
}

/** Connects, does it, and closes. What goes wrong on the way is a sentence, without what a letter may have put into it for the terminal. */
async function inBox(where: Where, use: (box: Box) => Promise<void>): Promise<void> {
  const settings = parseSettings(NatsSettings, process.env);
  let box: Box | null = null;
  try {
    box = await openDeadBox({
      url: where.nats || settings.CHIMERA_NATS_URL,
      ...natsLogin(settings, 'admin'),
      name: 'chimera dead',
      connectTimeoutMs: 0,
    });
    await use(box);
  } catch (error) {
    throw new CommandFailed(visible(textOf(error)), { cause: error });
  } finally {
    await box?.close();
  }
}

async function list(box: Box, { limit, json }: Where & { limit: number }): Promise<void> {
  const { total, letters } = await listLetters(box, limit).catch(asEmpty);
  if (json) return printJson({ total, letters });
  if (total === 0) return print('no dead letters');
  const rows = letters.map(rowOf);
  const head = ['SEQ', 'WHEN', 'STREAM/SUBJECT', 'DURABLE', 'ATTEMPTS', 'REASON'];
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0)));
  for (const row of [head, ...rows])
    print(
      row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    );
  if (total > letters.length) print(`These are the newest ${letters.length} of ${total}; --limit shows more.`);
}

function rowOf(head: LetterHead): string[] {
  if (head.letter === null) return [String(head.sequence), head.storedAt, '-', '-', '-', cut(head.fault, WIDEST.reason)];
  const { at, stream, subject, durable, attempts, reason } = head.letter;
  return [
    String(head.sequence),
    at,
    cut(`${stream}/${subject}`, WIDEST.name),
    cut(durable, WIDEST.name),
    String(attempts),
    cut(reason, WIDEST.reason),
  ];
}

async function show(box: Box, sequence: number, { json }: Where): Promise<void> {
  const stored = await letter(box, sequence);
  const dead = stored.letter;
  const bytes = dataOf(dead);
  const text = textIn(bytes);
  if (json) return printJson({ ...stored, text });
  const rows: [string, string | number][] = [
    ['sequence', sequence],
    ['when', dead.at],
    ['stream', `${dead.stream} (message ${dead.sequence})`],
    ['subject', dead.subject],
    ['durable', dead.durable],
    ['attempts', dead.attempts],
    ['message id', dead.messageId ?? '-'],
    ['reason', dead.reason],
    ['data', `${bytes.length} bytes${text === null ? ', no UTF-8 text; in base64' : ''}`],
  ];
  // Further lines stand further in, so that none can pass for a row.
  for (const [name, value] of rows) print(`${name.padEnd(12)}${visible(String(value), '\n').replaceAll('\n', `\n${' '.repeat(12)}`)}`);
  print(`\n${text === null ? dead.data : visible(isJson(text) ? indented(text) : text, '\n')}`);
}

/** Retries the letters named, or (null) all there are at the start: one that dies again meanwhile is a new letter. */
async function retry(box: Box, named: number[] | null, options: Where & { force?: boolean }): Promise<void> {
  const sequences = named ?? (await letterSequences(box, Number.POSITIVE_INFINITY).catch(asEmpty)).sequences;
  const results: { sequence: number; outcome: string; [more: string]: unknown }[] = [];
  for (const sequence of new Set(sequences)) {
    try {
      const { doubt, ...message } = await retryLetter(box, sequence, { force: options.force ?? false });
      if (doubt !== null) warn(`${doubt}. It was published all the same.`);
      results.push({ sequence, outcome: 'retried', message, doubt });
      if (!options.json)
        print(visible(`letter ${sequence}: published again on ${message.subject}, as message ${message.sequence} of ${message.stream}`));
    } catch (error) {
      results.push({ sequence, outcome: error instanceof LetterFault ? error.why : 'failed', says: textOf(error) });
      warn(textOf(error));
      process.exitCode = EXIT.failed;
      // No fault of this letter: the others would meet it too.
      if (!(error instanceof LetterFault)) break;
    }
  }
  if (options.json) printJson(results);
  else if (sequences.length === 0) print('no dead letters');
}

async function removeAll(box: Box, sequences: number[], options: Where): Promise<void> {
  const results: { sequence: number; outcome: string; says?: string }[] = [];
  for (const sequence of new Set(sequences)) {
    try {
      await removeLetter(box, sequence);
      results.push({ sequence, outcome: 'removed' });
      if (!options.json) print(`letter ${sequence}: removed`);
    } catch (error) {
      if (!(error instanceof LetterFault)) throw error;
      results.push({ sequence, outcome: error.why, says: error.message });
      warn(error.message);
      process.exitCode = EXIT.failed;
    }
  }
  if (options.json) printJson(results);
}

/** For a server that holds no dead stream: nothing died there, which is said, as it may be the wrong server. */
function asEmpty(error: unknown): { total: number; letters: []; sequences: [] } {
  if (!(error instanceof NoDeadStream)) throw error;
  warn(error.message);
  return { total: 0, letters: [], sequences: [] };
}

/** JSON text on lines of its own, with every token as it is: a number written anew could be another one. */
function indented(json: string): string {
  let out = '';
  let depth = 0;
  let opened = false;
  // Data may be nested a hundred thousand deep.
  const newLine = () => `\n${'  '.repeat(Math.min(depth, 20))}`;
  for (const [token] of json.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"|[^\s"]/g)) {
    const closes = token === '}' || token === ']';
    if (closes) depth--;
    if (opened !== closes) out += newLine();
    opened = token === '{' || token === '[';
    if (opened) depth++;
    out += token === ':' ? ': ' : token;
    if (token === ',') out += newLine();
  }
  return out;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function textIn(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

function wholeNumber(given: string): number {
  if (!/^[1-9]\d{0,14}$/.test(given)) throw new InvalidArgumentError('give a whole number, 1 or more.');
  return Number(given);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** The same document, with what could drive a terminal as `\uHHHH` within its strings. */
function printJson(value: unknown): void {
  const code = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  print(JSON.stringify(value, null, 1).replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (c) => (c === '\n' ? c : c.split('').map(code).join(''))));
}

function warn(sentence: string): void {
  process.stderr.write(`chimera: ${visible(sentence)}\n`);
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
