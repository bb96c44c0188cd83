import type { ChatRequest, ChatResult } from '@chimera/ollama';
import { ATTRIBUTES as A, SPANS, type Span, type SpanOptions } from '@chimera/shared/service';
import type { Question } from './question.ts';

/** The span of one call of a model: what was asked of which server, never the words. `slotWaitSeconds`: before the call. */
export function chatSpan(
  { model, options }: ChatRequest,
  { section, repair }: Pick<Question, 'section' | 'repair'>,
  serverUrl: string,
  slotWaitSeconds: number,
): SpanOptions & { name: string } {
  const { hostname, port, protocol } = new URL(serverUrl);
  return {
    name: `chat ${model}`,
    kind: SPANS.chat.kind,
    attributes: {
      [A.genAiOperation]: 'chat',
      [A.genAiProvider]: 'ollama',
      [A.requestModel]: model,
      [A.requestTemperature]: options.temperature,
      [A.requestTopK]: options.top_k,
      [A.requestTopP]: options.top_p,
      [A.requestSeed]: options.seed,
      [A.requestMaxTokens]: options.num_predict,
      [A.requestStream]: true,
      [A.outputType]: 'json',
      [A.serverAddress]: hostname.replace(/^\[|\]$/g, ''),
      [A.serverPort]: port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port),
      [A.section]: section,
      [A.repair]: repair,
      [A.slotWait]: slotWaitSeconds,
    },
  };
}

/** What the answer tells: tokens, and seconds by the server's own clock. */
export function tellAnswer(span: Span, { metrics, model }: ChatResult): void {
  span.set({
    [A.responseModel]: model.asked,
    [A.finishReasons]: metrics.doneReason === null ? undefined : [metrics.doneReason],
    [A.timeToFirstChunk]: metrics.timeToFirstTokenSeconds ?? undefined,
    [A.inputTokens]: metrics.promptTokens ?? undefined,
    [A.outputTokens]: metrics.outputTokens ?? undefined,
    [A.queue]: metrics.queueSeconds ?? undefined,
    [A.load]: metrics.loadSeconds ?? undefined,
    [A.promptEval]: metrics.promptEvalSeconds ?? undefined,
    [A.evaluation]: metrics.evalSeconds ?? undefined,
  });
}
