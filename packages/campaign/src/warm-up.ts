import type { SoleServer } from '@chimera/agent';
import { type FailureCode, OllamaFailure, sameModel } from '@chimera/ollama';
import type { AgentName, AgentProfile, ModelOptions } from '@chimera/shared/domain';
import { type Asking, askedServers } from './asked-servers.ts';
import type { Cell } from './cell.ts';
import type { RunOutcome } from './outcome.ts';

/** A server that could not be made ready for a run; the message is a sentence that names it. */
export class NotReady extends Error {
  override name = 'NotReady';
  readonly url: string;
  /** whether it cannot be reached, or takes nobody's call just now: then no run that needs it can be begun */
  readonly away: boolean;
  constructor(url: string, failure: OllamaFailure) {
    super(failure.message, { cause: failure });
    this.url = url;
    this.away = AWAY.has(failure.code) || GATEWAY.has(failure.status ?? 0);
  }
}

const AWAY: ReadonlySet<FailureCode> = new Set(['unreachable', 'connect_timeout', 'not_ollama', 'busy'] as const);
/** What a proxy answers whose server is being started again. */
const GATEWAY: ReadonlySet<number> = new Set([502, 504]);

/**
 * Brings servers into the state in which runs begin, outside of every measurement. Of one campaign: it remembers how it left each
 * server, because a model is asked for without an option as it happens to be loaded.
 */
export type WarmUp = {
  /**
   * Before a warm run: each server that is asked has the models of the agents that ask it loaded, each with the options of the first
   * that asks for it.
   * Before a cold run: no server has a model of the campaign loaded. Returns what the servers tell of it then.
   * @throws NotReady where a server that is asked cannot be brought there; the signal's reason
   */
  before(cell: Cell, signal: AbortSignal): Promise<RunOutcome['started']>;
};

/** @param models all that the campaign asks for */
export function createWarmUp(servers: readonly SoleServer[], models: readonly string[]): WarmUp {
  const ours = (name: string) => models.some((model) => sameModel(model, name));
  /** how each server was left: the settings that its models are loaded with; absent where that is not known */
  const left = new Map<SoleServer, string>();

  async function chill(server: SoleServer, signal: AbortSignal): Promise<void> {
    const { loaded } = await server.look(signal);
    for (const { name } of loaded) if (ours(name)) await server.chill(name, signal);
  }

  /** A server that is not asked need not be there. */
  async function chillAll(asked: ReadonlySet<SoleServer>, signal: AbortSignal): Promise<void> {
    left.clear();
    await allOf(
      servers.map((server) => {
        const chilled = chill(server, signal);
        return asked.has(server) ? reached(server, signal, chilled) : chilled.catch((error: unknown) => unneeded(error, signal));
      }),
    );
  }

  async function warm(server: SoleServer, askers: readonly AgentProfile[], signal: AbortSignal): Promise<void> {
    const [first] = askers;
    if (!first?.model) return;
    const settings = askers.map(loadedWith);
    const [only] = new Set(settings).size === 1 ? settings : [];
    const before = left.get(server);
    left.delete(server);
    // As it is loaded it may have other settings than it would be given: somebody else's, or those of the run before.
    if (before !== only || only === undefined) await chill(server, signal);
    // The first asker's last: a server that holds one model alone has that one then.
    for (const { model, options } of modelsOf(askers).reverse()) await server.warm({ model, options }, signal);
    if (only !== undefined) left.set(server, only);
  }

  return {
    async before(cell, signal) {
      signal.throwIfAborted();
      const asking = askedServers(cell, servers);
      const asked = new Set(asking.map(({ server }) => server));
      if (cell.start === 'cold') await chillAll(asked, signal);
      else {
        await allOf([...asked].map((server) => reached(server, signal, warm(server, profilesOf(cell, asking, server), signal))));
      }
      return startedAs(cell, asking, signal);
    },
  };
}

function profilesOf(cell: Cell, asking: readonly Asking<SoleServer>[], server: SoleServer): AgentProfile[] {
  return asking.flatMap(({ agent, server: at }) => (at === server ? (cell.profile.agents[agent] ?? []) : []));
}

/** The models of some agents, each with the options of the agent that asks for it first. */
function modelsOf(askers: readonly AgentProfile[]): { model: string; options: ModelOptions }[] {
  const found: { model: string; options: ModelOptions }[] = [];
  for (const { model, options } of askers)
    if (model !== null && !found.some((one) => sameModel(one.model, model))) found.push({ model, options });
  return found;
}

/** What a server loads a model with for an agent. */
function loadedWith({ model, options }: AgentProfile): string {
  const { num_ctx, num_gpu }: ModelOptions = options;
  return JSON.stringify([model, num_ctx ?? null, num_gpu ?? null]);
}

/** Whether the models are loaded that the first calls of a run will ask for, as the servers tell. */
async function startedAs(cell: Cell, asking: readonly Asking<SoleServer>[], signal: AbortSignal): Promise<RunOutcome['started']> {
  const first = new Map<SoleServer, AgentName>();
  for (const { agent, server } of asking) if (!first.has(server)) first.set(server, agent);
  const states = await Promise.all(
    [...first].map(async ([server, agent]) => {
      const { loaded } = await reached(server, signal, server.look(signal));
      return loaded.some(({ name }) => sameModel(name, cell.profile.agents[agent]?.model ?? ''));
    }),
  );
  if (states.every((state) => state)) return 'warm';
  return states.some((state) => state) ? 'unknown' : 'cold';
}

/** Waits until each has ended; throws what the first of them threw. */
async function allOf(doing: readonly Promise<void>[]): Promise<void> {
  for (const one of await Promise.allSettled(doing)) if (one.status === 'rejected') throw one.reason;
}

/** A failure of Ollama is that of this server. */
async function reached<T>(server: SoleServer, signal: AbortSignal, doing: Promise<T>): Promise<T> {
  try {
    return await doing;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof OllamaFailure) throw new NotReady(server.url, error);
    throw error;
  }
}

/** A failure of a server that is not asked costs nothing. */
function unneeded(error: unknown, signal: AbortSignal): void {
  signal.throwIfAborted();
  if (!(error instanceof OllamaFailure)) throw error;
}
