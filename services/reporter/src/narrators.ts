import { ANSWER_TOKENS, type Analysis, agentsOf, type Inline, OPTION_NAMES, type Profile } from '@chimera/shared/domain';
import { code, record, text } from './inline.ts';

export type Analyses = Partial<Record<'collector' | 'insight', Analysis>>;

/** `two agents (DataCollector-9000, InsightAgent)`, `single agent (…)`; of one that keeps to its own duties, `insight (InsightAgent)`. */
export function agentType(profile: Profile, analyses: Analyses): string {
  const agents = agentsOf(profile);
  const names = agents.map((agent) => analyses[agent]?.title ?? agent);
  if (names.length === 1 && profile.duties === 'own') return names[0] === agents[0] ? agents.join() : `${agents[0]} (${names[0]})`;
  return names.length === 1 ? `single agent (${names[0]})` : `two agents (${names.join(', ')})`;
}

/** The models asked for, per agent where they differ; and when none of them spoke, that. */
export function modelLine(profile: Profile, analyses: Analyses): string {
  const asked = modelsAsked(profile);
  const spoke = Object.values(analyses).some((a) => a.narrator.kind === 'model');
  const wanted = Object.values(profile.agents).some((agent) => agent !== undefined && agent.model !== null);
  return wanted && !spoke ? `${asked} (asked for; none spoke)` : asked;
}

function modelsAsked(profile: Profile): string {
  const models = agentsOf(profile).map((agent) => [agent, profile.agents[agent]?.model ?? 'none (template narrator)'] as const);
  const [first] = models;
  if (first && models.every(([, model]) => model === first[1])) return first[1];
  return models.map(([agent, model]) => `${agent}: ${model}`).join('; ');
}

/** The options as asked for, per agent where they differ; unset is "default". */
export function configurationLine(profile: Profile): string {
  const lines = agentsOf(profile).map((agent) => {
    const options = profile.agents[agent]?.options ?? {};
    return [
      agent,
      OPTION_NAMES.map(
        (name) => `${name} ${options[name] ?? (name === 'num_predict' ? `default (bounded to ${ANSWER_TOKENS})` : 'default')}`,
      ).join(', '),
    ] as const;
  });
  const [first] = lines;
  if (first && lines.every(([, line]) => line === first[1])) return first[1];
  return lines.map(([agent, line]) => `${agent}: ${line}`).join('; ');
}

/** Who spoke, and if not whom one asked for, why. */
export function narratorLine(profile: Profile, analyses: Analyses, missing: readonly { agent: string; reason: string }[]): Inline[] {
  const says = agentsOf(profile).map((agent): [string, Inline[]] => {
    const narrator = analyses[agent]?.narrator;
    const at = (field: string) => `agents.${agent}.narrator.${field}`;
    if (!narrator) return [agent, [record(missing.find((m) => m.agent === agent)?.reason ?? 'nothing came', 'missing')]];
    const reason = narrator.reason === null ? [] : [text(' ('), record(narrator.reason, at('reason')), text(')')];
    return [agent, [narrator.kind === 'model' ? code(narrator.model ?? '') : text('template'), ...reason]];
  });
  const [first] = says;
  const words = (line: readonly Inline[]) => line.map((inline) => inline.text).join('');
  if (first && says.every(([, line]) => words(line) === words(first[1]))) return first[1];
  return says.flatMap(([agent, line], i) => [text(`${i > 0 ? '; ' : ''}${agent}: `), ...line]);
}
