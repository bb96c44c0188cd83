import type { Rates } from './rates.ts';

/** How the replay server answers one chat call. */
export type Behaviour =
  /** fulfils the schema (or writes a few sentences) with references to the prompt's facts, and no numeral in prose */
  | { kind: 'well-behaved' }
  /** well-behaved at these rates instead of the server's */
  | { kind: 'slow'; rates: Rates }
  /** exactly this text; with `thinking` before it */
  | { kind: 'text'; text: string; thinking?: string }
  /** fulfils the schema; its sentences hold invented numbers, dates, units, markup and references */
  | { kind: 'lies' }
  /** this status and body (a string is sent as text, anything else as JSON) */
  | { kind: 'error'; status: number; body: unknown; headers?: Record<string, string> }
  /** some chunks, then a line `{"error": …}` in the 200 */
  | { kind: 'error-mid-stream'; message?: string; afterChunks?: number }
  /** the whole text, and the end without `done: true` */
  | { kind: 'no-done' }
  /** `done: true` and no content; with `thinking` instead of it */
  | { kind: 'empty'; thinking?: string }
  /** the first half of the document, then `done: true` */
  | { kind: 'half-json' }
  /** some chunks, then a line that is no JSON */
  | { kind: 'malformed'; afterChunks?: number }
  /** some chunks, then the connection is cut */
  | { kind: 'cut'; afterChunks?: number }
  /** no headers, for as long as the caller stays */
  | { kind: 'hang' }
  /** some chunks, then silence for as long as the caller stays */
  | { kind: 'stall'; afterChunks?: number }
  /** repeats itself for as long as the caller stays, or until `num_predict` */
  | { kind: 'endless' };

/** The body of a chat call as it arrived, as far as the replay server reads it. */
export interface ReplayRequest {
  model: string;
  messages: { role: string; content: string }[];
  stream: boolean;
  truncate: boolean;
  format?: object;
  think?: unknown;
  keepAlive?: unknown;
  options: Readonly<Record<string, unknown>>;
}

/** One behaviour for all calls, or one for each: `callIndex` counts chat calls from 0 in the order of arrival. */
export type BehaviourScript = Behaviour | ((request: ReplayRequest, callIndex: number) => Behaviour);

/** Reads the body of a chat call. Returns a sentence instead when it is no request. */
export function replayRequest(body: unknown): ReplayRequest | string {
  if (!isRecord(body)) return 'the body is no JSON object';
  const { model, messages, format, options } = body;
  if (typeof model !== 'string' || model === '') return 'model is required';
  if (messages !== undefined && !Array.isArray(messages)) return 'messages must be a list';
  if (format !== undefined && format !== 'json' && !isRecord(format)) return 'format must be "json" or a JSON schema';
  return {
    model,
    messages: (messages ?? []).filter(isRecord).map((message) => ({ role: String(message.role), content: String(message.content ?? '') })),
    stream: body.stream !== false,
    truncate: body.truncate !== false,
    ...(isRecord(format) ? { format } : {}),
    think: body.think,
    keepAlive: body.keep_alive,
    options: isRecord(options) ? options : {},
  };
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
