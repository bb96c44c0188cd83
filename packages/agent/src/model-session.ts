import { type ChatRequest, type ChatResult, type FailureCode, OllamaFailure, type Timeouts } from '@chimera/ollama';
import type { AgentProfile, Call, ModelFound } from '@chimera/shared/domain';
import { noTracer, type Tracer, traced } from '@chimera/shared/service';
import { answeredCall, failureTranscript } from './answered-call.ts';
import { failedCall, storedCall } from './call-record.ts';
import { chatSpan, tellAnswer } from './chat-span.ts';
import { ASSUMED_CONTEXT, type Context, type Room } from './fit.ts';
import { modelFound } from './found.ts';
import { type Generations, generationKey, type Transcript } from './generations.ts';
import type { GpuWatch } from './gpu-watch.ts';
import { Lanes } from './lanes.ts';
import { type Answer, AskFailed, NoModel, type Question } from './question.ts';
import type { Lane, ServerPool } from './servers/pool.ts';

export type SessionOptions = {
  /** null where no server is to be asked */
  pool: ServerPool | null;
  /** a slot that is held already; the session gives it back */
  lane: Lane | null;
  timeouts: Timeouts;
  /** how long a question waits for servers that are left alone */
  patienceMs: number;
  /** epoch milliseconds, and those of a clock that only grows */
  now: () => number;
  elapsed: () => number;
  /** stores prompt and answer; returns the blob's id */
  keepTranscript: (transcript: Transcript) => Promise<string>;
  /** answers given before; null where each is to be generated anew */
  generations: Generations | null;
  gpus: GpuWatch | null;
  /** told why no server of this worker can be asked; throws where others may be better off with the work */
  onNoServer?: (reason: string) => Promise<void>;
  signal: AbortSignal;
  onFirstToken?: () => void;
  tracer?: Tracer;
};

/** What is known of a call beside its answer: how long it waited for a slot, and what the GPUs did, once that is told. */
type Waited = { slotWaitSeconds: number; gpu: Promise<Call['gpu']> | null };

/** How often a question is put to one server at most; each further server is one try more. */
const MOST_TRIES = 3;

/** After these the question itself is at fault, or its answer: no other server would do better. */
const FINAL: ReadonlySet<FailureCode> = new Set(['prompt_too_long', 'bad_request', 'answer_too_long', 'empty_answer'] as const);

/** Begins a session with the profile's model on a server that has it. Throws NoModel with a sentence that says why none can speak. */
export async function openSession(profile: AgentProfile & { model: string }, options: SessionOptions): Promise<ModelSession> {
  const wanted = { model: profile.model, options: profile.options };
  const { pool } = options;
  if (pool === null) throw new NoModel(`no server was given to ask ${profile.model} at`);
  const lane = options.lane ?? (await pool.acquire(wanted, options));
  if (lane === null) {
    const outlook = pool.outlook(wanted);
    throw new NoModel(outlook.when === 'now' ? `${profile.model} could not be asked` : outlook.reason);
  }
  return new ModelSession(profile, lane, { ...options, pool });
}

/**
 * The calls of one analysis to one model. All have the profile's options, so that no server need load the model again; they differ
 * in num_predict alone. A question whose server fails goes to another one, or waits for it. Together they may take as long as one
 * answer may: the report waits for them.
 */
export class ModelSession {
  readonly calls: Call[] = [];
  digest: string | null;
  server: string;
  serverVersion: string | null;
  replay = false;
  readonly model: string;
  readonly #profile: AgentProfile & { model: string };
  readonly #options: SessionOptions & { pool: ServerPool };
  readonly #lanes: Lanes;
  readonly #asked = new Map<string, Lane>();
  readonly #keeping: Promise<void>[] = [];
  #context: Context;
  #scale = 1;
  #begunAt: number | null = null;
  #think: false | undefined;

