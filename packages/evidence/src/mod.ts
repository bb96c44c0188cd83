export { type Series, SeriesGathering, seriesOf } from './artifact-series.ts';
export { LISTED_PATHS } from './counts.ts';
export { type Description, describe, type FactGroup } from './description.ts';
export { duplicateGroups, firstsOf } from './duplicates.ts';
export { computeEvidence, EmptyInventory, type EvidenceInput } from './evidence.ts';
export { CONVENTIONAL_FOLDERS, missingFolders } from './gaps.ts';
export {
  extremes,
  fewestSuccesses,
  firstTokenMedians,
  LEAST_FOR_P95,
  otherMedians,
  type Subject,
  spreads,
  throughputMedians,
} from './headlines.ts';
export { modificationFacts } from './modifications.ts';
export { inOneGo, type Steps } from './steps.ts';
