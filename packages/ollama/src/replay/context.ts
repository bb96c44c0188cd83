import type { CompleteModel } from './models.ts';
import { type Refusal, refusal } from './refusal.ts';
import { numberOption, type ReplayRequest } from './request.ts';
import { promptTokens } from './tokens.ts';

/** The context without a num_ctx: Ollama's for less than 23 GiB of GPU memory. */
export const DEFAULT_CONTEXT = 4096;
/** Tokens at the start that a cut prompt keeps without a `num_keep`. */
const DEFAULT_KEEP = 4;
/** An answer without `num_predict` ends after so many contexts. */
const OPEN_ENDED = 10;

/** Tokens of context that a request asks for, at most what the model was trained with; null where it leaves that to the server. */
export function askedContext(request: Pick<ReplayRequest, 'options'>, model: Pick<CompleteModel, 'trainedContext'>): number | null {
  const asked = numberOption(request, 'num_ctx');
  return asked === undefined || asked < 1 ? null : Math.min(Math.floor(asked), model.trainedContext);
}

/** What is left of a prompt once it has been made to fit. */
export interface SeenPrompt {
  messages: ReplayRequest['messages'];
  tokens: number;
}

/** Why a prompt is refused with status 400; null where it fits, or is cut instead. */
export function contextRefusal(request: ReplayRequest, context: number): Refusal | null {
  const tokens = promptTokens(request.messages);
  if (tokens < context) return null;
  if (!request.truncate)
    return refusal(400, `request (${tokens} tokens) exceeds the available context size (${context} tokens), try increasing it`);
  if (request.shift === false && promptTokens(withoutOldest(request.messages, context)) >= context)
    return refusal(
      400,
      'the prompt is longer than the context length currently available to the model; shorten the prompt or adjust the context length in settings',
    );
  return null;
}

/**
 * The prompt as the model gets it: what does not fit is dropped silently. First the oldest messages (never system ones nor the last);
 * what is still too long is cut, its beginning and its end kept, to about half the context.
 * @param always cut it so, whether or not it fits
 */
export function seenPrompt(request: ReplayRequest, context: number, always = false): SeenPrompt {
  const messages = always ? request.messages : withoutOldest(request.messages, context);
  const tokens = promptTokens(messages);
  if (tokens < context && !always) return { messages, tokens };
  const keep = Math.min(numberOption(request, 'num_keep') ?? DEFAULT_KEEP, context);
  const left = context - Math.floor((context - Math.max(0, keep)) / 2);
  const last = messages.at(-1);
  if (last === undefined) return { messages, tokens: 0 };
  const content = last.content.slice(-4 * Math.max(1, left - keep));
  return { messages: [...messages.slice(0, -1).filter(({ role }) => role !== 'system'), { ...last, content }], tokens: left };
}

function withoutOldest(messages: ReplayRequest['messages'], context: number): ReplayRequest['messages'] {
  const kept = [...messages];
  while (promptTokens(kept) >= context) {
    const oldest = kept.findIndex(({ role }, index) => role !== 'system' && index < kept.length - 1);
    if (oldest === -1) break;
    kept.splice(oldest, 1);
  }
  return kept;
}

/** Tokens of answer at most: `num_predict`, else ten contexts; without shifting, no more than the context has left. */
export function outputLimit(request: ReplayRequest, context: number, prompt: number): number {
  const asked = numberOption(request, 'num_predict');
  const limit = asked === undefined || asked < 1 ? OPEN_ENDED * context : Math.floor(asked);
  return request.shift === false ? Math.max(1, Math.min(limit, context - prompt)) : limit;
}
