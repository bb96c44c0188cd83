import { type AgentDefinition, definitionFor } from '@chimera/agent';
import { type CampaignFile, type Cell, cellKey, cellsOf, type PlannedRun, planOf } from '@chimera/campaign';
import { type AgentName, agentsOf, counted, OPTION_NAMES } from '@chimera/shared/domain';
import { visible } from '../visible.ts';

export type Definitions = Readonly<Record<AgentName, AgentDefinition>>;

/** What a campaign means to do. `calls`: one for each section of each run; sentences with faults are asked for again, which adds some. */
export type PlanSummary = {
  campaign: string;
  dataset: string;
  servers: string[];
  cells: { profile: string; arrangement: string; start: string; agents: AgentName[]; settings: string; runs: number; calls: number }[];
  runs: { ordinal: number; repeat: number; profile: string; arrangement: string; start: string }[];
  calls: number;
};

export function planSummary(file: CampaignFile, servers: readonly string[], definitions: Definitions): PlanSummary {
  const plan = planOf(file);
  const cells = cellsOf(file).map((cell) => cellSummary(cell, plan, definitions));
  return {
    campaign: file.name,
    dataset: file.dataset,
    servers: [...servers],
    cells,
    runs: plan.map(({ ordinal, repeat, cell: { name, arrangement, start } }) => ({ ordinal, repeat, profile: name, arrangement, start })),
    calls: cells.reduce((sum, { calls }) => sum + calls, 0),
  };
}

function cellSummary(cell: Cell, plan: readonly PlannedRun[], definitions: Definitions): PlanSummary['cells'][number] {
  const { name, profile, arrangement, start } = cell;
  const agents = agentsOf(profile);
  const runs = plan.filter((run) => cellKey(run.cell) === cellKey(cell)).length;
  const sections = agents.reduce((sum, agent) => sum + definitionFor(definitions[agent], profile).sections.length, 0);
  return { profile: name, arrangement, start, agents, settings: settingsText(cell), runs, calls: runs * sections };
}

/** Model and options of each agent; said once where they are the same. */
function settingsText({ profile }: Cell): string {
  const each = agentsOf(profile).map((agent) => {
    const { model, options } = profile.agents[agent] ?? { model: null, options: {} };
    const set = OPTION_NAMES.flatMap((option) => (options[option] === undefined ? [] : [`${option} ${options[option]}`]));
    return { agent, text: [model ?? 'no model', ...set].join(', ') };
  });
  const [only] = new Set(each.map(({ text }) => text)).size === 1 ? each : [];
  return only?.text ?? each.map(({ agent, text }) => `${agent}: ${text}`).join('; ');
}

const HEAD = ['PROFILE', 'ARRANGEMENT', 'START', 'AGENTS', 'RUNS', 'CALLS', 'SETTINGS'];

/** The plan as a terminal shows it, line by line. */
export function planListing(plan: PlanSummary): string[] {
  const rows = plan.cells.map((cell) =>
    [cell.profile, cell.arrangement, cell.start, cell.agents.join(', '), `${cell.runs}`, `${cell.calls}`, cell.settings].map((text) =>
      visible(text),
    ),
  );
  const widths = HEAD.map((head, column) => Math.max(head.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) => `  ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd();
  return [
    `Campaign ${visible(plan.campaign)} over ${visible(plan.dataset)}: ${counted(plan.runs.length, 'run')} of ${counted(plan.cells.length, 'cell')}, about ${counted(plan.calls, 'call')}, more where sentences must be written again`,
    `Servers: ${plan.servers.join(', ')}`,
    line(HEAD),
    ...rows.map(line),
  ];
}
