import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { decode, Refusal } from '@chimera/ingest';
import { numberText } from '@chimera/shared/domain';
import { CommandFailed } from './usage-error.ts';
import { visible } from './visible.ts';

/** A page to check, as a person named it. */
export type GivenPage = { name: string; bytes: Uint8Array; text: string };

/** How a page is named that comes by standard input. */
export const STANDARD_INPUT = '-';

/** A page of prose is a thousandth of it: what is larger is a file of data. */
const MOST_PAGE_BYTES = 4_194_304;

/**
 * The text of a page: a file, or standard input for `-`.
 * @throws CommandFailed in a sentence where there is none, or it is no Markdown or text that can be checked
 */
export async function readPage(given: string, stdin: AsyncIterable<Uint8Array> = process.stdin): Promise<GivenPage> {
  const fromInput = given === STANDARD_INPUT;
  const name = fromInput ? 'standard input' : visible(given);
  if (!fromInput) await requireFile(given, name);
  const bytes = await atMost(fromInput ? stdin : createReadStream(given), name);
  return { name, bytes, text: textOf(bytes, name) };
}

async function requireFile(given: string, name: string): Promise<void> {
  try {
    if (!(await stat(given)).isDirectory()) return;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR')
      throw new CommandFailed(`There is no ${name}: give the report to check, or - for standard input.`, { cause: error });
    throw new CommandFailed(`${name} cannot be read: ${visible(message)}.`, { cause: error });
  }
  throw new CommandFailed(`${name} is a folder: give the report in it that is to be checked.`);
}

async function atMost(stream: AsyncIterable<Uint8Array>, name: string): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const part of stream) {
      length += part.length;
      if (length > MOST_PAGE_BYTES)
        throw new CommandFailed(
          `${name} holds more than ${numberText(MOST_PAGE_BYTES)} bytes, which is the limit of a report that can be checked: give its part that states something.`,
        );
      parts.push(part);
    }
  } catch (error) {
    if (error instanceof CommandFailed) throw error;
    throw new CommandFailed(`${name} cannot be read: ${visible((error as Error).message)}.`, { cause: error });
  }
  return Buffer.concat(parts);
}

const OWN_COPY = /^<!-- chimera:verify v\d/;
const OWN_JSON = /"schema"\s*:\s*"chimera\.\w+\/v\d+"/;
const HTML = /^\s*(?:<\?xml[^>]{0,200}>\s*)?<(?:!doctype html|html|head|body)\b/i;
const LOOKED_AT = 4_096;

function textOf(bytes: Uint8Array, name: string): string {
  const { text } = decoded(bytes, name);
  const head = text.slice(0, LOOKED_AT);
  if (OWN_COPY.test(head))
    throw new CommandFailed(`${name} is a copy that "chimera verify" annotated: give the report that it was made from.`);
  if (HTML.test(head)) throw new CommandFailed(`${name} is HTML, and only Markdown or plain text can be checked: give it as one of these.`);
  if (/^\s*\{/.test(head) && OWN_JSON.test(head + text.slice(-LOOKED_AT)))
    throw new CommandFailed(`${name} is JSON that Chimera wrote: give the report.md beside it.`);
  return text;
}

function decoded(bytes: Uint8Array, name: string): { text: string } {
  try {
    return decode(bytes);
  } catch (error) {
    if (error instanceof Refusal) throw new CommandFailed(`${name} cannot be checked: ${visible(error.message)}.`, { cause: error });
    throw error;
  }
}
