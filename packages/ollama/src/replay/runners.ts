import { DEFAULT_CONTEXT } from './context.ts';
import { DEFAULT_KEEP_ALIVE, keepAliveMs } from './keep-alive.ts';
import { type CompleteModel, described } from './models.ts';
import { OUT_OF_MEMORY_TEXTS, type Refusal, refusal, serverBusy } from './refusal.ts';
import type { ReplayRequest } from './request.ts';
import { layersOnGpu, needsReload, type RunnerOptions, runnerOptions } from './runner-options.ts';
import { Slots } from './slots.ts';
import type { ReplayTimers } from './timers.ts';

/** A model that is loaded, or being loaded. */
interface Runner {
  model: CompleteModel;
  options: RunnerOptions & { context: number };
  gpuLayers: number;
  /** resolves when it is loaded, with false when that was broken off; null once it is */
  loading: Promise<boolean> | null;
  /** calls that have it, or wait for it to be loaded */
  users: number;
  /** told when its last user goes */
  onIdle: (() => void)[];
  keepMs: number;
  /** when it is unloaded; counts while it has no user */
  expiresAt: number;
}

/** A loaded model, handed to one call. */
export interface Lease {
  /** tokens of context in force */
  context: number;
  /** milliseconds that the call reports as load: loading, and the wait for the scheduler; 0 where there was neither */
  loadMs: number;
  /** gives it back */
  end(): void;
}

export interface RunnersConfig {
  timers: ReplayTimers;
  /** requests that may wait for the scheduler besides the one it is at */
  maxQueue: number;
  /** models that may be loaded at once */
  maxLoaded: number;
}

/** `loadMs`: how long a load takes; `anew`: load also what is loaded as it should be. */
export interface Use {
  model: CompleteModel;
  request: ReplayRequest;
  loadMs: number;
  anew: boolean;
  signal: AbortSignal;
}

/**
 * The scheduler: which models are loaded, with which options. A call for a model as it is loaded gets it at once. Any other is
 * pending: one at a time, in order of arrival, each waits until nobody uses what must make room, and loads.
 */
export class Runners {
  readonly #timers: ReplayTimers;
  readonly #config: RunnersConfig;
  readonly #loaded = new Map<string, Runner>();
  readonly #turn = new Slots(1);

  constructor(config: RunnersConfig) {
    this.#config = config;
    this.#timers = config.timers;
  }

