import {
  Arrangement,
  CAMPAIGN_FIELD_NAMES,
  CAMPAIGN_FIELDS,
  CAMPAIGN_PROFILE,
  type CampaignField,
  campaignMetric,
  type Group,
  Start,
} from '@chimera/shared/domain';

/** What is written where nothing told what was in force. */
export const NOT_TOLD = 'not told';

const TITLES = new Map<string, string>(CAMPAIGN_FIELD_NAMES.map((field) => [campaignMetric(field), CAMPAIGN_FIELDS[field].title]));

/** How a campaign calls a metric: `wall clock` for the execution time of a run. */
export function titleOf(metric: string): string {
  return TITLES.get(metric) ?? metric;
}

/** How a field is called. */
export function fieldTitle(field: CampaignField): string {
  return CAMPAIGN_FIELDS[field].title;
}

/** Whether a group is of the runs of a campaign, and not of the calls within them. */
export function isOfRuns({ labels, statistic, over }: Pick<Group, 'labels' | 'statistic' | 'over'>): boolean {
  const { arrangement, start } = labels;
  const told = labels[CAMPAIGN_PROFILE] !== undefined && Arrangement.safeParse(arrangement).success && Start.safeParse(start).success;
  return told && statistic === 'value' && (over === null || over === 'runs');
}

/** Whether a run's one agent keeps to its own duties, where the others of the campaign have those of both. */
export function keepsOwn({ duties }: Readonly<Record<string, string>>): boolean {
  return duties === 'own';
}

/** Whether two have the same to write; of one agent that keeps to its own duties, only another run of that agent has. */
export function haveSameDuties(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  return a.duties === b.duties && (!keepsOwn(a) || a.agents === b.agents);
}

/** Of which campaign a run is: its name, and over which artifacts it was made, as one text; empty where neither is told. */
export function campaignKey({ campaign, inventory }: Readonly<Record<string, string>>): string {
  return campaign === undefined && inventory === undefined ? '' : JSON.stringify([campaign ?? null, inventory ?? null]);
}

/** What is found of a run, not asked for, in the order in which it is named. */
const FOUND = ['context_in_force', 'layers_on_gpu'];

/** A cell in words: `profile a in parallel, warm (context_in_force 4096, layers_on_gpu 35)`. */
export function cellText(labels: Readonly<Record<string, string>>): string {
  const found = FOUND.flatMap((name) => {
    const value = labels[name];
    return value === undefined || value === NOT_TOLD ? [] : [`${name} ${value}`];
  });
  return `${shortText(labels)}${found.length === 0 ? '' : ` (${found.join(', ')})`}`;
}

/** The same without what was found: `profile a in parallel, warm`. */
export function shortText(labels: Readonly<Record<string, string>>): string {
  return `profile ${labels[CAMPAIGN_PROFILE] ?? ''} in ${labels.arrangement ?? ''}, ${labels.start ?? ''}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
