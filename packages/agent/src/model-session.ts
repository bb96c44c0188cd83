import {
  type ChatRequest,
  type ChatResult,
  createOllamaClient,
  type FailureCode,
  type FoundModel,
  findModel,
  OllamaFailure,
  sameModel,
  type Timeouts,
} from '@chimera/ollama';
import type { AgentProfile, Call } from '@chimera/shared/domain';
import { callOf, failedCall } from './call-record.ts';
import { ASSUMED_CONTEXT, type Context, type Room } from './fit.ts';
import { whyNoModel } from './no-model.ts';
import type { Prompt } from './prompt.ts';

export type SessionOptions = {
  urls: readonly string[];
  timeouts: Timeouts;
  now: () => number;
  /** stores prompt and answer; returns the blob's id */
  keepTranscript: (transcript: unknown) => Promise<string>;
  signal: AbortSignal;
  onFirstToken?: () => void;
};

/** One thing to ask a model. `estimate` and `numPredict` in tokens. */
export type Question = { section: string; repair: boolean; prompt: Prompt; schema: object; estimate: number; numPredict: number };

/** What a model answered; `call` stands in the session's list, where its outcome may still be corrected. */
export type Answer = { text: string; doneReason: string | null; call: Call };

/** A question without an answer. `gone`: asking that server or model anything else now makes no sense. */
export class AskFailed extends Error {
  override name = 'AskFailed';
  readonly gone: boolean;
  readonly code: FailureCode | 'out_of_time';
  constructor(message: string, code: FailureCode | 'out_of_time', gone: boolean, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.gone = gone;
  }
}

/** No model can be asked at all; the message says why. */
export class NoModel extends Error {
  override name = 'NoModel';
}

/** After these the next question to the same server would wait in vain, or be refused alike. */
const GONE: ReadonlySet<FailureCode> = new Set([
  ...(['unreachable', 'connect_timeout', 'first_token_timeout', 'idle_timeout', 'total_timeout', 'model_not_found'] as const),
  ...(['remote_model', 'busy', 'unauthorized', 'out_of_memory', 'not_ollama', 'bad_request', 'malformed_stream'] as const),
]);

/** Finds the profile's model on the first server that has it. Throws NoModel with a sentence that says why none can speak. */
export async function openSession(profile: AgentProfile & { model: string }, options: SessionOptions): Promise<ModelSession> {
  const { found, servers } = await findModel([...options.urls], profile.model, { timeoutMs: options.timeouts.connectMs });
  if (found === null) throw new NoModel(whyNoModel(options.urls, profile.model, servers));
  const session = new ModelSession(profile, found, options);
  if (profile.options.num_ctx === undefined) await session.learnContext();
  return session;
}

/**
 * The calls of one analysis to one model on one server. All have the profile's options, so that the server need not load the model
 * again; they differ in num_predict alone. Together they may take as long as one answer may: the report waits for them.
 */
export class ModelSession {
  readonly calls: Call[] = [];
  digest: string | null;
  serverVersion: string | null = null;
  replay = false;
  readonly model: string;
  readonly server: string;
  readonly #profile: AgentProfile & { model: string };
  readonly #found: FoundModel;
  readonly #options: SessionOptions;
  #context: Context;
  #scale = 1;
  #begunAt: number | null = null;
  #think: false | undefined;

  constructor(profile: AgentProfile & { model: string }, found: FoundModel, options: SessionOptions) {
    this.#profile = profile;
    this.#found = found;
    this.#options = options;
    this.model = profile.model;
    this.server = found.url;
    this.digest = found.digest;
    this.#context = profile.options.num_ctx === undefined ? ASSUMED_CONTEXT : { tokens: profile.options.num_ctx, by: 'asked' };
  }