  /** A loaded model for one call; a refusal where the queue is full or the GPU too small. Rejects when the signal aborts. */
  async use(use: Use): Promise<Lease | Refusal> {
    const wanted = runnerOptions(use.request, use.model);
    const before = this.#timers.now();
    const sinceBefore = (): number => this.#timers.now() - before;
    for (;;) {
      const runner = this.#fitting(use, wanted);
      if (runner === null) break;
      const waits = runner.loading !== null;
      const lease = await this.#join(runner, use);
      if (lease !== null) return { ...lease, loadMs: waits ? sinceBefore() : 0 };
    }
    let waits = !this.#turn.free;
    if (waits && this.#turn.waiting >= this.#config.maxQueue) return serverBusy();
    await this.#turn.take(use.signal);
    try {
      const runner = this.#fitting(use, wanted); // loaded for another call meanwhile
      if (runner !== null) return { ...this.#lease(runner, use), loadMs: sinceBefore() };
      const gpuLayers = layersOnGpu(wanted, use.model);
      if (gpuLayers === null) return refusal(500, OUT_OF_MEMORY_TEXTS[0]);
      waits = (await this.#makeRoom(use)) || waits;
      const waited = waits ? sinceBefore() : 0;
      return { ...(await this.#load(use, wanted, gpuLayers)), loadMs: waited + use.loadMs };
    } finally {
      this.#turn.release();
    }
  }

  /** Unloads a model as soon as nobody uses it. */
  unload(model: CompleteModel): void {
    const runner = this.#loaded.get(model.name);
    if (runner === undefined) return;
    runner.keepMs = 0;
    runner.expiresAt = this.#timers.now();
    this.#sweep();
  }

  /** The answer of `/api/ps`. */
  ps(): object {
    this.#sweep();
    return {
      models: [...this.#loaded.values()].map(({ model, gpuLayers, options, users, keepMs, expiresAt }) => ({
        ...described(model),
        expires_at: inMs(users > 0 ? keepMs : expiresAt - this.#timers.now()),
        size_vram: Math.round((model.size * gpuLayers) / (model.layers + 1)),
        context_length: options.context,
      })),
    };
  }

  /** The model as it is loaded, or being loaded, where it need not be loaded again. */
  #fitting({ model, anew }: Use, wanted: RunnerOptions): Runner | null {
    this.#sweep();
    const runner = this.#loaded.get(model.name);
    return anew || runner === undefined || needsReload(runner.options, wanted) ? null : runner;
  }

  /** A lease of a model once it is loaded; null where that was broken off. */
  async #join(runner: Runner, use: Use): Promise<Omit<Lease, 'loadMs'> | null> {
    const lease = this.#lease(runner, use);
    let loaded = runner.loading === null;
    try {
      loaded ||= (await untilAborted(runner.loading ?? Promise.resolve(true), use.signal)) === true;
      return loaded ? lease : null;
    } finally {
      if (!loaded) lease.end();
    }
  }

  /** Unloads what must go before a model is loaded, once it is idle. Returns whether that meant waiting. */
  async #makeRoom({ model, signal }: Use): Promise<boolean> {
    let waited = false;
    for (;;) {
      const inTheWay = this.#loaded.get(model.name) ?? this.#surplus();
      if (inTheWay === undefined) return waited;
      if (inTheWay.users === 0) {
        this.#loaded.delete(inTheWay.model.name);
        continue;
      }
      waited = true;
      await untilAborted(new Promise<void>((resolve) => inTheWay.onIdle.push(resolve)), signal);
    }
  }

  /** The model that goes first where as many are loaded as may be: an idle one, else the one that was loaded first. */
  #surplus(): Runner | undefined {
    if (this.#loaded.size < this.#config.maxLoaded) return undefined;
    const all = [...this.#loaded.values()];
    return all.find(({ users }) => users === 0) ?? all[0];
  }

  async #load(use: Use, wanted: RunnerOptions, gpuLayers: number): Promise<Omit<Lease, 'loadMs'>> {
    const { model, loadMs, signal } = use;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const options = { ...wanted, context: wanted.context ?? Math.min(DEFAULT_CONTEXT, model.trainedContext) };
    const rest = { users: 0, onIdle: [], keepMs: DEFAULT_KEEP_ALIVE, expiresAt: Number.POSITIVE_INFINITY };
    const runner: Runner = { model, options, gpuLayers, loading: promise, ...rest };
    this.#loaded.set(model.name, runner);
    const lease = this.#lease(runner, use);
    try {
      if (loadMs > 0) await this.#timers.wait(loadMs, signal);
      runner.loading = null;
      resolve(true);
      return lease;
    } catch (error) {
      this.#loaded.delete(model.name);
      lease.end();
      resolve(false);
      throw error;
    }
  }

  #lease(runner: Runner, { request }: Use): Omit<Lease, 'loadMs'> {
    runner.users += 1;
    if (request.keepAlive !== undefined) runner.keepMs = keepAliveMs(request.keepAlive);
    const end = (): void => {
      runner.users -= 1;
      if (runner.users > 0) return;
      runner.expiresAt = this.#timers.now() + runner.keepMs;
      this.#sweep();
      for (const told of runner.onIdle.splice(0)) told();
    };
    return { context: runner.options.context, end };
  }

  /** Unloads what is idle and has been kept long enough. */
  #sweep(): void {
    const now = this.#timers.now();
    for (const { model, users, expiresAt } of this.#loaded.values()) if (users === 0 && expiresAt <= now) this.#loaded.delete(model.name);
  }
}

/** What the promise resolves with; rejects with the signal's reason when that aborts first. */
async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** A time as Ollama writes it; what never comes is a century away. */
function inMs(ms: number): string {
  return new Date(Date.now() + Math.min(Math.max(0, ms), 100 * 365 * 86_400_000)).toISOString();
}
