export { Analysis, Call, GpuUse, ModelFound, Narrator, Section, Sentence, SentenceKind, Slots } from './analysis.ts';
export { ARTIFACT_KINDS, Artifact, ArtifactKind, FailedRecord } from './artifact.ts';
export {
  ARRANGEMENTS,
  Arrangement,
  CAMPAIGN_FIELD_NAMES,
  CAMPAIGN_FIELDS,
  CAMPAIGN_PROFILE,
  CAMPAIGN_RUN_SCHEMA,
  type CampaignField,
  CampaignRun,
  campaignMetric,
  ownCampaignUnit,
  STARTS,
  Start,
} from './campaign.ts';
export {
  CAMPAIGN_CALL_COLUMNS,
  CAMPAIGN_CALL_UNITS,
  type CampaignCall,
  type CampaignCallColumn,
  campaignCallMetric,
  isCampaignCallMetric,
} from './campaign-call.ts';
export { Comparison, DATASET_SCOPE, FACT_KINDS, Fact, FactKind, LevelChange, Source, VERDICTS, type Verdict } from './fact.ts';
export { type FactIndex, indexFacts } from './fact-index.ts';
export { Group, MOST_RUNS } from './group.ts';
export { Arrival, HISTORY_SCHEMA, HistoryEntry, MOST_ARRIVAL_SOURCES } from './history.ts';
export { BaselineRef, EVIDENCE_SCHEMA, Evidence, InventoryRef, OBSERVATIONS_SCHEMA, Observations } from './inventory.ts';
export { canonicalLabel, isPooled, isRowNumber, isSetting, LABELS, type LabelName, SETTING_NAMES } from './label.ts';
export { type Measurement, OVERS, type Over, type Reading } from './measurement.ts';
export {
  type CanonicalMetric,
  canonicalValue,
  type Direction,
  isCanonical,
  METRICS,
  type MetricDefinition,
  unitOfMetric,
} from './metric.ts';
export type { NumberColumn, NumberSink, StreamedReading } from './number-sink.ts';
export { printableJson } from './printable.ts';
export {
  AGENT_NAMES,
  AgentName,
  AgentProfile,
  ANSWER_TOKENS,
  agentsOf,
  defaultProfile,
  ModelOptions,
  OPTION_NAMES,
  Profile,
} from './profile.ts';
export { AgentRecord, Block, Inline, NodeUse, REPORT_SCHEMA, Report, ReportAccount, RunRecord } from './report.ts';
export { Run } from './run.ts';
export { byCodeUnit, counted, Instant, OUTPUT_MARKER, Sha256, shortId } from './text.ts';
export { UNITS, type UnitDefinition, type UnitDimension, type UnitName, unitNamed } from './unit.ts';
export { instantText, numberText, valueText } from './value-text.ts';
