export { type Clock, systemClock, within } from './clock.ts';
export { type BusOptions, connectBus, type NatsBus, OLDEST_NATS_SERVER, olderThan } from './connection.ts';
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
  READING_TOLD_SUBJECTS,
  type ReadingRequest,
  ReadingRequested,
  type ReportNotice,
  ReportPublished,
  readingId,
  readingToldSubject,
  requestSubject,
} from './contracts.ts';
export {
  dataOf,
  LetterFault,
  type LetterHead,
  letter,
  letterSequences,
  listLetters,
  NoDeadStream,
  openDeadBox,
  removeLetter,
  retryLetter,
} from './dead-box.ts';
export { type DialOptions, NatsRefusal, withoutPassword } from './dial.ts';
export { type Documents, documentsOf } from './documents.ts';
export { type GatedOptions, type Seat, startGatedWorker } from './gated-worker.ts';
export type { Delivery } from './handling.ts';
export type { KvBucket, KvEntry } from './kv.ts';
export { backoffMs, decide, OUTCOMES, type Outcome, Permanent, RetryLater } from './outcome.ts';
export type { Bus, Delivered, Outgoing, QueueState } from './port.ts';
export { hearProgress, PROGRESS_SUBJECTS, Progress, STAGES, tellProgress } from './progress.ts';
export { publish } from './publish.ts';
export { fromSubjectToken, subjectToken } from './subject.ts';
export { startWorker, type Worker, type WorkerOptions } from './worker.ts';
