import type { ChatResult } from '@chimera/ollama';
import type { Call } from '@chimera/shared/domain';

/** What a call was for; `estimate` of its prompt in tokens. */
export type CallPurpose = { section: string; repair: boolean; estimate: number };

/** The record of a call that was answered. */
export function callOf(purpose: CallPurpose, result: ChatResult, server: string, transcript: string): Call {
  const { startedAt, queueSeconds: _queue, doneReason, ...measured } = result.metrics;
  return {
    model: result.model.asked,
    server,
    startedAt: new Date(startedAt).toISOString(),
    outcome: doneReason ?? 'done',
    ...measured,
    transcript,
    ...purposeOf(purpose),
    note: noteOn(purpose.estimate, measured.promptTokens),
  };
}

/** The record of a call without an answer; `startedAt` in epoch milliseconds. */
export function failedCall(
  purpose: CallPurpose,
  { startedAt, ...known }: { model: string; server: string; startedAt: number; outcome: string; wallSeconds: number },
): Call {
  const nothing = {
    timeToFirstTokenSeconds: null,
    loadSeconds: null,
    promptEvalSeconds: null,
    evalSeconds: null,
    totalSeconds: null,
    promptTokens: null,
    outputTokens: null,
    outputTokensPerSecond: null,
    transcript: null,
    note: null,
  };
  return { ...known, startedAt: new Date(startedAt).toISOString(), ...nothing, ...purposeOf(purpose) };
}

function purposeOf({ section, repair, estimate }: CallPurpose) {
  return { section, repair, estimatedPromptTokens: estimate };
}

function noteOn(estimate: number, promptTokens: number | null): string | null {
  return promptTokens !== null && promptTokens > estimate
    ? `The prompt has ${promptTokens} tokens and was taken to have ${estimate} at most: the context may not have held all of it and of its answer.`
    : null;
}
