export { makeRun, type RunMeans } from './arrangement.ts';
export { type Asking, askedServers } from './asked-servers.ts';
export { callRowsOf } from './call-rows.ts';
export { CampaignFault, type CampaignFile, type CampaignProfile, parseCampaign } from './campaign-file.ts';
export { type Cell, cellKey, cellsOf } from './cell.ts';
export { type Decision, decide, type GrownPlan, grownPlan } from './decisions.ts';
export { type DueRun, dueRuns } from './due.ts';
export { entryOf, type JournalEntry, knownDigests, type Tried } from './entry.ts';
export { digestsOf, type Exclusion, exclusionOf } from './exclusion.ts';
export { sameServer, serversFault } from './file-checks.ts';
export { foreignTry } from './foreign-try.ts';
export { type Journal, JournalFault, openJournal } from './journal.ts';
export { measuredOf } from './measured.ts';
export type { RunOutcome } from './outcome.ts';
export { MOST_LOOKS, moreRuns, type PlannedRun, planOf } from './plan.ts';
export { resultFiles } from './results.ts';
export {
  type CampaignEnd,
  type CampaignParts,
  type CampaignProgress,
  runCampaign,
  type Standing,
} from './run-campaign.ts';
export { labelsOf } from './run-labels.ts';
export { secondsLeft } from './time-left.ts';
export { createWarmUp, NotReady, type WarmUp } from './warm-up.ts';
