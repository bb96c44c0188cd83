import { Arrivals } from './arrivals.ts';
import { type ChatRequest, wireRequest } from './chat-request.ts';
import type { Asked } from './classify.ts';
import { startClocks, type Timeouts } from './clocks.ts';
import { OllamaFailure } from './failure.ts';
import { type ChatMetrics, chatMetrics } from './metrics.ts';
import type { LoadedModel } from './server-info.ts';
import type { Transport } from './transport.ts';

/** UTF-16 code units of content and thinking that are kept in memory at most. */
const MAX_ANSWER = 4_000_000;

export interface ChatProgress {
  /** what this chunk added */
  content: string;
  thinking: string;
  /** so far, this chunk included */
  chunks: number;
  characters: number;
}

export interface ChatHooks {
  /** breaks the call off at any time, also before the first byte; the server sees its connection closed */
  signal?: AbortSignal | undefined;
  onFirstToken?: ((timeToFirstTokenSeconds: number) => void) | undefined;
  onProgress?: ((progress: ChatProgress) => void) | undefined;
  /** in place of the client's total clock, in milliseconds, where it is shorter */
  totalMs?: number | undefined;
}

export interface ChatResult {
  text: string;
  /** empty when the model did not think aloud */
  thinking: string;
  metrics: ChatMetrics;
  /** the model as it was loaded while it answered, and its digest; null with the reason where the server did not say */
  model: { asked: string; digest: string | null; digestUnknown: string | null; loaded: LoadedModel | null };
  server: string;
  /** the answer came from the replay server, not from a model */
  replay: boolean;
}

/** What one call needs from its client. `controller` ends it; `now` in epoch ms, `monotonicMs` in ms. */
export interface ChatContext {
  asked: Asked & { model: string };
  transport: Transport;
  timeouts: Timeouts;
  controller: AbortController;
  allowRemote: boolean;
  now: () => number;
  monotonicMs: () => number;
  loadedAs: (model: string, signal: AbortSignal) => Promise<LoadedAs>;
}

/** What the server tells of the model while it answers; `digestUnknown` is the reason where there is no digest. */
export interface LoadedAs {
  digest: string | null;
  digestUnknown: string | null;
  loaded: LoadedModel | null;
}

/** One chat call from request to last chunk. Throws OllamaFailure, or what a hook threw; either way the socket is closed. */
export async function chat(context: ChatContext, request: ChatRequest, hooks: ChatHooks): Promise<ChatResult> {
  const { asked, controller, transport } = context;
  const startedAt = context.now();
  const sentAt = context.monotonicMs();
  const sinceSent = (): number => (context.monotonicMs() - sentAt) / 1000;
  const totalMs = Math.min(context.timeouts.totalMs, hooks.totalMs ?? Number.POSITIVE_INFINITY);
  const clocks = startClocks({ ...context.timeouts, totalMs }, asked, (failure) => controller.abort(failure));
  let text = '';
  let thinking = '';
  let chunks = 0;
  let timeToFirstTokenSeconds: number | null = null;
  const arrivals = new Arrivals();
  let loadedAs: Promise<LoadedAs> | undefined;
  let replay = false;
  try {
    const library = transport.library({
      ...asked,
      signal: controller.signal,
      onAnswer: (facts) => {
        replay = facts.replay;
      },
    });
    let last: Record<string, unknown> | undefined;
    for await (const chunk of await library.chat(wireRequest(request))) {
      const fields: Record<string, unknown> = { ...chunk };
      if (!context.allowRemote) refuseRemote(asked, fields.remote_host);
      const added = { content: textIn(chunk.message, 'content'), thinking: textIn(chunk.message, 'thinking') };
      const begins = added.content !== '' || added.thinking !== '';
      clocks.chunk(begins);
      chunks += 1;
      // Read once: the first token and the first arrival are one moment.
      const seconds = begins ? sinceSent() : 0;
      if (begins) arrivals.at(seconds);
      text += added.content;
      thinking += added.thinking;
      if (text.length + thinking.length > MAX_ANSWER) throw tooLong(asked);
      if (begins && timeToFirstTokenSeconds === null) {
        timeToFirstTokenSeconds = seconds;
        loadedAs = context.loadedAs(request.model, controller.signal);
        hooks.onFirstToken?.(timeToFirstTokenSeconds);
      }
      hooks.onProgress?.({ ...added, chunks, characters: text.length + thinking.length });
      if (chunk.done) last = fields;
    }
    const wallSeconds = sinceSent();
    clocks.stop();
    const metrics = chatMetrics(last ?? {}, { startedAt, timeToFirstTokenSeconds, wallSeconds, gaps: arrivals.gaps() });
    if (text.trim() === '') throw empty(asked, thinking, metrics);
    const known = (await loadedAs) ?? { digest: null, digestUnknown: 'not asked', loaded: null };
    return { text, thinking, metrics, model: { asked: request.model, ...known }, server: asked.server, replay };
  } catch (error) {
    throw controller.signal.aborted ? controller.signal.reason : error;
  } finally {
    clocks.stop();
    controller.abort(); // the library leaves the socket open when it is done or broken out of
    await loadedAs;
  }
}

function textIn(message: unknown, field: 'content' | 'thinking'): string {
  if (typeof message !== 'object' || message === null) return '';
  const value: unknown = Reflect.get(message, field);
  return typeof value === 'string' ? value : '';
}

/** Throws OllamaFailure `remote_model` where a chunk says that the model runs elsewhere. */
export function refuseRemote(asked: Asked & { model: string }, host: unknown): void {
  if (typeof host !== 'string' || host === '') return;
  throw new OllamaFailure(
    'remote_model',
    `${asked.model} at ${asked.server} runs on ${host}, which is not a configured host. Choose a model that is installed there ("ollama list").`,
    asked,
  );
}

function tooLong(asked: Asked & { model: string }): OllamaFailure {
  const message = `${asked.model} at ${asked.server} wrote more than ${MAX_ANSWER} characters without an end. Set num_predict, or choose another model.`;
  return new OllamaFailure('answer_too_long', message, asked);
}

function empty(asked: Asked & { model: string }, thinking: string, metrics: ChatMetrics): OllamaFailure {
  const why =
    thinking === ''
      ? `(done reason: ${metrics.doneReason ?? 'none given'})`
      : `after ${thinking.length} characters of thinking (done reason: ${metrics.doneReason ?? 'none given'})`;
  const next = thinking === '' ? 'Ask again, or raise num_predict.' : 'Send think: false, or raise num_predict.';
  return new OllamaFailure('empty_answer', `${asked.model} at ${asked.server} answered with no text ${why}. ${next}`, {
    ...asked,
    status: 200,
  });
}
