import { type AgentName, agentsOf, byCodeUnit, CAMPAIGN_PROFILE, type ModelFound, OPTION_NAMES } from '@chimera/shared/domain';
import type { CampaignFile } from './campaign-file.ts';
import type { RunOutcome } from './outcome.ts';
import type { PlannedRun } from './plan.ts';

/** What stands where neither server nor answer tells. */
const NOT_TOLD = 'not told';
/** What stands for an option that is left to the server. */
const DEFAULT = 'default';

/**
 * The configuration of a run, as evidence groups by it: what was asked for, and what was found. All runs of one campaign have the
 * same names: every option that any of its profiles sets is one, and so are duties where one keeps to its own. Where the agents
 * differ, the value names both: "collector 60, insight 120".
 */
export function labelsOf(file: CampaignFile, run: PlannedRun, outcome: RunOutcome): Record<string, string> {
  const { name, profile, arrangement, start } = run.cell;
  const agents = agentsOf(profile);
  const each = (tell: (agent: AgentName) => string) => ofAll(agents.map((agent) => [agent, tell(agent)]));
  const found = (tell: (one: ModelFound) => string | number | null) =>
    each((agent) => uniqueText((outcome.analyses[agent]?.found ?? []).map((one) => String(tell(one) ?? NOT_TOLD))));
  const options = settingsOf(file).map((option) => [option, each((agent) => String(profile.agents[agent]?.options[option] ?? DEFAULT))]);
  return {
    [CAMPAIGN_PROFILE]: name,
    arrangement,
    start,
    agents: agents.join(', '),
    engine: found(({ replay }) => (replay ? 'replay server' : 'ollama')),
    engine_version: found(({ serverVersion }) => serverVersion),
    model: each((agent) => profile.agents[agent]?.model ?? NOT_TOLD),
    quantization: found(({ quantization }) => quantization),
    ...Object.fromEntries(options),
    ...(file.profiles.some((one) => one.profile.duties !== undefined) ? { duties: profile.duties ?? 'all' } : {}),
    context_in_force: found(({ context }) => context),
    layers_on_gpu: found(({ layersOnGpu }) => layersOnGpu),
    server: found(({ server }) => server),
  };
}

/** The options that any profile of a campaign sets, in the order in which they are printed. */
function settingsOf({ profiles }: CampaignFile) {
  return OPTION_NAMES.filter((option) =>
    profiles.some(({ profile }) => agentsOf(profile).some((agent) => profile.agents[agent]?.options[option] !== undefined)),
  );
}

function ofAll(values: readonly (readonly [AgentName, string])[]): string {
  const different = new Set(values.map(([, value]) => value));
  return different.size === 1 ? (values[0]?.[1] ?? NOT_TOLD) : values.map(([agent, value]) => `${agent} ${value}`).join(', ');
}

/** An agent that asked several servers has what each of them told, whichever answered first. */
function uniqueText(values: readonly string[]): string {
  return values.length === 0 ? NOT_TOLD : [...new Set(values)].sort(byCodeUnit).join(' and ');
}
