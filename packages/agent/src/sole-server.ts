import { hostname } from 'node:os';
import {
  createOllamaClient,
  FAILURES,
  type LoadedModel,
  OllamaFailure,
  type ServerVersion,
  sameModel,
  type Timeouts,
} from '@chimera/ollama';
import type { Clock } from '@chimera/shared/bus';
import type { Analysis, Call } from '@chimera/shared/domain';
import type { Transcript } from './generations.ts';
import type { GpuWatch } from './gpu-watch.ts';
import { type NarrateInput, narrate } from './narrate.ts';
import type { KnownServer } from './servers/known-server.ts';
import { tryForm } from './servers/measure-slots.ts';
import { ServerPool, type Wanted } from './servers/pool.ts';
import { localSlots } from './servers/slot-desk.ts';
import { type ServerSpec, serverSpec } from './servers/spec.ts';

/** What a server has and what is loaded there, as it was seen just now; of the models that it runs itself. */
export type ServerSight = {
  version: ServerVersion;
  has(model: string): boolean;
  digest(model: string): string | null;
  loaded: LoadedModel[];
};

/** One Ollama server that is asked without NATS, slots of others or stored answers: for whoever measures it. */
export type SoleServer = {
  /** without credentials */
  readonly url: string;
  /** What it has and what is loaded. Throws OllamaFailure where it cannot be reached. */
  look(signal: AbortSignal): Promise<ServerSight>;
  /**
   * Has the model loaded with these options, finds out once how a model that thinks is to be asked, and has a few words of a prompt of
   * its own written: so a run behind it measures no load and no first use. Throws OllamaFailure.
   */
  warm(wanted: Wanted, signal: AbortSignal): Promise<void>;
  /** Has the model unloaded, and returns once it is gone. Throws OllamaFailure. */
  chill(model: string, signal: AbortSignal): Promise<void>;
  /**
   * One analysis, one call at a time, each generated anew; several analyses at once run side by side. A model that thinks is asked as
   * `warm` found out, else told not to think: nothing is tried here. As for `narrate`, a server or a model that is gone makes sections
   * by the template; throws an abort, and what keeping a transcript throws.
   */
  write(input: NarrateInput, options: WriteOptions): Promise<Analysis>;
  /** Ends what is under way. */
  close(): Promise<void>;
};

export type WriteOptions = {
  signal: AbortSignal;
  /** stores prompt and answer; returns the blob's id */
  keepTranscript(transcript: Transcript): Promise<string>;
  /**
   * Told of what is still under way when the analysis is there: GPUs tell of a call up to a second after it, and whoever times the
   * analysis need not count that. Its calls have their `gpu` once this has ended. Without it the analysis waits.
   */
  afterwards?(rest: Promise<void>): void;
};

/** `gpus` is its owner's to close. */
export type SoleServerDeps = { timeouts: Timeouts; clock: Clock; gpus: GpuWatch | null };

/** How a model that thinks is to be asked. */
type Form = Pick<KnownServer, 'think' | 'obeysSchema'>;

/** As most models that think obey a schema. */
const UNTOLD: Form = { think: false, obeysSchema: null };

const WARM_UP = 'Say in a few words that you are ready.';
const WARM_UP_TOKENS = 8;

