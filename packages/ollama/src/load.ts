import { refuseRemote } from './chat.ts';
import { type ChatOptions, wireRequest } from './chat-request.ts';
import type { Asked } from './classify.ts';
import { startClocks, type Timeouts } from './clocks.ts';
import { OllamaFailure } from './failure.ts';
import { sameModel } from './model-name.ts';
import type { LoadedModel } from './server-info.ts';
import type { Transport } from './transport.ts';

/** How a model is to be loaded: with the options of the calls that follow, so that none of them loads it again. */
export interface LoadRequest {
  options: ChatOptions;
  /** seconds, or a duration such as `10m`; how long the model stays loaded */
  keepAlive?: string | number | undefined;
}

/** What loading and unloading needs from its client. `controller` ends it; its reason is what is thrown. */
export interface LoadContext {
  asked: Asked & { model: string };
  transport: Transport;
  timeouts: Timeouts;
  controller: AbortController;
  allowRemote: boolean;
  monotonicMs: () => number;
  loadedModels: (signal: AbortSignal) => Promise<LoadedModel[]>;
  wait: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** How often, and how far apart, it is looked whether a model is gone: a server unloads it beside its answer. */
const LOOKS = 50;
const BETWEEN_LOOKS_MS = 200;

/** Has a model loaded; returns the seconds that took by the wall clock. Throws OllamaFailure; either way the socket is closed. */
export function loadModel(context: LoadContext, request: LoadRequest): Promise<number> {
  return ended(context, async () => {
    const before = context.monotonicMs();
    await emptyChat(context, request);
    return (context.monotonicMs() - before) / 1_000;
  });
}

/** Has a model unloaded, and looks until it is gone. Throws OllamaFailure: `busy` where it is not after 10 s. */
export function unloadModel(context: LoadContext): Promise<void> {
  const { asked, controller } = context;
  return ended(context, async () => {
    await emptyChat(context, { options: {}, keepAlive: 0 });
    for (let look = 0; look < LOOKS; look++) {
      if (look > 0) await context.wait(BETWEEN_LOOKS_MS, controller.signal);
      const loaded = await context.loadedModels(controller.signal);
      if (!loaded.some(({ name }) => sameModel(name, asked.model))) return;
    }
    const message =
      `${asked.model} at ${asked.server} is still loaded ${(LOOKS * BETWEEN_LOOKS_MS) / 1_000} s after it was told to unload it: ` +
      'somebody else uses it. Ask again once nobody does.';
    throw new OllamaFailure('busy', message, asked);
  });
}

/**
 * A chat without messages: Ollama loads the model, or with a `keepAlive` of 0 sets about unloading it, and says no more than that.
 * The clock of the first token covers all of it.
 */
async function emptyChat(context: LoadContext, { options, keepAlive }: LoadRequest): Promise<void> {
  const { asked, controller, transport } = context;
  const clocks = startClocks(context.timeouts, asked, (failure) => controller.abort(failure));
  try {
    const library = transport.library({ ...asked, signal: controller.signal });
    for await (const chunk of await library.chat(wireRequest({ model: asked.model, messages: [], options, keepAlive }))) {
      const fields: Record<string, unknown> = { ...chunk };
      if (!context.allowRemote) refuseRemote(asked, fields.remote_host);
    }
  } finally {
    clocks.stop();
  }
}

/** What is done, or why the controller ended it. The library leaves the socket open when it is done: it is closed here. */
async function ended<T>({ controller }: LoadContext, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw controller.signal.aborted ? controller.signal.reason : error;
  } finally {
    controller.abort();
  }
}
