import { type CampaignView, campaignsOf, type Subject } from '@chimera/evidence';
import { byCodeUnit, CAMPAIGN_PROFILE, type Fact } from '@chimera/shared/domain';
import { byPlace, type Cell, cellsOf, isOfCell, placeOf } from './campaign-cells.ts';

/** What the facts of one campaign say, the most telling of each sort first. */
export type CampaignFacts = {
  /** the file, or pattern of files, that holds it */
  scope: string;
  recommended: Fact | null;
  /** arrangements against `serial`: what is shown before what is not, of that the recommended profile's first */
  speedUps: readonly Fact[];
  /** other profiles against the recommended one, row by row */
  comparisons: readonly Fact[];
  /** settings without effect, and those of which it cannot be said because nothing tells what was in force */
  settings: readonly Fact[];
  unknownSettings: readonly Fact[];
  /** comparisons that need more runs, of warm starts and the recommended profile first; and what has nothing to be compared with */
  needed: readonly Fact[];
  untold: readonly Fact[];
  cells: readonly Cell[];
};

const known = new WeakMap<Subject, CampaignFacts[]>();

/** The campaigns of a dataset, the one with the most cells first; none where it holds none. Read once for each index of facts. */
export function campaignsIn(facts: Subject): readonly CampaignFacts[] {
  const found = known.get(facts) ?? campaignsOf(facts).map(newCampaign);
  known.set(facts, found);
  return found;
}

function newCampaign({ scope, recommended, speedUps, comparisons, settings, needed, untold, cells }: CampaignView): CampaignFacts {
  const own = recommended?.labels[CAMPAIGN_PROFILE];
  const isOther = ({ labels }: Fact) => Number(own === undefined || labels[CAMPAIGN_PROFILE] !== own);
  const isUnknown = ({ statistic }: Fact) => statistic.endsWith(NOT_TOLD);
  const byRow = (a: Fact, b: Fact) => byPlace(placeOf(a), placeOf(b));
  return {
    ...{ scope, recommended, comparisons: [...comparisons].sort(byRow), cells: cellsOf(cells) },
    untold: untold.filter((fact) => !isOfOneAgent(fact, cells)).sort(byRow),
    speedUps: [...speedUps].sort(
      (a, b) => unshown(a) - unshown(b) || isOther(a) - isOther(b) || isCold(a) - isCold(b) || distance(b) - distance(a) || byId(a, b),
    ),
    settings: settings.filter((fact) => !isUnknown(fact)),
    unknownSettings: settings.filter(isUnknown),
    needed: [...needed].sort((a, b) => isCold(a) - isCold(b) || isOther(a) - isOther(b) || Number(a.value) - Number(b.value) || byId(a, b)),
  };
}

/** Whether a fact misses `serial` of a profile that has one agent: nobody asked for what it cannot have. */
function isOfOneAgent({ statistic, labels }: Fact, cells: CampaignView['cells']): boolean {
  const own = cells.filter((cell) => cell.labels[CAMPAIGN_PROFILE] === labels[CAMPAIGN_PROFILE]);
  return statistic === 'alone against serial' && own.every((cell) => !cell.labels.agents?.includes(', '));
}

const NOT_TOLD = ', not told';

/** The name of a setting of which its fact speaks. */
export function settingOf({ statistic }: Fact): string {
  return statistic.endsWith(NOT_TOLD) ? statistic.slice(0, -NOT_TOLD.length) : statistic;
}

/** What a setting was set to, where nothing else was. */
export function settingValues(fact: Fact, cells: readonly Cell[]): string[] {
  const setting = settingOf(fact);
  const values = new Set(cells.filter((cell) => isOfCell(fact, cell)).flatMap(({ labels }) => labels[setting] ?? []));
  return [...values].sort((a, b) => Number(a) - Number(b) || byCodeUnit(a, b));
}

/** Whether a comparison shows a difference: 0 where it does, 1 where it shows none, 2 where it cannot be told. */
export function unshown({ comparison }: Fact): number {
  if (comparison?.verdict === 'better' || comparison?.verdict === 'worse') return 0;
  return comparison?.verdict === 'no difference shown' ? 1 : 2;
}

function isCold({ labels }: Fact): number {
  return Number(labels.start === 'cold');
}

function distance({ value }: Fact): number {
  return Number(value) > 0 ? Math.abs(Math.log(Number(value))) : 0;
}

function byId(a: Fact, b: Fact): number {
  return byCodeUnit(a.id, b.id);
}
