import { Ollama } from 'ollama';
import { Agent, Response, fetch as undiciFetch } from 'undici';
import { checkedLines } from './answer-stream.ts';
import { type Asked, networkFailure, statusFailure } from './classify.ts';
import { OllamaFailure } from './failure.ts';
import type { ServerAddress } from './server-url.ts';

/** The header by which the replay server says what it is. */
export const REPLAY_HEADER = 'x-chimera-replay';

/** Bytes of an error's body that are read at most. */
const MAX_ERROR_BYTES = 64 * 1024;

export interface Call extends Asked {
  /** ends the call at any time, also before the first byte; its reason is thrown and its socket closed */
  signal: AbortSignal;
  /** told once the status of a good answer has arrived */
  onAnswer?: (facts: { replay: boolean }) => void;
  /** the answer is one document, not a stream of chunks */
  whole?: boolean;
}

export interface Transport {
  /** an instance of the `ollama` package for one call: every request it makes obeys the call's signal */
  library(call: Call): Ollama;
  close(): Promise<void>;
}

/**
 * Connections to one server. `fetch` and `Agent` come from the same undici, without its clocks for headers and body: Ollama sends
 * no header before the first token. A connection serves one call, so that one the server has closed meanwhile is never used again.
 */
export function createTransport(address: ServerAddress, connectMs: number): Transport {
  const dispatcher = new Agent({ headersTimeout: 0, bodyTimeout: 0, pipelining: 0, connect: { timeout: connectMs } });

  async function fetchFor(call: Call, url: string, init: RequestInit | undefined): Promise<Response> {
    const response = await undiciFetch(url, {
      method: init?.method ?? 'GET',
      headers: Object.fromEntries(new Headers(init?.headers)),
      body: typeof init?.body === 'string' ? init.body : null,
      redirect: 'manual', // only configured hosts are ever contacted
      signal: call.signal,
      dispatcher,
    }).catch((error: unknown) => {
      throw call.signal.aborted ? call.signal.reason : networkFailure(call, error, false, connectMs);
    });
    if (!response.ok) {
      throw statusFailure(call, response.status, await errorText(response), response.headers.get('retry-after'));
    }
    call.onAnswer?.({ replay: response.headers.get(REPLAY_HEADER) !== null });
    if (call.whole) return response;
    if (response.body === null) throw emptyBody(call);
    return new Response(checkedLines(response.body, call), { status: response.status });
  }

  return {
    library: (call) =>
      new Ollama({
        host: address.url,
        headers: address.headers,
        fetch: (input, init) => {
          const url = typeof input === 'string' ? input : input instanceof URL ? input.href : input.url;
          return fetchFor(call, url, init);
        },
      }),
    close: () => dispatcher.destroy(),
  };
}

/** What the server says in an answer of another status: `error` of its JSON, or its text. */
async function errorText(response: Response): Promise<string> {
  const text = await startOf(response);
  if (!text.trimStart().startsWith('{')) return text;
  try {
    const value: unknown = JSON.parse(text);
    const error = typeof value === 'object' && value !== null && 'error' in value ? value.error : undefined;
    return typeof error === 'string' ? error : text;
  } catch (error) {
    if (error instanceof SyntaxError) return text; // looked like JSON and is not: shown as it is
    throw error;
  }
}

/** The first bytes of a body as text; where it breaks off, the reason stands at the end: the status alone is worth telling. */
async function startOf(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  let brokenOff = '';
  try {
    for await (const bytes of response.body ?? []) {
      parts.push(bytes);
      size += bytes.byteLength;
      if (size > MAX_ERROR_BYTES) break;
    }
  } catch (error) {
    brokenOff = ` (broken off: ${error instanceof Error ? error.message : String(error)})`;
  }
  return `${Buffer.concat(parts).toString('utf8')}${brokenOff}`;
}

function emptyBody(asked: Asked): OllamaFailure {
  return new OllamaFailure('not_ollama', `${asked.server} answered without a body, which no Ollama server does: check the URL.`, {
    ...asked,
    status: 200,
  });
}
