import { type ChatResult, createOllamaClient, findModel, OllamaFailure, type ServerModels, type Timeouts } from '@chimera/ollama';
import { type AgentProfile, ANSWER_TOKENS, type Call } from '@chimera/shared/domain';
import { z } from 'zod';
import { answerSchema, type ModelAnswer } from './answer-schema.ts';
import type { AgentDefinition } from './definition.ts';
import { type NamedFacts, promptOf } from './prompt.ts';

export type ModelNarration = {
  answer: ModelAnswer;
  call: Call;
  digest: string | null;
  serverVersion: string | null;
  replay: boolean;
};

/** A model that did not speak, or not so that it can be used; `call` tells of the attempt where there was one. */
export class NarrationFailed extends Error {
  override name = 'NarrationFailed';
  readonly call: Call | null;
  constructor(message: string, call: Call | null, options?: ErrorOptions) {
    super(message, options);
    this.call = call;
  }
}

export type ModelNarratorOptions = {
  urls: readonly string[];
  timeouts: Timeouts;
  now: () => number;
  /** stores prompt and answer; returns the blob's id */
  keepTranscript: (transcript: unknown) => Promise<string>;
  signal: AbortSignal;
  onFirstToken?: () => void;
};

/**
 * Asks the profile's model on the first server that has it for an agent's prose, in one call by schema.
 * Throws NarrationFailed with a sentence that says why it did not speak.
 */
export async function narrateByModel(
  definition: AgentDefinition,
  profile: AgentProfile & { model: string },
  facts: NamedFacts,
  options: ModelNarratorOptions,
): Promise<ModelNarration> {
  const { found, servers } = await findModel([...options.urls], profile.model, { timeoutMs: options.timeouts.connectMs });
  if (found === null) throw new NarrationFailed(whyNoModel(options.urls, profile.model, servers), null);
  const schema = answerSchema(definition);
  const prompt = promptOf(definition, facts);
  const client = createOllamaClient({ url: found.address, timeouts: options.timeouts, now: options.now });
  const startedAt = options.now();
  const request = {
    model: profile.model,
    messages: [
      { role: 'system' as const, content: prompt.system },
      { role: 'user' as const, content: prompt.user },
    ],
    format: z.toJSONSchema(schema) as object,
    options: { ...profile.options, num_predict: profile.options.num_predict ?? ANSWER_TOKENS },
  };
  try {
    let result: ChatResult;
    try {
      result = await client.chat(request, { signal: options.signal, onFirstToken: () => options.onFirstToken?.() });
    } catch (error) {
      if (!(error instanceof OllamaFailure)) throw error;
      const call = emptyCall(profile.model, found.url, startedAt, error.code, (options.now() - startedAt) / 1_000);
      throw new NarrationFailed(error.message, call, { cause: error });
    }
    const transcript = await options.keepTranscript({ server: found.url, request, answer: result.text, metrics: result.metrics });
    const call = callOf(result, found.url, transcript);
    const parsed = parseAnswer(schema, result.text);
    if ('fault' in parsed)
      throw new NarrationFailed(
        `${profile.model} at ${found.url} ${parsed.fault} (done reason: ${result.metrics.doneReason ?? 'none given'})`,
        { ...call, outcome: 'unusable_answer' },
      );
    const version = await client.version(options.signal).catch((error: unknown) => {
      // It has answered already: its version is good to know and nothing to fail for.
      if (error instanceof OllamaFailure) return null;
      throw error;
    });
    return {
      answer: parsed.answer,
      call,
      digest: result.model.digest ?? found.digest,
      serverVersion: version?.version ?? null,
      replay: result.replay,
    };
  } finally {
    await client.close();
  }
}

/** Why no model can speak, which models are there, and the command that would use one of them. */
function whyNoModel(urls: readonly string[], model: string, servers: readonly ServerModels[]): string {
  const reached = servers.filter((s) => s.reachable);
  if (reached.length === 0) return `no Ollama server answers at ${urls.join(', ')}; "chimera doctor" says why`;
  const installed = reached.flatMap((s) => s.models.map((name) => ({ url: s.url, name })));
  const [first] = installed;
  const there = installed.length === 0 ? 'no model is' : `installed there: ${installed.map((m) => m.name).join(', ')}`;
  const use = first ? `; "chimera analyze DIR --ollama ${first.url} --model ${first.name}" would use one that is` : '';
  return `${model} is not installed at ${reached.map((s) => s.url).join(', ')} (${there}); "ollama pull ${model}" installs it${use}`;
}

function parseAnswer(schema: z.ZodType<ModelAnswer>, text: string): { answer: ModelAnswer } | { fault: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { fault: 'answered with something that is not a whole JSON document' };
  }
  const result = schema.safeParse(value);
  if (result.success) return { answer: result.data };
  const first = result.error.issues[0];
  return { fault: `answered with JSON that breaks its schema (${first?.path.join('.') ?? ''}: ${first?.message ?? ''})` };
}

function callOf(result: ChatResult, server: string, transcript: string): Call {
  const { startedAt, queueSeconds: _queue, doneReason, ...seconds } = result.metrics;
  return {
    model: result.model.asked,
    server,
    startedAt: new Date(startedAt).toISOString(),
    outcome: doneReason ?? 'done',
    ...seconds,
    transcript,
  };
}

function emptyCall(model: string, server: string, startedAt: number, outcome: string, wallSeconds: number): Call {
  const nothing = {
    timeToFirstTokenSeconds: null,
    loadSeconds: null,
    promptEvalSeconds: null,
    evalSeconds: null,
    totalSeconds: null,
    promptTokens: null,
    outputTokens: null,
    outputTokensPerSecond: null,
  };
  return { model, server, startedAt: new Date(startedAt).toISOString(), outcome, wallSeconds, ...nothing, transcript: null };
}
