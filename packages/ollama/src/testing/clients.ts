import type { ChatRequest } from '../chat-request.ts';
import { createOllamaClient, type OllamaClient, type OllamaClientConfig } from '../client.ts';
import type { Timeouts } from '../clocks.ts';
import { OllamaFailure } from '../failure.ts';
import type { BehaviourScript } from '../replay/behaviour.ts';
import { type ReplayServer, type ReplayServerConfig, startReplayServer } from '../replay/server.ts';

/** Clocks that are long enough for any machine. */
export const PATIENT: Timeouts = { connectMs: 5_000, firstTokenMs: 20_000, idleMs: 20_000, totalMs: 20_000 };
export const QUESTION: ChatRequest = { model: 'gemma3', messages: [{ role: 'user', content: 'F1 | request_latency p95' }], options: {} };

/** Servers and clients of one file of tests, each closed after the test that opened it. `afterEach` is that of its runner. */
export function clients(afterEach: (close: () => Promise<void>) => void) {
  const opened: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const each of opened.splice(0).reverse()) await each.close();
  });
  const keep = <T extends { close(): Promise<void> }>(thing: T): T => {
    opened.push(thing);
    return thing;
  };
  return {
    keep,
    clientOf: (url: string, timeouts: Partial<Timeouts> = {}, rest: Partial<OllamaClientConfig> = {}): OllamaClient =>
      keep(createOllamaClient({ url, timeouts: { ...PATIENT, ...timeouts }, ...rest })),
    replay: async (behaviour: BehaviourScript, config: ReplayServerConfig = {}): Promise<ReplayServer> =>
      keep(await startReplayServer({ ...config, behaviour })),
  };
}

/** The failure that a promise ends with; anything else fails the test. */
export async function failureOf(promise: Promise<unknown>): Promise<OllamaFailure> {
  const error = await promise.then(
    (value) => new Error(`It did not fail: ${JSON.stringify(value)}`),
    (error: unknown) => error,
  );
  if (error instanceof OllamaFailure) return error;
  throw error;
}

/**
 * The failure of a call whose clock of some milliseconds ran out. A busy machine may let it run out before the server had the call;
 * then it is asked again with a clock of twice as many.
 */
export async function timedOut(
  server: ReplayServer,
  call: (clockMs: number) => Promise<unknown>,
): Promise<OllamaFailure & { clockMs: number }> {
  const before = server.calls.length;
  for (let clockMs = 100; ; clockMs *= 2) {
    const failure = await failureOf(call(clockMs));
    if (server.calls.length > before) return Object.assign(failure, { clockMs });
  }
}

/** One line of an answer, as Ollama writes it. */
export const line = (content: string, rest: object = {}): string =>
  `${JSON.stringify({ message: { role: 'assistant', content }, done: false, ...rest })}\n`;
