import type { ServerResponse } from 'node:http';
import type { PlainBehaviour } from './behaviour.ts';
import type { ReplayRequest } from './request.ts';

/** An answer with another status than 200; a string is sent as text, any other body as JSON. */
export interface Refusal {
  status: number;
  body: unknown;
  headers?: Readonly<Record<string, string>>;
}

/** Texts by which Ollama says, with status 500, that memory ran out. */
export const OUT_OF_MEMORY_TEXTS = [
  'llama-server reported out-of-memory during startup: cudaMalloc failed: out of memory',
  'model runner has unexpectedly stopped, this may be due to resource limitations or an internal error, check ollama server logs for details',
  'unable to load full model on GPU',
  'llama runner process has terminated: error loading model: unable to allocate CUDA0 buffer: failed to allocate',
] as const;

export const refusal = (status: number, error: string): Refusal => ({ status, body: { error } });

export const serverBusy = (): Refusal => refusal(503, 'server busy, please try again.  maximum pending requests exceeded');
export const modelNotFound = (model: string): Refusal => refusal(404, `model '${model}' not found`);

/** How a behaviour refuses a call; null where it does not. */
export function refusalBy(behaviour: PlainBehaviour, request: ReplayRequest, index: number): Refusal | null {
  switch (behaviour.kind) {
    case 'error':
      return behaviour;
    case 'busy':
      return serverBusy();
    case 'not-found':
      return modelNotFound(request.model);
    case 'out-of-memory':
      return refusal(500, behaviour.message ?? OUT_OF_MEMORY_TEXTS[index % OUT_OF_MEMORY_TEXTS.length] ?? OUT_OF_MEMORY_TEXTS[0]);
    default:
      return null;
  }
}

export function sendRefusal(response: ServerResponse, { status, body, headers = {} }: Refusal): void {
  const text = typeof body === 'string';
  response.writeHead(status, { 'content-type': text ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8', ...headers });
  response.end(text ? body : JSON.stringify(body));
}
