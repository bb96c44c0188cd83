import type { Fact } from '@chimera/shared/domain';
import type { Steps } from '../steps.ts';
import type { EvidencedCell } from './evidenced-cells.ts';
import { judgingCampaign } from './judge-campaign.ts';
import { neededFact, untoldFact } from './needed-facts.ts';
import { profileFacts } from './profile-facts.ts';
import { recommendedFact } from './recommended-fact.ts';
import { settingFact } from './setting-facts.ts';
import { speedUpFact } from './speed-up-facts.ts';

/** What is said of the results of one campaign beside those of each cell, whose facts are the groups'. */
export function* campaignFacts(cells: readonly EvidencedCell[]): Steps<Fact[]> {
  const { speedUps, comparisons, settings, recommended, untold, undecided } = yield* judgingCampaign(cells);
  return [
    ...(recommended === null ? [] : [recommendedFact(recommended)]),
    ...speedUps.map(speedUpFact),
    ...comparisons.flatMap(profileFacts),
    ...settings.map(settingFact),
    ...undecided.map(neededFact),
    ...untold.map(untoldFact),
  ];
}
