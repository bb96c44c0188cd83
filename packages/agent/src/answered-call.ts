import type { ChatRequest, ChatResult, OllamaFailure } from '@chimera/ollama';
import type { Call } from '@chimera/shared/domain';
import { callOf } from './call-record.ts';
import type { Transcript } from './generations.ts';
import type { Question } from './question.ts';
import type { Lane } from './servers/pool.ts';
import { cutPrompt } from './truncation.ts';

/** What is kept of a call that was answered; `keep`: whether the answer is worth being found by whoever asks the same. */
export type AnsweredCall = { transcript: Transcript; call: Call; keep: boolean };

/** The record of an answer and its transcript. Its GPUs and the transcript's blob are filled in once they are there. */
export function answeredCall(
  lane: Lane,
  question: Question,
  request: ChatRequest,
  result: ChatResult,
  slotWaitSeconds: number,
): AnsweredCall {
  const { promptTokens, doneReason } = result.metrics;
  const { loaded } = result.model;
  const context = loaded?.contextLength ?? null;
  const transcript: Transcript = {
    ...asked(lane, request),
    answer: result.text,
    thinking: result.thinking,
    failure: null,
    metrics: result.metrics,
    digest: result.model.digest ?? lane.digest,
    context,
    replay: result.replay,
  };
  const truncated = cutPrompt({ promptTokens, estimate: question.estimate, context });
  const gpuShare = loaded?.size && loaded.sizeVram !== null ? Math.min(1, loaded.sizeVram / loaded.size) : null;
  const { serverVersion, digest } = transcript;
  const circumstances = { slotWaitSeconds, serverVersion, truncated, gpuShare, gpu: null, stored: false, digest };
  return {
    transcript,
    call: callOf(question, result, lane.server.spec.url, circumstances),
    keep: question.usable(result.text) && doneReason === 'stop' && truncated !== true,
  };
}

/** What is kept of a call without an answer. */
export function failureTranscript(lane: Lane, request: ChatRequest, { code, message }: OllamaFailure): Transcript {
  const nothing = { answer: null, thinking: '', metrics: null, context: null };
  const replay = lane.server.version?.replay ?? false;
  return { ...asked(lane, request), ...nothing, failure: { code, message }, digest: lane.digest, replay };
}

function asked({ server }: Lane, request: ChatRequest): Pick<Transcript, 'server' | 'request' | 'serverVersion'> {
  const messages = request.messages.map((message) => ({ ...message }));
  return { server: server.spec.url, request: { ...request, messages }, serverVersion: server.version?.version ?? null };
}
