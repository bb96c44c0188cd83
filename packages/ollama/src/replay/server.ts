import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { REPLAY_HEADER } from '../transport.ts';
import type { BehaviourScript } from './behaviour.ts';
import { CallLog, type RecordedCall } from './call-log.ts';
import type { ChatDesk } from './chat-desk.ts';
import type { Jitter } from './jitter.ts';
import { type ReplayModel, ReplayModels } from './models.ts';
import type { Rates } from './rates.ts';
import { behaviourResolver } from './resolve-behaviour.ts';
import { fail, route } from './routes.ts';
import { Runners } from './runners.ts';
import { type ReplayTimers, realTimers, scaledTimers } from './timers.ts';

export { REPLAY_VERSION } from './routes.ts';

export interface ReplayServerConfig {
  /** default 0: a free one */
  port?: number | undefined;
  /** default 127.0.0.1 */
  host?: string | undefined;
  /** default `gemma3:latest` */
  models?: readonly (string | ReplayModel)[] | undefined;
  /** default well-behaved */
  behaviour?: BehaviourScript | undefined;
  /** default: as fast as it goes, and reported as measured */
  rates?: Rates | undefined;
  /** by how much calls are faster or slower than their rates say, and reported so; default: not at all */
  jitter?: Jitter | undefined;
  /** how many times as fast as it says it is: all waits are divided by it, no reported duration is; default 1 */
  speed?: number | undefined;
  /** calls of one model that are worked at at once (OLLAMA_NUM_PARALLEL); the others wait without a header; default: no bound */
  parallel?: number | undefined;
  /** requests that may wait for a model to be loaded (OLLAMA_MAX_QUEUE); further ones are refused with 503; default 512 */
  maxQueue?: number | undefined;
  /** models that are loaded at once (OLLAMA_MAX_LOADED_MODELS); default: no bound */
  maxLoaded?: number | undefined;
  timers?: ReplayTimers | undefined;
}

export interface ReplayServer {
  readonly url: string;
  /** the chat calls in the order of arrival, those under way included */
  readonly calls: readonly RecordedCall[];
  /** the most chat calls that were under way at once, those that waited included */
  readonly busyMax: number;
  /** the most chat calls that were worked at at once */
  readonly workingMax: number;
  /** milliseconds of work so far, summed over all chat calls: by the time that passed, the slots in use on average */
  readonly busySlotMs: number;
  /** The call of this index, as soon as it has arrived. */
  call(index: number): Promise<RecordedCall>;
  /** Breaks off what is under way and closes all sockets. */
  close(): Promise<void>;
}

/**
 * Starts an HTTP server that speaks Ollama's protocol (`/api/chat`, `/api/generate`, `/api/show`, `/api/tags`, `/api/ps`,
 * `/api/version`) and has no model: it answers by script, or what was recorded. For tests, benchmarks and demonstrations; it says
 * what it is by its version and by the header `x-chimera-replay: 1`. Throws RangeError for a number that makes no sense, and the
 * system's error (`EADDRINUSE`, …) when it cannot listen.
 */
export async function startReplayServer(config: ReplayServerConfig = {}): Promise<ReplayServer> {
  const host = config.host ?? '127.0.0.1';
  const timers = config.timers ?? realTimers;
  const log = new CallLog(timers.now);
  const desk = deskOf(config, timers, log);
  const server = createServer((request, response) => {
    response.setHeader(REPLAY_HEADER, '1');
    route(desk, request, response).catch((error: unknown) => fail(response, error));
  });
  server.listen(config.port ?? 0, host);
  await once(server, 'listening');
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${portOf(server)}`,
    calls: log.calls,
    get busyMax() {
      return log.busyMax;
    },
    get workingMax() {
      return log.workingMax;
    },
    get busySlotMs() {
      return log.busySlotMs;
    },
    call: (index) => log.call(index),
    close: async () => {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function deskOf(config: ReplayServerConfig, timers: ReplayTimers, log: CallLog): ChatDesk {
  const speed = atLeast('speed', config.speed ?? 1, Number.MIN_VALUE, false);
  const maxQueue = atLeast('maxQueue', config.maxQueue ?? 512, 0);
  const maxLoaded = atLeast('maxLoaded', config.maxLoaded ?? Number.POSITIVE_INFINITY, 1);
  const scaled = scaledTimers(timers, speed);
  return {
    models: new ReplayModels(config.models ?? ['gemma3:latest']),
    runners: new Runners({ timers: scaled, maxQueue, maxLoaded }),
    slots: new Map(),
    parallel: atLeast('parallel', config.parallel ?? Number.POSITIVE_INFINITY, 1),
    behaviourOf: behaviourResolver(config.behaviour ?? { kind: 'well-behaved' }, () => timers.now()),
    rates: config.rates ?? {},
    jitter: checkedJitter(config.jitter ?? { share: 0, seed: 1 }),
    timers: scaled,
    log,
  };
}

function atLeast(name: string, value: number, least: number, whole = true): number {
  if (value >= least && (whole ? Number.isInteger(value) || value === Number.POSITIVE_INFINITY : Number.isFinite(value))) return value;
  throw new RangeError(
    `The replay server's ${name} cannot be ${value}: give a ${whole ? `whole number from ${least} on` : 'number above 0'}.`,
  );
}

function checkedJitter({ share, seed }: Jitter): Jitter {
  if (!(share >= 0 && share < 1)) throw new RangeError(`The replay server's jitter cannot be ${share}: give a share from 0 to below 1.`);
  return { share, seed: atLeast('seed of its jitter', seed, 0) };
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