  constructor(profile: AgentProfile & { model: string }, lane: Lane, options: SessionOptions & { pool: ServerPool }) {
    this.#profile = profile;
    this.#options = options;
    this.model = profile.model;
    this.server = lane.server.spec.url;
    this.serverVersion = lane.server.version?.version ?? null;
    this.digest = lane.digest;
    this.#lanes = new Lanes({ model: profile.model, options: profile.options }, lane, options);
    this.#asked.set(lane.server.spec.key, lane);
    this.#context = profile.options.num_ctx === undefined ? ASSUMED_CONTEXT : { tokens: profile.options.num_ctx, by: 'asked' };
    // Part of what a question is stored under, so it is known before the first one is looked for.
    this.#think = lane.think ?? undefined;
    this.#learnContext(lane.server.loaded(profile.model)?.contextLength ?? null);
  }

  /** What the next call may take. */
  get room(): Room {
    return { context: this.#context, options: this.#profile.options, scale: this.#scale };
  }

  /** How many questions may be put side by side. */
  get width(): number {
    return this.#lanes.width;
  }

  /** Asks one thing. Throws AskFailed; an abort of the session's signal as it comes. */
  async ask(question: Question): Promise<Answer> {
    const stored = await this.#stored(question);
    if (stored !== null) return stored;
    for (let tries = 1; ; tries++) {
      const askedMs = this.#options.elapsed();
      const lane = await this.#lanes.take();
      if (lane === null) throw await this.#noServer();
      this.#asked.set(lane.server.spec.key, lane);
      try {
        return await this.#askAt(lane, question, (this.#options.elapsed() - askedMs) / 1_000);
      } catch (error) {
        if (!(error instanceof AskFailed) || !(error.cause instanceof OllamaFailure)) throw error;
        // An answer that came empty is asked for again by whoever reads it; in other words.
        if (FINAL.has(error.cause.code)) throw error;
        if (tries >= MOST_TRIES + this.#options.pool.servers.length - 1) {
          await this.#options.onNoServer?.(error.message);
          throw error;
        }
      }
    }
  }

  /** Waits until all transcripts are stored, and gives the slots back. No question may be under way. */
  async close(): Promise<void> {
    await this.#lanes.close();
    await Promise.all(this.#keeping);
  }

  /** The model as each server that was asked has it. */
  found(): ModelFound[] {
    return [...this.#asked.values()].map((lane) => modelFound(lane, this.model));
  }

  async #stored(question: Question): Promise<Answer | null> {
    const { generations } = this.#options;
    if (generations === null || this.digest === null) return null;
    const found = await generations.find(generationKey(this.#requestOf(question), this.digest));
    if (found === null) return null;
    const call = storedCall(question, found);
    this.calls.push(call);
    this.replay ||= call.replay;
    // What the call taught then decides what is asked next: only so are the next questions the same again.
    this.#learnScale(call.promptTokens, question.estimate);
    this.#learnContext(found.transcript.context);
    return { text: found.transcript.answer, doneReason: found.transcript.metrics.doneReason, call };
  }

  async #askAt(lane: Lane, question: Question, slotWaitSeconds: number): Promise<Answer> {
    const { server, slot } = lane;
    const { timeouts } = this.#options;
    const left = this.#millisecondsLeft();
    if (left <= 0) {
      this.#lanes.putBack(lane);
      throw new AskFailed(this.#outOfTime(), 'out_of_time', true);
    }
    const startedAt = this.#options.now();
    this.#think ??= lane.think ?? undefined;
    const request = this.#requestOf(question);
    const watch = this.#options.gpus?.watch(server.spec);
    try {
      const signal = AbortSignal.any([this.#options.signal, slot.lost]);
      const { name, ...span } = chatSpan(request, question, server.spec.url, slotWaitSeconds);
      const result = await traced(this.#options.tracer ?? noTracer, name, span, async (span) => {
        const hooks = { signal, totalMs: left, onFirstToken: () => this.#options.onFirstToken?.() };
        const answer = await server.client.chat(request, hooks);
        tellAnswer(span, answer);
        return answer;
      });
      server.succeeded();
      this.#lanes.putBack(lane);
      return this.#answered(lane, question, request, result, { slotWaitSeconds, gpu: watch?.end() ?? null });
    } catch (error) {
      await watch?.end();
      const failure = error instanceof OllamaFailure && !this.#options.signal.aborted ? error : null;
      // Before the slot falls free: whoever waits for one must not be sent to the server that just failed.
      if (failure !== null) this.#options.pool.failed(server, failure);
      await this.#lanes.drop(lane);
      if (failure === null) throw error;
      const transcript = await this.#options.keepTranscript(failureTranscript(lane, request, failure));
      const wallSeconds = (this.#options.now() - startedAt) / 1_000;
      const known = { startedAt, slotWaitSeconds, wallSeconds, transcript, outcome: failure.code };
      this.calls.push(failedCall(question, { ...known, model: this.model, server: server.spec.url }));
      // A model that thinks may use up its answer with it; where nothing else came, it is asked not to from now on.
      if (failure.code === 'empty_answer') this.#think = false;
      const late = failure.code === 'total_timeout' && left < timeouts.totalMs;
      const gone = late || !FINAL.has(failure.code) || failure.code === 'bad_request';
      throw new AskFailed(late ? this.#outOfTime() : failure.message, failure.code, gone, { cause: failure });
    }
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

  #answered(lane: Lane, question: Question, request: ChatRequest, result: ChatResult, rest: Waited): Answer {
    const { transcript, call, keep } = answeredCall(lane, question, request, result, rest.slotWaitSeconds);
    if (result.model.loaded !== null) lane.server.sawLoaded(result.model.loaded);
    this.calls.push(call);
    const kept = this.#keep(call, transcript, keep ? request : null, rest.gpu);
    kept.catch(() => undefined); // thrown by `close`, which may be long after
    this.#keeping.push(kept);
    this.#learnScale(call.promptTokens, question.estimate);
    this.replay ||= result.replay;
    this.server = call.server;
    this.digest = call.digest;
    this.serverVersion = call.serverVersion;
    this.#learnContext(transcript.context);
    return { text: result.text, doneReason: result.metrics.doneReason, call };
  }

  /** Stores the transcript beside the next call, and under what was asked where the answer is worth it. */
  async #keep(call: Call, transcript: Transcript, request: ChatRequest | null, gpu: Promise<Call['gpu']> | null): Promise<void> {
    call.gpu = await gpu;
    const id = await this.#options.keepTranscript(transcript);
    call.transcript = id;
    if (request !== null && transcript.digest !== null)
      await this.#options.generations?.keep(generationKey(request, transcript.digest), id);
  }

  /** A prompt that had more tokens than it was taken to have: the next ones are taken to have more. */
  #learnScale(promptTokens: number | null, estimate: number): void {
    if (promptTokens !== null && promptTokens > estimate) this.#scale *= promptTokens / Math.max(1, estimate);
  }

  /** A server caps what was asked for at what the model was trained with, and may give more than that: more was not asked for. */
  #learnContext(tokens: number | null): void {
    if (tokens === null || tokens <= 0) return;
    if (this.#profile.options.num_ctx === undefined || tokens < this.#context.tokens) this.#context = { tokens, by: 'told' };
  }

  #millisecondsLeft(): number {
    const now = this.#options.now();
    this.#begunAt ??= now;
    return Math.ceil(this.#options.timeouts.totalMs - (now - this.#begunAt));
  }

  async #noServer(): Promise<AskFailed> {
    const outlook = this.#options.pool.outlook({ model: this.model });
    const reason = outlook.when === 'now' ? `${this.model} could not be asked` : outlook.reason;
    await this.#options.onNoServer?.(reason);
    return new AskFailed(reason, 'no_server', true);
  }

  #outOfTime(): string {
    return `${this.model} at ${this.server} did not finish all sections within ${this.#options.timeouts.totalMs / 1_000} s. Choose a faster model, or raise CHIMERA_OLLAMA_TOTAL_TIMEOUT.`;
  }
}
