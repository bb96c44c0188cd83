import { type AgentSettings, openSoleServer, type SoleServer, watchGpus } from '@chimera/agent';
import { askedServers, type CampaignFile, cellsOf } from '@chimera/campaign';
import { OllamaFailure } from '@chimera/ollama';
import type { Clock } from '@chimera/shared/bus';
import type { Logger } from '@chimera/shared/service';
import { CommandFailed } from '../usage-error.ts';

/** The servers of a campaign, which it alone asks. */
export type CampaignServers = { servers: SoleServer[]; close(): Promise<void> };

/** Opens no connection yet. Throws ConfigurationError for an address that is none. */
export function openServers(urls: readonly string[], { timeouts }: AgentSettings, clock: Clock, logger: Logger): CampaignServers {
  const gpus = watchGpus({ logger });
  const servers = urls.map((url) => openSoleServer(url, { timeouts, clock, gpus }));
  return {
    servers,
    async close() {
      await Promise.all(servers.map((server) => server.close()));
      await gpus.close();
    },
  };
}

/**
 * Looks at the servers that a campaign needs before anything is run. Returns a sentence for each that cannot be reached just now.
 * Throws CommandFailed where none can, or one lacks a model that it will be asked for.
 */
export async function checkServers(file: CampaignFile, servers: readonly SoleServer[], signal: AbortSignal): Promise<string[]> {
  const seen = await Promise.all([...modelsByServer(file, servers)].map(([server, models]) => seenAt(server, models, signal)));
  const lacking = seen.flatMap(({ lacks }) => lacks);
  if (lacking.length > 0) throw new CommandFailed(lacking.join('\n'));
  const away = seen.flatMap(({ away }) => away ?? []);
  if (away.length === seen.length)
    throw new CommandFailed(`No server of this campaign can be asked. ${away.join(' ')} "chimera doctor" says more.`);
  return away;
}

function modelsByServer(file: CampaignFile, servers: readonly SoleServer[]): Map<SoleServer, Set<string>> {
  const models = new Map<SoleServer, Set<string>>();
  for (const cell of cellsOf(file))
    for (const { agent, server } of askedServers(cell, servers)) {
      const model = cell.profile.agents[agent]?.model;
      if (model) models.set(server, (models.get(server) ?? new Set()).add(model));
    }
  return models;
}

async function seenAt(
  server: SoleServer,
  models: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<{ away: string | null; lacks: string[] }> {
  try {
    const sight = await server.look(signal);
    const lacks = [...models].filter((model) => !sight.has(model));
    return {
      away: null,
      lacks: lacks.map(
        (model) => `${server.url} does not have ${model}: run "ollama pull ${model}" there, or name another model in the campaign.`,
      ),
    };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof OllamaFailure)) throw error;
    return { away: error.message, lacks: [] };
  }
}
