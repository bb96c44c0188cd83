import type { ChatRequest, ChatResult, OllamaClient } from '@chimera/ollama';
import type { ModelOptions, Slots } from '@chimera/shared/domain';
import { slotsFrom, TRIED_AT_ONCE } from './known-server.ts';

/** Tokens that each call of a measurement generates at most. */
const TOKENS = 64;

const WORDS =
  'Describe, in plain words and without stopping, how a river runs from its spring to the sea: the hills, the bends, the bridges, the towns.';

const SCHEMA = { type: 'object', properties: { ready: { type: 'boolean' } }, required: ['ready'], additionalProperties: false };

/** What is asked of every model alike, so that the server need not load it again. */
export type Trial = { client: OllamaClient; model: string; options: ModelOptions; signal: AbortSignal };

/**
 * Measures how many output tokens per second a server gives to one, two and four calls at once, together: the model is loaded,
 * nobody else asks. The time runs from the first token of any to the last of all. Null where the answers are too short to tell.
 * Throws OllamaFailure.
 */
export async function measureSlots({ client, model, options, signal }: Trial, think: false | null): Promise<Slots | null> {
  const rates: { atOnce: number; tokensPerSecond: number }[] = [];
  for (const atOnce of TRIED_AT_ONCE) {
    const calls = Array.from({ length: atOnce }, (_, index) => timedCall(client, requestOf(model, options, think, index), signal));
    const done = await Promise.all(calls);
    const seconds = (Math.max(...done.map(({ endMs }) => endMs)) - Math.min(...done.map(({ firstMs }) => firstMs))) / 1_000;
    // The first token of the earliest call falls before the time begins.
    const tokens = done.reduce((sum, one) => sum + one.tokens, 0) - 1;
    if (seconds <= 0 || tokens <= 0) return null;
    rates.push({ atOnce, tokensPerSecond: tokens / seconds });
  }
  return slotsFrom(rates);
}

function requestOf(model: string, options: ModelOptions, think: false | null, index: number): ChatRequest {
  return {
    model,
    messages: [{ role: 'user', content: `${WORDS} (${'again, '.repeat(index)}please)` }],
    options: { ...options, num_predict: TOKENS },
    ...(think === null ? {} : { think }),
  };
}

/** One call, and when its first and its last token came: what the client asks the server after that does not count. */
async function timedCall(client: OllamaClient, request: ChatRequest, signal: AbortSignal) {
  const startedMs = performance.now();
  const { metrics } = await client.chat(request, { signal });
  const { timeToFirstTokenSeconds, wallSeconds, outputTokens } = metrics;
  return { firstMs: startedMs + (timeToFirstTokenSeconds ?? 0) * 1_000, endMs: startedMs + wallSeconds * 1_000, tokens: outputTokens ?? 0 };
}

/** Ways to ask a model that can think, the best first. */
const WAYS = [false, null] as const;
const TRY_TOKENS = 256;

/**
 * Finds out with which `think` a model obeys a schema: some that can think obey none unless told not to, and some obey it only
 * when nothing is said of it. Throws OllamaFailure.
 */
export async function tryForm(
  { client, model, options, signal }: Trial,
  thinks: boolean,
): Promise<{ think: false | null; obeysSchema: boolean }> {
  for (const think of thinks ? WAYS : [null]) {
    const request: ChatRequest = {
      model,
      messages: [{ role: 'user', content: 'Answer with one JSON document of the form {"ready": true} and nothing else.' }],
      format: SCHEMA,
      options: { ...options, num_predict: TRY_TOKENS },
      ...(think === null ? {} : { think }),
    };
    const answer = await answered(client, request, signal);
    if (answer !== null && answer.thinking === '' && isReady(answer.text)) return { think, obeysSchema: true };
  }
  return { think: thinks ? false : null, obeysSchema: false };
}

/** Null for an answer that is empty: all of it was thinking. */
async function answered(client: OllamaClient, request: ChatRequest, signal: AbortSignal): Promise<ChatResult | null> {
  try {
    return await client.chat(request, { signal });
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'empty_answer' || error.code === 'bad_request')) return null;
    throw error;
  }
}

function isReady(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && 'ready' in value && typeof value.ready === 'boolean';
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}
