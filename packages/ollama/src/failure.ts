/** Whether asking again makes sense: not at all, on the same server after a while, or only on another server. */
export type Retry = 'never' | 'later' | 'elsewhere';

interface FailureKind {
  readonly retry: Retry;
  /** how long to wait before the same server is asked again, in milliseconds; null where waiting does not help */
  readonly retryAfterMs: number | null;
}

/** Every way a question to an Ollama server can end without an answer. This table is the only list of codes. */
export const FAILURES = {
  /** no connection: refused, no such host, certificate not accepted, closed before anything was answered */
  unreachable: { retry: 'later', retryAfterMs: 5_000 },
  connect_timeout: { retry: 'later', retryAfterMs: 10_000 },
  /** nothing of the answer within the clock that covers queue, load and prompt */
  first_token_timeout: { retry: 'elsewhere', retryAfterMs: null },
  idle_timeout: { retry: 'later', retryAfterMs: 5_000 },
  total_timeout: { retry: 'elsewhere', retryAfterMs: null },
  /** the caller's own signal */
  aborted: { retry: 'never', retryAfterMs: null },
  model_not_found: { retry: 'elsewhere', retryAfterMs: null },
  /** the server would pass the prompt on to a host that is not configured */
  remote_model: { retry: 'elsewhere', retryAfterMs: null },
  busy: { retry: 'later', retryAfterMs: 5_000 },
  prompt_too_long: { retry: 'never', retryAfterMs: null },
  bad_request: { retry: 'never', retryAfterMs: null },
  unauthorized: { retry: 'elsewhere', retryAfterMs: null },
  out_of_memory: { retry: 'later', retryAfterMs: 15_000 },
  server_error: { retry: 'later', retryAfterMs: 5_000 },
  /** something answers at the URL, but not as Ollama does */
  not_ollama: { retry: 'elsewhere', retryAfterMs: null },
  /** a line `{"error": …}` inside an answer whose status was 200 */
  stream_error: { retry: 'later', retryAfterMs: 5_000 },
  /** the stream ended without `done: true` */
  stream_incomplete: { retry: 'later', retryAfterMs: 5_000 },
  empty_answer: { retry: 'later', retryAfterMs: 0 },
  answer_too_long: { retry: 'never', retryAfterMs: null },
  /** a line that is no JSON object, or bytes that are no UTF-8 */
  malformed_stream: { retry: 'elsewhere', retryAfterMs: null },
} as const satisfies Record<string, FailureKind>;

export type FailureCode = keyof typeof FAILURES;

export interface FailureDetails {
  /** URL of the server, without credentials */
  server: string;
  model?: string | undefined;
  /** HTTP status, where there was one */
  status?: number | undefined;
  /** what the server itself asked for (`Retry-After`), in milliseconds; replaces the table's value */
  retryAfterMs?: number | undefined;
  cause?: unknown;
}

/** A question to an Ollama server that got no answer. The message is one sentence or two for people; `code` is for programs. */
export class OllamaFailure extends Error {
  override readonly name = 'OllamaFailure';
  readonly code: FailureCode;
  readonly retry: Retry;
  readonly retryAfterMs: number | null;
  readonly server: string;
  readonly model: string | undefined;
  readonly status: number | undefined;

  constructor(code: FailureCode, message: string, details: FailureDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    const kind: FailureKind = FAILURES[code];
    this.code = code;
    this.retry = kind.retry;
    this.retryAfterMs = details.retryAfterMs ?? kind.retryAfterMs;
    this.server = details.server;
    this.model = details.model;
    this.status = details.status;
  }
}
