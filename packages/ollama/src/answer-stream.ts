import { type Asked, lineFailure, networkFailure, quoted } from './classify.ts';
import { OllamaFailure } from './failure.ts';

/** A line of an answer holds one token or a few; longer than this it is no such line. In UTF-16 code units. */
const MAX_LINE = 4_000_000;

/**
 * Checks the lines of an NDJSON answer on their way: yields each as bytes of one JSON object and a newline, blank lines left out.
 * The `ollama` package prints a bad line to the console and goes on, and tells an error line from nothing else by its text; so both
 * end here. Throws OllamaFailure: `stream_error` or `out_of_memory` (an error line), `malformed_stream`, `stream_incomplete`
 * (the end, or half a line, without `done: true`; a broken connection).
 */
export async function* checkedLines(body: AsyncIterable<Uint8Array>, asked: Asked): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  let done = false;
  for await (const { text, complete } of lines(body, asked)) {
    const chunk = objectIn(text, complete, asked);
    if (typeof chunk.error === 'string') throw lineFailure(asked, chunk.error);
    if ('error' in chunk) throw lineFailure(asked, JSON.stringify(chunk.error));
    done = chunk.done === true;
    yield encoder.encode(`${text}\n`);
    if (done) return;
  }
  throw incomplete(asked);
}

interface Line {
  text: string;
  /** whether a newline ended it */
  complete: boolean;
}

async function* lines(body: AsyncIterable<Uint8Array>, asked: Asked): AsyncGenerator<Line> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let rest = '';
  for await (const bytes of received(body, asked)) {
    rest += decoded(decoder, bytes, asked);
    const parts = rest.split('\n');
    rest = parts.pop() ?? '';
    for (const text of parts) if (text.trim() !== '') yield { text, complete: true };
    if (rest.length > MAX_LINE) throw malformed(asked, rest, 'a line without end');
  }
  if (rest.trim() !== '') yield { text: rest, complete: false };
}

async function* received(body: AsyncIterable<Uint8Array>, asked: Asked): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    throw networkFailure(asked, error, true, 0);
  }
}

function decoded(decoder: TextDecoder, bytes: Uint8Array, asked: Asked): string {
  try {
    return decoder.decode(bytes, { stream: true });
  } catch (error) {
    throw malformed(asked, '', 'bytes that are no UTF-8', error);
  }
}

function objectIn(text: string, complete: boolean, asked: Asked): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw complete ? malformed(asked, text, 'a line that is no JSON', error) : incomplete(asked, error);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed(asked, text, 'a line that is no JSON object');
  return { ...value };
}

function malformed(asked: Asked, text: string, what: string, cause?: unknown): OllamaFailure {
  const sample = text === '' ? '' : ` ("${quoted(text.slice(0, 100))}")`;
  const message =
    `${asked.model ?? 'The model'} at ${asked.server} sent ${what}${sample} where Ollama sends one JSON object a line. ` +
    'Check that the URL is an Ollama server and that no proxy rewrites its answers.';
  return new OllamaFailure('malformed_stream', message, { ...asked, status: 200, cause });
}

function incomplete(asked: Asked, cause?: unknown): OllamaFailure {
  const message =
    `${asked.model ?? 'The model'} at ${asked.server} ended its answer without saying that it was done. ` +
    'What had arrived is thrown away; ask again, and look at the log of that server if it happens twice.';
  return new OllamaFailure('stream_incomplete', message, { ...asked, status: 200, cause });
}
