import type { ChatRequest as LibraryRequest } from 'ollama';

export interface ChatMessage {
  role: 'system' | 'user' | 'assistant';
  content: string;
}

/** Ollama's options; one that is absent or undefined is not sent, so the server's default holds. */
export interface ChatOptions {
  num_gpu?: number | undefined;
  /** tokens of context; the server's default depends on its memory: give it */
  num_ctx?: number | undefined;
  temperature?: number | undefined;
  top_p?: number | undefined;
  top_k?: number | undefined;
  repeat_penalty?: number | undefined;
  seed?: number | undefined;
  /** tokens of answer at most; without it a looping model goes on for ten times its context: give it */
  num_predict?: number | undefined;
}

export type Think = boolean | 'low' | 'medium' | 'high';

export interface ChatRequest {
  /** name with or without tag */
  model: string;
  messages: ChatMessage[];
  /** a JSON schema: constrains the answer, does not teach it; put it into the prompt too */
  format?: object | undefined;
  options: ChatOptions;
  think?: Think | undefined;
  /** seconds, or a duration such as `10m`; how long the model stays loaded */
  keepAlive?: string | number | undefined;
}

/** What goes over the wire. `truncate` is top-level: with false a prompt that does not fit is refused, not cut silently. */
export type WireRequest = LibraryRequest & { stream: true; truncate: false };

const OPTION_NAMES = ['num_gpu', 'num_ctx', 'temperature', 'top_p', 'top_k', 'repeat_penalty', 'seed', 'num_predict'] as const;

/** The body of `POST /api/chat`: always streaming, never truncating, undefined fields left out. The request is not changed. */
export function wireRequest(request: ChatRequest): WireRequest {
  const options: Partial<Record<(typeof OPTION_NAMES)[number], number>> = {};
  for (const name of OPTION_NAMES) {
    const value = request.options[name];
    if (value !== undefined) options[name] = value;
  }
  return {
    model: request.model,
    messages: request.messages.map(({ role, content }) => ({ role, content })),
    stream: true,
    truncate: false,
    options,
    ...(request.format === undefined ? {} : { format: request.format }),
    ...(request.think === undefined ? {} : { think: request.think }),
    ...(request.keepAlive === undefined ? {} : { keep_alive: request.keepAlive }),
  };
}
