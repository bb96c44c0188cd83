import { type FailureCode, OllamaFailure } from './failure.ts';

/** Who was asked for what: goes into every message. */
export interface Asked {
  server: string;
  model?: string | undefined;
}

const OUT_OF_MEMORY =
  /out[ -]of[ -]memory|cudaMalloc failed|failed to allocate|not enough memory|requires more system memory|unable to load full model on GPU|may be due to resource limitations/i;
const CONTEXT = /context (?:size|length|window)/i;
const WRONG_REQUEST = /invalid JSON schema in format|^invalid format:|option "[^"]*" must be of type/i;
const TOO_LONG = /exceed|longer than|too long/i;

const at = ({ server, model }: Asked): string => (model === undefined ? server : `${model} at ${server}`);

/** One line of at most 300 characters of what a server said, safe to print. */
export function quoted(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
  return line.length > 300 ? `${line.slice(0, 300)}…` : line;
}

/** Milliseconds a `Retry-After` header asks for; undefined where it is absent or no number of seconds. */
export function retryAfterMs(header: string | null): number | undefined {
  return header !== null && /^\d{1,6}$/.test(header.trim()) ? Number(header.trim()) * 1000 : undefined;
}

/** The failure an HTTP status other than 2xx stands for; `said` is the text of the body's `error`, or the body. */
export function statusFailure(asked: Asked, status: number, said: string, retryAfter: string | null = null): OllamaFailure {
  const code = statusCode(status, said, asked.model);
  const text = quoted(said) === '' ? '' : `: "${quoted(said)}"`;
  return new OllamaFailure(code, `${at(asked)} answered ${status}${text}. ${nextStep(code, asked, said)}`, {
    ...asked,
    status,
    retryAfterMs: retryAfterMs(retryAfter),
  });
}

/** The failure that an `{"error": …}` line inside an answer of status 200 stands for. */
export function lineFailure(asked: Asked, said: string): OllamaFailure {
  const code = OUT_OF_MEMORY.test(said) ? 'out_of_memory' : 'stream_error';
  const message = `${at(asked)} broke off its answer with an error: "${quoted(said)}". ${nextStep(code, asked, said)}`;
  return new OllamaFailure(code, message, { ...asked, status: 200 });
}

function statusCode(status: number, said: string, model: string | undefined): FailureCode {
  if (status === 404) return model !== undefined && /model/i.test(said) && /not found/i.test(said) ? 'model_not_found' : 'not_ollama';
  if (status === 401 || status === 403 || status === 407) return 'unauthorized';
  if (status === 429 || status === 503) return 'busy';
  if (CONTEXT.test(said) && TOO_LONG.test(said)) return 'prompt_too_long';
  // Some versions answer a request that cannot be right with 500 (measured on 0.17.4).
  if (status >= 500 && WRONG_REQUEST.test(said)) return 'bad_request';
  if (status >= 500) return OUT_OF_MEMORY.test(said) ? 'out_of_memory' : 'server_error';
  if (status === 413) return 'prompt_too_long';
  if (status < 400 || status === 405) return 'not_ollama';
  return 'bad_request';
}

function nextStep(code: FailureCode, asked: Asked, said: string): string {
  switch (code) {
    case 'model_not_found':
      return `Install it there with: ollama pull ${asked.model ?? 'MODEL'}`;
    case 'busy':
      return 'Its queue is full: ask again later, or raise OLLAMA_MAX_QUEUE on that server.';
    case 'prompt_too_long':
      return 'The prompt does not fit the context: raise num_ctx, or send less.';
    case 'out_of_memory':
      return 'Lower num_ctx or num_gpu, choose a smaller model, or free memory on that machine.';
    case 'unauthorized':
      return 'Put the credentials into the URL as http://USER:PASSWORD@HOST:PORT.';
    case 'not_ollama':
      return 'That is not how an Ollama server answers: check host, port and path of the URL.';
    case 'bad_request':
      return /does not support thinking/i.test(said)
        ? 'Leave out "think" for this model.'
        : 'Correct the request; repeated unchanged, it fails again.';
    default:
      return 'Look at the log of that server (journalctl -u ollama, or the console of "ollama serve").';
  }
}

const CONNECT_TIMEOUTS = new Set(['UND_ERR_CONNECT_TIMEOUT', 'ETIMEDOUT']);

/**
 * The failure that an exception of `fetch` or of a body being read stands for.
 * `answering` says whether the server had begun its answer (its status had arrived).
 */
export function networkFailure(asked: Asked, error: unknown, answering: boolean, connectMs: number): OllamaFailure {
  if (error instanceof OllamaFailure) return error;
  const { code, reason } = rootCause(error);
  const details = { ...asked, cause: error };
  if (answering) {
    return new OllamaFailure(
      'stream_incomplete',
      `${at(asked)} broke the connection in the middle of its answer (${quoted(reason)}). What had arrived is thrown away; ask again.`,
      { ...details, status: 200 },
    );
  }
  if (code !== undefined && CONNECT_TIMEOUTS.has(code)) {
    return new OllamaFailure(
      'connect_timeout',
      `${asked.server} accepted no connection within ${connectMs / 1000} s. Check host, port and firewall, or raise CHIMERA_OLLAMA_CONNECT_TIMEOUT.`,
      details,
    );
  }
  return new OllamaFailure(
    'unreachable',
    `No Ollama server answers at ${asked.server} (${quoted(reason)}). Start it with "ollama serve", or correct --ollama or OLLAMA_HOST.`,
    details,
  );
}

/** The innermost reason: `fetch` wraps it in a TypeError, several addresses of one host in an AggregateError. */
function rootCause(error: unknown): { code: string | undefined; reason: string } {
  if (!(error instanceof Error)) return { code: undefined, reason: String(error) };
  if (error instanceof AggregateError && error.errors.length > 0) return rootCause(error.errors[0]);
  if (error.cause instanceof Error) return rootCause(error.cause);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return { code, reason: error.message === '' ? (code ?? error.name) : error.message };
}
