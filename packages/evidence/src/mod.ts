export { type Series, SeriesGathering, seriesOf } from './artifact-series.ts';
export { type CampaignView, campaignOf, campaignsOf, isCampaign, type MeasuredCell } from './campaign/campaign-of.ts';
export { type CampaignCell, cellsOfRuns } from './campaign/cells.ts';
export type { Compared as CampaignComparison } from './campaign/compared.ts';
export { MOST_NEEDED } from './campaign/decision.ts';
export { type CampaignVerdicts, judgeCampaign, type Undecided } from './campaign/judge-campaign.ts';
export type { Recommendation } from './campaign/recommended.ts';
export type { SettingEffect } from './campaign/settings.ts';
export type { SpeedUp, Untold } from './campaign/speed-ups.ts';
export { changeFacts } from './change-facts.ts';
export {
  type Change,
  type Changes,
  type ConfigurationName,
  changesBetween,
  changesIn,
  hasRegression,
  type Side,
} from './changes.ts';
export { clockFacts, type StatedTime } from './clocks.ts';
export { VERDICT_FORMULA } from './comparisons.ts';
export { Copies } from './copies.ts';
export { LISTED_PATHS } from './counts.ts';
export { type Description, describe } from './description.ts';
export { type Digest, MOST_KEPT } from './digest.ts';
export { duplicateGroups, firstsOf } from './duplicates.ts';
export { computeEvidence, EmptyInventory, type EvidenceInput } from './evidence.ts';
export { EvidenceMemory } from './evidence-memory.ts';
export { CONVENTIONAL_FOLDERS, missingFolders } from './gaps.ts';
export { GATHERING_VERSION } from './gathering-version.ts';
export { configurationText, LEAST_FOR_P95 } from './group-facts.ts';
export { HEADLINE_METRICS } from './headline-metrics.ts';
export {
  extremes,
  fewestSuccesses,
  firstTokenMedians,
  otherMedians,
  type Subject,
  spreads,
  statedMiddles,
  throughputMedians,
} from './headlines.ts';
export { arrivalsSince } from './history/arrivals.ts';
export { type Carriers, carriersIn } from './history/carriers.ts';
export { type HistoryChange, historyIn, historyOf, historyOfSeries, type SeriesHistory, type VersionChange } from './history/history.ts';
export { HistoryBook, type Recorded } from './history/history-book.ts';
export { historyChangeClaim, historySeriesClaim, historySeriesName, momentText, type Presence } from './history/history-claims.ts';
export { historyCommandLine } from './history/history-command-line.ts';
export { historyFacts } from './history/history-facts.ts';
export {
  beginningOf,
  isHeld,
  levelChanges,
  presentChanges,
  statedStatistic,
  steadyLevels,
  type ToldChange,
} from './history/history-outlook.ts';
export { type HistoryLevel, levelsOf } from './history/levels.ts';
export type { HistoryPoint, HistorySeries, Moment, Snapshot } from './history/snapshot.ts';
export { type Latest, latestAmong, latestFacts, latestOf, modificationFacts } from './modifications.ts';
export { type Candidate, type Choice, candidatesOf, changed, choices, chosenLabels, coldStarts, isByLoad, isInOneFile } from './outlook.ts';
export { SampleGathering, type SampleSet, samplesOf } from './samples.ts';
export { SortedBlocks } from './sorted-blocks.ts';
export { differenceOf } from './sorted-list.ts';
export { inOneGo, type Steps } from './steps.ts';
export type { Spill } from './stream/spill.ts';
export { STREAM_SIZES, StreamGathering, type StreamSizes } from './stream/stream-gathering.ts';
export { CHANGES_WITH } from './studies.ts';
export { withoutUnchanged } from './unchanged.ts';
export { type Judged, judge, LEAST_RUNS, NOISE_FLOOR, type Pair } from './verdict.ts';
export { workLabels } from './work-labels.ts';