/** Opens no connection yet. Throws ConfigurationError for a URL that is none; what it says of slots does not count. */
export function openSoleServer(url: string, { timeouts, clock, gpus }: SoleServerDeps): SoleServer {
  const spec: ServerSpec = { ...serverSpec(url, hostname()), slots: 1 };
  const wait = (ms: number, signal: AbortSignal) => clock.sleep(ms, signal);
  const client = createOllamaClient({ url: spec.address, timeouts, now: clock.now, monotonicMs: clock.elapsed, wait });
  const closing = new AbortController();
  const writing = new Set<Promise<unknown>>();
  const forms = new Map<string, Form>();

  /** As it was found out with these options; else with others; else by default. */
  function formOf({ model, options }: Wanted): Form {
    const others = [...forms].find(([key]) => key.startsWith(keyOf({ model })))?.[1];
    return forms.get(keyOf({ model, options })) ?? others ?? UNTOLD;
  }

  async function warm(wanted: Wanted, signal: AbortSignal): Promise<void> {
    const { model, options } = wanted;
    await client.load(model, { options }, signal);
    const thinks = (await capabilities(model, signal)).includes('thinking');
    if (thinks && !forms.has(keyOf(wanted))) forms.set(keyOf(wanted), await tryForm({ client, ...wanted, signal }, true));
    const think = thinks ? formOf(wanted).think : null;
    const messages = [{ role: 'user' as const, content: WARM_UP }];
    const request = { model, messages, options: { ...options, num_predict: WARM_UP_TOKENS }, ...(think === null ? {} : { think }) };
    await client.chat(request, { signal }).catch((error: unknown) => {
      // A few tokens of thinking warm it up as well.
      if (!(error instanceof OllamaFailure && error.code === 'empty_answer')) throw error;
    });
  }

  /** What a model says it can; nothing on servers that do not tell. */
  async function capabilities(model: string, signal: AbortSignal): Promise<string[]> {
    try {
      return (await client.show(model, signal)).capabilities ?? [];
    } catch (error) {
      if (error instanceof OllamaFailure && error.code === 'not_ollama') return [];
      throw error;
    }
  }

  async function write(input: NarrateInput, { signal: outer, keepTranscript, afterwards }: WriteOptions): Promise<Analysis> {
    const late = gpus === null || afterwards === undefined ? null : lateUses(gpus);
    const signal = AbortSignal.any([outer, closing.signal]);
    // A pool each: nobody waits for another's slot, and what failed in an earlier run does not count in this one.
    const pool = new ServerPool({ servers: [spec], timeouts, clock, desk: localSlots(), known: null, told: formOf, signal });
    try {
      await seen(pool, input.profile.model);
      const analysis = await narrate(input, {
        ...{ pool, lane: null, timeouts, patienceMs: 0, now: clock.now, elapsed: clock.elapsed },
        ...{ keepTranscript, generations: null, gpus: late?.gpus ?? gpus, signal },
      });
      if (late !== null) afterwards?.(late.fill(analysis.calls));
      return analysis;
    } finally {
      await pool.close();
    }
  }

  return {
    url: spec.url,
    async look(signal) {
      const [version, tags, loaded] = await Promise.all([client.version(signal), client.tags(signal), client.ps(signal)]);
      const installed = (model: string) => tags.find(({ name, remoteHost }) => remoteHost === null && sameModel(name, model));
      return { version, loaded, has: (model) => installed(model) !== undefined, digest: (model) => installed(model)?.digest ?? null };
    },
    warm,
    chill: (model, signal) => client.unload(model, signal),
    async write(input, options) {
      const written = write(input, options);
      writing.add(written);
      return written.finally(() => writing.delete(written));
    },
    async close() {
      closing.abort(new Error(`The connection to ${spec.url} was closed while it was asked.`));
      await client.close();
      await Promise.allSettled(writing);
    },
  };
}

/** What the pool's server has is asked before the analysis begins: no time of it is that of a small question. */
async function seen(pool: ServerPool, model: string | null): Promise<void> {
  if (model === null) return;
  await pool.look();
  await Promise.all(pool.servers.map((server) => (server.installed(model) === null ? null : server.info(model))));
}

/** A watch that tells nothing while calls are made, one after the other, and what it would have told of each once all are done. */
function lateUses(gpus: GpuWatch): { gpus: GpuWatch; fill(calls: Analysis['calls']): Promise<void> } {
  const uses: Promise<Call['gpu']>[] = [];
  return {
    gpus: {
      watch(server) {
        const watched = gpus.watch(server);
        let ended: Promise<Call['gpu']> | undefined;
        return {
          end() {
            if (ended === undefined) {
              ended = watched.end();
              ended.catch(() => undefined); // where the analysis comes to nothing; else `fill` throws it
              uses.push(ended);
            }
            return Promise.resolve(null);
          },
        };
      },
      close: () => gpus.close(),
    },
    async fill(calls) {
      const told = await Promise.all(uses);
      for (const [i, call] of calls.entries()) if (!Object.hasOwn(FAILURES, call.outcome)) call.gpu = told[i] ?? null;
    },
  };
}

/** A key of what a model is asked with; without options, what all keys of that model begin with. */
function keyOf({ model, options }: Pick<Wanted, 'model'> & Partial<Wanted>): string {
  return `${JSON.stringify(model)} ${options === undefined ? '' : JSON.stringify(Object.entries(options).toSorted())}`;
}
