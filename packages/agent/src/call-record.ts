import type { ChatResult } from '@chimera/ollama';
import type { Call } from '@chimera/shared/domain';
import type { StoredAnswer } from './generations.ts';

/** What a call was for; `estimate` of its prompt in tokens. */
export type CallPurpose = { section: string; repair: boolean; estimate: number };

/** What is known of a call besides what its answer tells. */
export type Circumstances = Pick<Call, 'slotWaitSeconds' | 'truncated' | 'digest' | 'serverVersion' | 'gpuShare' | 'gpu' | 'stored'>;

/** The record of a call that was answered; its transcript is stored afterwards. */
export function callOf(purpose: CallPurpose, result: ChatResult, server: string, circumstances: Circumstances): Call {
  const { startedAt, doneReason, ...measured } = result.metrics;
  return {
    model: result.model.asked,
    server,
    startedAt: new Date(startedAt).toISOString(),
    outcome: doneReason ?? 'done',
    ...measured,
    transcript: null,
    replay: result.replay,
    ...circumstances,
    ...purposeOf(purpose),
    note: noteOn(purpose.estimate, measured.promptTokens),
  };
}

/** The record of a question that an earlier, equal call had answered: the times are of that call. */
export function storedCall(purpose: CallPurpose, { id, transcript }: StoredAnswer): Call {
  const { startedAt, doneReason, ...measured } = transcript.metrics;
  return {
    model: transcript.request.model,
    server: transcript.server,
    startedAt: new Date(startedAt).toISOString(),
    outcome: doneReason ?? 'done',
    ...measured,
    slotWaitSeconds: 0,
    truncated: null,
    digest: transcript.digest,
    serverVersion: transcript.serverVersion,
    gpuShare: null,
    gpu: null,
    stored: true,
    replay: transcript.replay,
    transcript: id,
    ...purposeOf(purpose),
    note: null,
  };
}

/** The record of a call without an answer; `startedAt` in epoch milliseconds. */
export function failedCall(
  purpose: CallPurpose,
  {
    startedAt,
    ...known
  }: {
    model: string;
    server: string;
    startedAt: number;
    outcome: string;
    wallSeconds: number;
    slotWaitSeconds: number;
    transcript: string | null;
  },
): Call {
  const nothing = {
    timeToFirstTokenSeconds: null,
    queueSeconds: null,
    loadSeconds: null,
    promptEvalSeconds: null,
    evalSeconds: null,
    totalSeconds: null,
    promptTokens: null,
    outputTokens: null,
    outputTokensPerSecond: null,
    gaps: null,
    truncated: null,
    digest: null,
    serverVersion: null,
    gpuShare: null,
    gpu: null,
    stored: false,
    replay: false,
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
