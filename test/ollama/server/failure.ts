import { type ChatResult, OllamaFailure } from '../../../packages/ollama/src/mod.ts';
import { until } from '../../support/wait.ts';

/** The failure that a call ends with; anything else fails the test. */
export async function failureOf(promise: Promise<unknown>): Promise<OllamaFailure> {
  const error = await promise.then(
    (value) => new Error(`It did not fail: ${JSON.stringify(value)}`),
    (error: unknown) => error,
  );
  if (error instanceof OllamaFailure) return error;
  throw error;
}

/** Asks until there is an answer, for as long as the failures say that the server may have one later. */
export function answerSoon(ask: () => Promise<ChatResult>): Promise<ChatResult> {
  return until('An answer', async () => {
    try {
      return await ask();
    } catch (error) {
      if (error instanceof OllamaFailure && error.retry === 'later') return null;
      throw error;
    }
  });
}
