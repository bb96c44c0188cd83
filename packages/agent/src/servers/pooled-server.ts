import {
  createOllamaClient,
  type FailureCode,
  fullModelName,
  type InstalledModel,
  type LoadedModel,
  type ModelInfo,
  type OllamaClient,
  OllamaFailure,
  type ServerModels,
  type ServerVersion,
  sameModel,
  type Timeouts,
} from '@chimera/ollama';
import type { Clock } from '@chimera/shared/bus';
import type { ServerSpec } from './spec.ts';

/** After these it is the question that is at fault, not the server. */
const NOT_THE_SERVER: ReadonlySet<FailureCode> = new Set([
  'aborted',
  'prompt_too_long',
  'bad_request',
  'answer_too_long',
  'empty_answer',
  'model_not_found',
  'remote_model',
] as const);

/** After these the same question may well succeed at once: the first time, nothing is waited for. */
const PASSING: ReadonlySet<FailureCode> = new Set(['stream_error', 'stream_incomplete', 'server_error'] as const);

/** After these a server does not have the model, whatever it lists. */
const WITHOUT_MODEL: ReadonlySet<FailureCode> = new Set(['model_not_found', 'remote_model'] as const);

/** How long a look at a server that was away last time is waited for. */
const PATIENCE_MS = 500;
const REST_MS = 30_000;
const LONGEST_REST_MS = 300_000;

/** One Ollama server as a worker sees it: what it has, what is loaded, and whether it is left alone for a while. */
export class PooledServer {
  readonly spec: ServerSpec;
  readonly client: OllamaClient;
  readonly #clock: Clock;
  readonly #infos = new Map<string, ModelInfo | null>();
  /** models that it lists and does not have, and until when that is believed */
  readonly #without = new Map<string, number>();
  #tags: InstalledModel[] | null = null;
  #loaded: LoadedModel[] = [];
  #version: ServerVersion | null = null;
  #error: string | null = null;
  #lookedMs: number | null = null;
  #seen = false;
  #looking: Promise<void> | null = null;
  #failures = 0;
  #restUntilMs = 0;
  #trouble: OllamaFailure | null = null;

  constructor(spec: ServerSpec, timeouts: Timeouts, clock: Clock) {
    this.spec = spec;
    this.client = createOllamaClient({ url: spec.address, timeouts, now: clock.now });
    this.#clock = clock;
  }

  get version(): ServerVersion | null {
    return this.#version;
  }

  /** Asks what it has and what is loaded, unless that is known since less than `maxAgeMs`; an older answer serves meanwhile. Never throws for the server. */
  async look(maxAgeMs: number): Promise<void> {
    if (this.#lookedMs !== null && this.#clock.elapsed() - this.#lookedMs < maxAgeMs) return;
    this.#looking ??= this.#ask().finally(() => {
      this.#looking = null;
    });
    // What was seen may serve until the answer is there. One that was away is waited for a little: it must not hold up the others.
    if (!this.#seen) await this.#looking;
    else if (this.#tags === null) {
      const done = new AbortController();
      await Promise.race([this.#looking, this.#clock.sleep(PATIENCE_MS, done.signal)]).finally(() => done.abort());
    }
  }

  async #ask(): Promise<void> {
    try {
      const [tags, loaded, version] = await Promise.all([this.client.tags(), this.client.ps(), this.client.version()]);
      this.#tags = tags;
      this.#loaded = loaded;
      this.#version = version;
      this.#error = null;
    } catch (error) {
      if (!(error instanceof OllamaFailure)) throw error;
      this.#tags = null;
      this.#error = error.message;
    }
    this.#lookedMs = this.#clock.elapsed();
    this.#seen = true;
  }

  /** The model as it is installed there, none that runs elsewhere. */
  installed(model: string): InstalledModel | null {
    return this.#local().find(({ name }) => sameModel(name, model)) ?? null;
  }

  #local(): InstalledModel[] {
    const now = this.#clock.elapsed();
    return (this.#tags ?? []).filter(({ name, remoteHost }) => remoteHost === null && now >= (this.#without.get(fullModelName(name)) ?? 0));
  }

  loaded(model: string): LoadedModel | null {
    return this.#loaded.find(({ name }) => sameModel(name, model)) ?? null;
  }

  /** The model was just seen loaded. */
  sawLoaded(model: LoadedModel): void {
    this.#loaded = [...this.#loaded.filter(({ name }) => name !== model.name), model];
  }

  /** 0: the model is loaded, 1: nothing is, 2: others are. */
  distance(model: string): number {
    return this.loaded(model) !== null ? 0 : this.#loaded.length === 0 ? 1 : 2;
  }

  /** What the model is made of; null where the server does not tell. */
  async info(model: string): Promise<ModelInfo | null> {
    const key = this.installed(model)?.digest ?? model;
    const known = this.#infos.get(key);
    if (known !== undefined) return known;
    try {
      const info = await this.client.show(model);
      this.#infos.set(key, info);
      return info;
    } catch (error) {
      if (!(error instanceof OllamaFailure)) throw error;
      // One that does not know the question never will; any other may tell the next time.
      if (error.code === 'not_ollama') this.#infos.set(key, null);
      return null;
    }
  }

  knownInfo(model: string): ModelInfo | null {
    return this.#infos.get(this.installed(model)?.digest ?? model) ?? null;
  }

  /** Milliseconds for which it is still left alone; 0: not at all. */
  restMs(): number {
    return Math.max(0, this.#restUntilMs - this.#clock.elapsed());
  }

  /** Why it is left alone. */
  get trouble(): OllamaFailure | null {
    return this.restMs() > 0 ? this.#trouble : null;
  }

  /** A call failed: the server is left alone for as long as the failure says, longer each time. */
  failed(failure: OllamaFailure): void {
    if (WITHOUT_MODEL.has(failure.code) && failure.model !== undefined) {
      this.#without.set(fullModelName(failure.model), this.#clock.elapsed() + REST_MS);
      this.#lookedMs = null;
    }
    if (NOT_THE_SERVER.has(failure.code)) return;
    this.#failures += 1;
    this.#trouble = failure;
    if (this.#failures === 1 && PASSING.has(failure.code)) return;
    const rest = (failure.retryAfterMs ?? REST_MS) * 2 ** Math.min(this.#failures - 1, 5);
    this.#restUntilMs = this.#clock.elapsed() + Math.min(rest, LONGEST_REST_MS);
    this.#lookedMs = null;
  }

  succeeded(): void {
    this.#failures = 0;
    this.#restUntilMs = 0;
  }

  /** Why it could not be seen what it has; null where it could, or nobody asked yet. */
  get fault(): string | null {
    return this.#error;
  }

  /** As it is told to people who ask why no model speaks. */
  models(): ServerModels {
    const { url } = this.spec;
    if (this.#tags === null) return { url, reachable: false, models: [], error: this.#error ?? `${url} was not asked yet.` };
    return { url, reachable: true, models: this.#local().map(({ name }) => name) };
  }
}
