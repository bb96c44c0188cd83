import {
  ARRANGEMENTS,
  type Arrangement,
  byCodeUnit,
  CAMPAIGN_FIELD_NAMES,
  CAMPAIGN_FIELDS,
  CAMPAIGN_PROFILE,
  type CampaignField,
  type CampaignRun,
  campaignMetric,
  canonicalValue,
  isCanonical,
  STARTS,
  type Start,
} from '@chimera/shared/domain';
import { labelsJson } from '@chimera/shared/store';
import { quantileOfSorted } from '@chimera/statistics';
import { configurationOf } from '../configuration.ts';

/**
 * The measured runs of one profile in one arrangement and start, under one set of labels: where what was found differs between runs
 * of a profile (context in force, server, …), each has a cell of its own. `values` are in the units of CAMPAIGN_FIELDS, one for each
 * run that has the field, in any order. `looks`: how often the results are looked at, 1 where runs were added after no look.
 */
export type CampaignCell = {
  profile: string;
  arrangement: Arrangement;
  start: Start;
  labels: Readonly<Record<string, string>>;
  looks: number;
  values: Readonly<Partial<Record<CampaignField, readonly number[]>>>;
};

/** The cells of a campaign's runs, as the evidence of its results has them: excluded runs count nowhere. In the order of cells. */
export function cellsOfRuns(runs: readonly CampaignRun[]): CampaignCell[] {
  const found = new Map<string, CampaignCell & { values: Partial<Record<CampaignField, number[]>> }>();
  for (const run of runs) {
    if (run.outcome !== 'measured') continue;
    const { profile, arrangement, start } = run;
    const { labels } = configurationOf({ ...run.labels, [CAMPAIGN_PROFILE]: profile, arrangement, start }, {});
    const key = labelsJson(labels);
    const cell = found.get(key) ?? { profile, arrangement, start, labels, looks: 1, values: {} };
    found.set(key, cell);
    for (const field of CAMPAIGN_FIELD_NAMES) {
      const value = measuredValue(run, field);
      if (value === null) continue;
      cell.values[field] = [...(cell.values[field] ?? []), value];
    }
  }
  const cells = [...found.values()].map((cell) => ({ ...cell, looks: looksOf(cell) }));
  return inOrder(cells.filter((cell) => runsOf(cell) > 0));
}

/** A campaign looks a handful of times; a file may state anything. */
const MOST_LOOKS = 1_000;

/** How often the results are looked at, this time included, when the last run of a cell was added. */
export function looksOf({ values }: Pick<CampaignCell, 'values'>): number {
  const last = (values.look ?? []).reduce((most, look) => Math.max(most, look), 0);
  return 1 + Math.min(MOST_LOOKS, Math.ceil(last));
}

/** A wall clock of zero is none: what took no time was not measured. */
function timed(field: CampaignField, value: number | null): number | null {
  return field === 'wall_clock' && value === 0 ? null : value;
}

function measuredValue({ measured }: CampaignRun, field: CampaignField): number | null {
  const there = measured[field];
  if (there === undefined || !Number.isFinite(there.value) || there.value < 0) return null;
  const metric = campaignMetric(field);
  if (isCanonical(metric)) return timed(field, canonicalValue(metric, there.value, there.unit));
  return there.unit === CAMPAIGN_FIELDS[field].unit ? there.value : null;
}

/** Cells by profile, arrangement, start and labels: the same order whatever the order of the runs. */
export function inOrder<C extends CampaignCell>(cells: readonly C[]): C[] {
  return [...cells].sort(
    (a, b) =>
      byCodeUnit(a.profile, b.profile) ||
      ARRANGEMENTS.indexOf(a.arrangement) - ARRANGEMENTS.indexOf(b.arrangement) ||
      STARTS.indexOf(a.start) - STARTS.indexOf(b.start) ||
      byCodeUnit(labelsJson(a.labels), labelsJson(b.labels)),
  );
}

/** How many runs a cell has. */
export function runsOf({ values }: Pick<CampaignCell, 'values'>): number {
  return values.wall_clock?.length ?? 0;
}

/** The values of a field, ascending; none where no run has it. */
export function sorted({ values }: Pick<CampaignCell, 'values'>, field: CampaignField): Float64Array {
  return Float64Array.from(values[field] ?? []).sort();
}

/** The median of a field, in its unit; null where no run has it. */
export function medianOf(cell: Pick<CampaignCell, 'values'>, field: CampaignField): number | null {
  const values = sorted(cell, field);
  return values.length === 0 ? null : quantileOfSorted(values, 0.5);
}
