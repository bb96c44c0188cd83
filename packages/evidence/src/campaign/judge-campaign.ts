import { inOneGo, type Steps } from '../steps.ts';
import { type CampaignCell, inOrder, runsOf } from './cells.ts';
import type { Compared } from './compared.ts';
import { placesOf } from './partners.ts';
import { profileComparisonsOf } from './profiles.ts';
import { type Recommendation, recommendationOf } from './recommended.ts';
import { type SettingEffect, settingEffectsOf } from './settings.ts';
import { type SpeedUp, speedUpsOf, type Untold } from './speed-ups.ts';
import { haveSameDuties } from './words.ts';

/** All that is judged of a campaign's results. */
export type CampaignVerdicts<C extends CampaignCell = CampaignCell> = {
  speedUps: readonly SpeedUp<C>[];
  /** each profile against the recommended one */
  comparisons: readonly Compared<C>[];
  /** settings without effect */
  settings: readonly SettingEffect<C>[];
  recommended: Recommendation<C> | null;
  /** what cannot be told for want of something to compare with */
  untold: readonly Untold<C>[];
  undecided: readonly Undecided<C>[];
  /** whether no comparison needs more runs; what cannot be told, or is compared with nothing, needs none */
  decided: boolean;
};

/**
 * A comparison that more runs may decide: of both cells about `needed` more each (`beyond`: more than that many). `name` tells it
 * from the others, in words: `parallel against serial for profile a, warm`. Where the runs of a profile, arrangement and start found
 * several settings in force, only the cell with the most runs is asked for more: a new run finds what it finds.
 */
export type Undecided<C> = { kind: 'speed-up' | 'profile'; name: string; of: C; to: C; needed: number; beyond: boolean };

/**
 * Judges the results of one campaign. A comparison is by its wall clock decided or not (`decisionOf` says how); p-values count as
 * often as the results were looked at. Depends on the values alone: not on the order of cells, of runs, nor on time.
 */
export function judgeCampaign<C extends CampaignCell>(given: readonly C[]): CampaignVerdicts<C> {
  return inOneGo(judgingCampaign(given));
}

/** The same in steps: a file may hold thousands of cells. */
export function* judgingCampaign<C extends CampaignCell>(given: readonly C[]): Steps<CampaignVerdicts<C>> {
  const cells = inOrder(given).filter((cell) => runsOf(cell) > 0);
  const recommended = recommendationOf(cells);
  const { speedUps, untold } = yield* speedUpsOf(cells);
  const profiles = yield* profileComparisonsOf(cells, recommended?.cell.profile ?? '');
  const main = mainOf(cells);
  const open = ({ of, to, decided }: Compared<C>) => !decided && main.has(of) && main.has(to);
  const undecided = [
    ...speedUps.filter(open).map((one) => undecidedOf('speed-up', one)),
    // Of those that have other things to write no number of runs tells which is better.
    ...profiles.comparisons
      .filter((one) => open(one) && haveSameDuties(one.of.labels, one.to.labels))
      .map((one) => undecidedOf('profile', one)),
  ];
  return {
    speedUps,
    comparisons: profiles.comparisons,
    settings: yield* settingEffectsOf(cells),
    recommended,
    untold: [...untold, ...profiles.untold],
    undecided,
    decided: undecided.length === 0,
  };
}

/** Of the cells of one profile, arrangement and start the one with the most runs: of any other nobody can ask for more runs. */
function mainOf<C extends CampaignCell>(cells: readonly C[]): ReadonlySet<C> {
  const places = placesOf(cells);
  return new Set(cells.flatMap((cell) => [...places(cell)].sort((a, b) => runsOf(b) - runsOf(a)).slice(0, 1)));
}

function undecidedOf<C extends CampaignCell>(kind: Undecided<C>['kind'], { of, to, needed, beyond }: Compared<C>): Undecided<C> {
  const name =
    kind === 'speed-up'
      ? `${of.arrangement} against ${to.arrangement} for profile ${of.profile}, ${of.start}`
      : `profile ${of.profile} against ${to.profile} in ${of.arrangement}, ${of.start}`;
  return { kind, name, of, to, needed, beyond };
}
