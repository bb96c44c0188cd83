import { setTimeout as sleep } from 'node:timers/promises';
import type { Ollama } from 'ollama';
import { type ChatHooks, type ChatResult, chat, type LoadedAs } from './chat.ts';
import type { ChatRequest } from './chat-request.ts';
import { checkTimeouts, type Timeouts } from './clocks.ts';
import { OllamaFailure } from './failure.ts';
import { type LoadContext, type LoadRequest, loadModel, unloadModel } from './load.ts';
import { sameModel } from './model-name.ts';
import {
  type InstalledModel,
  installedModels,
  type LoadedModel,
  loadedModels,
  type ModelInfo,
  modelInfo,
  type ServerVersion,
  versionIn,
} from './server-info.ts';
import { serverAddress } from './server-url.ts';
import { type Call, createTransport } from './transport.ts';

export interface OllamaClientConfig {
  /** `http://host:port`, or as `OLLAMA_HOST` allows it */
  url: string;
  timeouts: Timeouts;
  /** answers of models that run on another host than this server (cloud models) are refused unless true */
  allowRemote?: boolean | undefined;
  /** epoch milliseconds; default `Date.now` */
  now?: (() => number) | undefined;
  /** milliseconds of a clock that never goes back; default `performance.now` */
  monotonicMs?: (() => number) | undefined;
  /** waits so many milliseconds, or until the signal aborts; default Node's timers */
  wait?: ((ms: number, signal: AbortSignal) => Promise<void>) | undefined;
}

export interface OllamaClient {
  /** of the server, without credentials: may be printed */
  readonly url: string;
  /** Streams one answer. Throws OllamaFailure; partial output is discarded whole. */
  chat(request: ChatRequest, hooks?: ChatHooks): Promise<ChatResult>;
  /**
   * Has the model loaded with these options, and nothing written; returns the seconds that took by the wall clock, next to none where
   * it is loaded so already. Must be done within `firstTokenMs`. Throws OllamaFailure.
   */
  load(model: string, request: LoadRequest, signal?: AbortSignal): Promise<number>;
  /** Has the model unloaded, and returns once the server no longer lists it. Throws OllamaFailure: `busy` where others keep it in use. */
  unload(model: string, signal?: AbortSignal): Promise<void>;
  /** The installed models. This and the next two must be answered within `connectMs`. Throw OllamaFailure. */
  tags(signal?: AbortSignal): Promise<InstalledModel[]>;
  /** The loaded models. */
  ps(signal?: AbortSignal): Promise<LoadedModel[]>;
  /** The server's version, and whether it is the replay server. */
  version(signal?: AbortSignal): Promise<ServerVersion>;
  /** What a model is made of. Throws OllamaFailure; servers before 0.1.19 do not know the question (`not_ollama`). */
  show(model: string, signal?: AbortSignal): Promise<ModelInfo>;
  /** Breaks off what is under way (it fails with `aborted`) and closes all sockets. */
  close(): Promise<void>;
}