  /** What the next call may take. */
  get room(): Room {
    return { context: this.#context, options: this.#profile.options, scale: this.#scale };
  }

  /** Asks one thing. Throws AskFailed; an abort of the session's signal as it comes. */
  async ask(question: Question): Promise<Answer> {
    const left = this.#millisecondsLeft();
    const startedAt = this.#options.now();
    const { timeouts } = this.#options;
    const client = createOllamaClient({ url: this.#found.address, timeouts: { ...timeouts, totalMs: left }, now: this.#options.now });
    const request = this.#requestOf(question);
    try {
      const result = await client.chat(request, { signal: this.#options.signal, onFirstToken: () => this.#options.onFirstToken?.() });
      return await this.#answered(question, request, result);
    } catch (error) {
      if (!(error instanceof OllamaFailure) || this.#options.signal.aborted) throw error;
      const wallSeconds = (this.#options.now() - startedAt) / 1_000;
      this.calls.push(failedCall(question, { model: this.model, server: this.server, startedAt, outcome: error.code, wallSeconds }));
      // A model that thinks may use up its answer with it; where nothing else came, it is asked not to from now on.
      if (error.code === 'empty_answer') this.#think = false;
      const late = error.code === 'total_timeout' && left < timeouts.totalMs;
      throw new AskFailed(late ? this.#outOfTime() : error.message, error.code, GONE.has(error.code), { cause: error });
    } finally {
      await client.close();
    }
  }

  /** Asks the server which context the model is loaded with. It may not say, or not be loaded: then what was known holds. */
  async learnContext(): Promise<void> {
    const loaded = await this.#small((client) => client.ps(this.#options.signal));
    const tokens = loaded?.find(({ name }) => sameModel(name, this.model))?.contextLength ?? null;
    if (tokens === null || tokens <= 0) return;
    // A server caps what was asked for at what the model was trained with, and may give more than that: more was not asked for.
    if (this.#profile.options.num_ctx === undefined || tokens < this.#context.tokens) this.#context = { tokens, by: 'told' };
  }

  #requestOf({ prompt, schema, numPredict }: Question): ChatRequest {
    return {
      model: this.model,
      messages: [...prompt],
      format: schema,
      options: { ...this.#profile.options, num_predict: numPredict },
      ...(this.#think === undefined ? {} : { think: this.#think }),
    };
  }

  async #answered(question: Question, request: ChatRequest, result: ChatResult): Promise<Answer> {
    const transcript = await this.#options.keepTranscript({
      server: this.server,
      request,
      answer: result.text,
      metrics: result.metrics,
    });
    const call = callOf(question, result, this.server, transcript);
    const first = this.calls.every((earlier) => earlier.transcript === null);
    this.calls.push(call);
    const { promptTokens, doneReason } = result.metrics;
    if (promptTokens !== null && promptTokens > question.estimate) this.#scale *= promptTokens / Math.max(1, question.estimate);
    this.replay ||= result.replay;
    this.digest = result.model.digest ?? this.digest;
    if (first) {
      await this.learnContext();
      this.serverVersion = (await this.#small((client) => client.version(this.#options.signal)))?.version ?? null;
    }
    return { text: result.text, doneReason, call };
  }

  /** A small question whose answer is good to know and nothing to fail for: null where the server does not give it. */
  async #small<T>(question: (client: ReturnType<typeof createOllamaClient>) => Promise<T>): Promise<T | null> {
    const client = createOllamaClient({ url: this.#found.address, timeouts: this.#options.timeouts, now: this.#options.now });
    try {
      return await question(client);
    } catch (error) {
      if (error instanceof OllamaFailure && !this.#options.signal.aborted) return null;
      throw error;
    } finally {
      await client.close();
    }
  }

  #millisecondsLeft(): number {
    const now = this.#options.now();
    this.#begunAt ??= now;
    const left = Math.ceil(this.#options.timeouts.totalMs - (now - this.#begunAt));
    if (left <= 0) throw new AskFailed(this.#outOfTime(), 'out_of_time', true);
    return left;
  }

  #outOfTime(): string {
    return `${this.model} at ${this.server} did not finish all sections within ${this.#options.timeouts.totalMs / 1_000} s. Choose a faster model, or raise CHIMERA_OLLAMA_TOTAL_TIMEOUT.`;
  }
}
