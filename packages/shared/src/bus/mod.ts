export { type Bus, type BusOptions, connectBus, OLDEST_NATS_SERVER, olderThan } from './connection.ts';
export type { ConsumerSpec } from './consumer.ts';
export type { Contract } from './contract.ts';
export {
  AnalysisCompleted,
  type AnalysisDone,
  type AnalysisRequest,
  AnalysisRequested,
  CONTRACTS,
  type DeadLetter,
  DeadLettered,
  InventoryPublished,
  type ReportNotice,
  ReportPublished,
  requestSubject,
} from './contracts.ts';
export { withoutPassword } from './dial.ts';
export type { Documents } from './documents.ts';
export { backoffMs, decide, OUTCOMES, type Outcome, Permanent, RetryLater } from './outcome.ts';
export { hearProgress, Progress, STAGES, tellProgress } from './progress.ts';
export { publish } from './publish.ts';
export { fromSubjectToken, subjectToken } from './subject.ts';
export { type Delivery, startWorker, type Worker, type WorkerOptions } from './worker.ts';
