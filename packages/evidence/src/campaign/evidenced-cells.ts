import {
  Arrangement,
  byCodeUnit,
  CAMPAIGN_FIELD_NAMES,
  CAMPAIGN_PROFILE,
  type CampaignField,
  campaignMetric,
  Start,
} from '@chimera/shared/domain';
import { labelsJson } from '@chimera/shared/store';
import type { SampledGroup } from '../groups.ts';
import { type CampaignCell, inOrder, looksOf, runsOf } from './cells.ts';
import { campaignKey, isOfRuns } from './words.ts';

/** A cell with the groups that it is made of, by field, and the file that holds its runs. */
export type EvidencedCell = CampaignCell & { scope: string; groups: ReadonlyMap<CampaignField, SampledGroup> };

const FIELDS = new Map(CAMPAIGN_FIELD_NAMES.map((field) => [campaignMetric(field), field]));

/**
 * The cells of each campaign, by the file, or pattern of files, that holds it, and its name and artifacts: of several in one place each
 * is judged by itself. A file in which no run has a wall clock holds none.
 */
export function evidencedCells(groups: readonly SampledGroup[]): [key: string, cells: EvidencedCell[]][] {
  const own = groups.filter(({ group }) => isOfRuns(group));
  const byCampaign = Map.groupBy(own, ({ group }) => keyOf(group.pattern, group.labels));
  return [...byCampaign]
    .map(([key, found]): [string, EvidencedCell[]] => [key, inOneScope(found[0]?.group.pattern ?? '', cellsIn(found))])
    .filter(([, cells]) => cells.length > 0)
    .sort(([a], [b]) => byCodeUnit(a, b));
}

function keyOf(pattern: string, labels: Readonly<Record<string, string>>): string {
  const campaign = campaignKey(labels);
  return campaign === '' ? pattern : `${pattern}\0${campaign}`;
}

function cellsIn(groups: readonly SampledGroup[]): EvidencedCell[] {
  const byLabels = Map.groupBy(groups, ({ group }) => labelsJson(group.labels));
  return inOrder([...byLabels.values()].flatMap((own) => cellOf(own) ?? []));
}

/** Of several files that number repeats some cells may lie in one alone: all are of the campaign that they are together. */
function inOneScope(pattern: string, cells: readonly EvidencedCell[]): EvidencedCell[] {
  const scopes = new Set(cells.map(({ scope }) => scope));
  return scopes.size < 2 ? [...cells] : cells.map((cell) => ({ ...cell, scope: pattern }));
}

function cellOf(own: readonly SampledGroup[]): EvidencedCell | null {
  const { labels = {} } = own[0]?.group ?? {};
  const [profile, arrangement, start] = [
    labels[CAMPAIGN_PROFILE],
    Arrangement.safeParse(labels.arrangement),
    Start.safeParse(labels.start),
  ];
  if (profile === undefined || !arrangement.success || !start.success) return null;
  const groups = new Map<CampaignField, SampledGroup>();
  const values: Partial<Record<CampaignField, readonly number[]>> = {};
  for (const one of own) {
    const field = FIELDS.get(one.group.metric);
    if (field === undefined) continue;
    groups.set(field, one);
    // A wall clock of zero is none: what took no time was not measured.
    values[field] = field === 'wall_clock' ? one.group.runs.filter((value) => value > 0) : one.group.runs;
  }
  const scope = groups.get('wall_clock')?.group.scope ?? '';
  const cell = { profile, arrangement: arrangement.data, start: start.data, labels, looks: looksOf({ values }), values, scope, groups };
  return runsOf(cell) === 0 ? null : cell;
}