/** A client of one Ollama server. Opens no connection yet. Throws OllamaFailure `bad_request` (URL) and RangeError (timeouts). */
export function createOllamaClient(config: OllamaClientConfig): OllamaClient {
  checkTimeouts(config.timeouts);
  const timeouts = { ...config.timeouts };
  const address = serverAddress(config.url);
  const server = address.url;
  const transport = createTransport(address, timeouts.connectMs);
  const running = new Set<AbortController>();
  let closed = false;

  /** Runs a call that the outer signal and `close` can end; its reason is always an OllamaFailure. */
  async function abortable<T>(
    model: string | undefined,
    outer: AbortSignal | undefined,
    run: (controller: AbortController) => Promise<T>,
  ): Promise<T> {
    const aborted = (): OllamaFailure => {
      const message = `The call to ${model === undefined ? server : `${model} at ${server}`} was broken off by its caller.`;
      return new OllamaFailure('aborted', message, { server, model, cause: outer?.reason });
    };
    if (closed || outer?.aborted) throw aborted();
    const controller = new AbortController();
    const abort = (): void => controller.abort(aborted());
    outer?.addEventListener('abort', abort, { once: true });
    running.add(controller);
    try {
      return await run(controller);
    } finally {
      outer?.removeEventListener('abort', abort);
      running.delete(controller);
    }
  }

  /** A small question that is no model's work. */
  function ask<T>(
    question: (library: Ollama) => Promise<T>,
    signal: AbortSignal | undefined,
    about: Pick<Call, 'model' | 'onAnswer'> = {},
  ): Promise<T> {
    return abortable(undefined, signal, async (controller) => {
      const late = setTimeout(() => controller.abort(lateAnswer(server, timeouts.connectMs)), timeouts.connectMs);
      try {
        return await question(transport.library({ ...about, server, signal: controller.signal, whole: true }));
      } catch (error) {
        if (controller.signal.aborted) throw controller.signal.reason;
        throw error instanceof OllamaFailure ? error : noJson(server, error);
      } finally {
        clearTimeout(late);
        controller.abort();
      }
    });
  }

  const ps = async (signal?: AbortSignal): Promise<LoadedModel[]> => loadedModels(await ask((library) => library.ps(), signal), server);

  const monotonicMs = config.monotonicMs ?? (() => performance.now());
  const allowRemote = config.allowRemote ?? false;
  const wait = config.wait ?? ((ms, signal) => sleep(ms, undefined, { signal }));
  const loadContext = (model: string, controller: AbortController): LoadContext => {
    const asked = { server, model };
    return { asked, transport, timeouts, controller, allowRemote, monotonicMs, loadedModels: ps, wait };
  };

  return {
    url: server,
    load: (model, request, signal) => abortable(model, signal, (controller) => loadModel(loadContext(model, controller), request)),
    unload: (model, signal) => abortable(model, signal, (controller) => unloadModel(loadContext(model, controller))),
    chat: (request, hooks = {}) =>
      abortable(request.model, hooks.signal, (controller) =>
        chat(
          {
            asked: { server, model: request.model },
            transport,
            timeouts,
            controller,
            allowRemote,
            now: config.now ?? Date.now,
            monotonicMs,
            loadedAs: (model, signal) => loadedAs(model, () => ps(signal)),
          },
          request,
          hooks,
        ),
      ),
    tags: async (signal) => installedModels(await ask((library) => library.list(), signal), server),
    ps,
    show: async (model, signal) => modelInfo(await ask((library) => library.show({ model }), signal, { model }), server),
    version: async (signal) => {
      let replay = false;
      const answer = await ask((library) => library.version(), signal, {
        onAnswer: (facts) => {
          replay = facts.replay;
        },
      });
      return { version: versionIn(answer, server), replay };
    },
    close: async () => {
      closed = true;
      const failure = new OllamaFailure('aborted', `The client of ${server} was closed while a call was under way.`, { server });
      for (const controller of running) controller.abort(failure);
      await transport.close();
    },
  };
}

/** A model as it is loaded. Never throws: an answer without a digest is still an answer, and says why it has none. */
async function loadedAs(model: string, ps: () => Promise<LoadedModel[]>): Promise<LoadedAs> {
  try {
    const loaded = (await ps()).find(({ name }) => sameModel(name, model));
    if (loaded === undefined)
      return { digest: null, digestUnknown: `the server did not list ${model} as loaded while it answered`, loaded: null };
    if (loaded.digest === null) return { digest: null, digestUnknown: `the server lists ${model} without a digest`, loaded };
    return { digest: loaded.digest, digestUnknown: null, loaded };
  } catch (error) {
    return { digest: null, digestUnknown: error instanceof Error ? error.message : String(error), loaded: null };
  }
}

function lateAnswer(server: string, ms: number): OllamaFailure {
  const message = `${server} did not answer a small question within ${ms / 1000} s. Check that it is an Ollama server and not overloaded.`;
  return new OllamaFailure('connect_timeout', message, { server });
}

function noJson(server: string, cause: unknown): OllamaFailure {
  const message = `${server} answered with something that is no JSON, which no Ollama server does. Check host, port and path of the URL.`;
  return new OllamaFailure('not_ollama', message, { server, status: 200, cause });
}
