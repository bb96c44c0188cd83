import type { Profile } from '@chimera/shared/domain';
import { CommonSettings, configuredProfile, OllamaSettings, ollamaUrls, ProfileSettings, parseSettings } from '@chimera/shared/service';
import { z } from 'zod';

const AgentSettings = {
  ...CommonSettings,
  ...ProfileSettings,
  ...OllamaSettings,
  /** how many analyses by the template a worker makes at once; those by a model follow from the slots of its servers */
  CHIMERA_AGENT_CONCURRENCY: z.coerce.number().int().positive().default(1),
};

export type AgentSettings = {
  values: ReturnType<typeof parse>;
  profile: Profile;
  urls: string[];
  /** milliseconds for which work waits for servers that are left alone, before another narrator speaks */
  patienceMs: number;
  timeouts: { connectMs: number; firstTokenMs: number; idleMs: number; totalMs: number };
};

const parse = (environment: Readonly<Record<string, string | undefined>>) => parseSettings(AgentSettings, environment);

/** Parses an agent's settings; throws ConfigurationError with all faults. */
export function agentSettings(environment: Readonly<Record<string, string | undefined>>): AgentSettings {
  const values = parse(environment);
  return {
    values,
    profile: configuredProfile(values),
    urls: ollamaUrls(values),
    patienceMs: values.CHIMERA_OLLAMA_PATIENCE * 1_000,
    timeouts: {
      connectMs: values.CHIMERA_OLLAMA_CONNECT_TIMEOUT * 1_000,
      firstTokenMs: values.CHIMERA_OLLAMA_FIRST_TOKEN_TIMEOUT * 1_000,
      idleMs: values.CHIMERA_OLLAMA_IDLE_TIMEOUT * 1_000,
      totalMs: values.CHIMERA_OLLAMA_TOTAL_TIMEOUT * 1_000,
    },
  };
}
