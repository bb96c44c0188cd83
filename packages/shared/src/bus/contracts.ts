import { z } from 'zod';
import { InventoryRef } from '../domain/inventory.ts';
import { AgentName } from '../domain/profile.ts';
import { Run } from '../domain/run.ts';
import { Instant, Sha256 } from '../domain/text.ts';
import { contentHash } from '../store/content-hash.ts';
import { Traceparent } from '../trace/traceparent.ts';
import { contract } from './contract.ts';
import { subjectToken } from './subject.ts';

/** ingest → collector, insight, reporter: a dataset has a new current inventory. */
export const InventoryPublished = contract<InventoryRef>({
  name: 'inventory.published',
  version: 1,
  stream: 'chimera_events',
  subject: (m) => `chimera.inventory.v1.published.${subjectToken(m.dataset)}`,
  subjects: 'chimera.inventory.v1.published.*',
  schema: InventoryRef,
  id: (m) => `inventory:${m.inventory}:${m.generation}`,
});

const AnalysisRequest = z.object({
  run: Run,
  agent: AgentName,
  inventory: InventoryRef,
  /** which asking it is, where the queue had lost the one before: a repetition is dropped, and this is none */
  attempt: z.int().nonnegative().optional(),
});
export type AnalysisRequest = z.infer<typeof AnalysisRequest>;

/** The subject of one agent's work for one model; null stands for the template narrator. */
export function requestSubject(agent: string, model: string | null): string {
  return `chimera.analysis.v1.requested.${agent}.${model === null ? '=00' : subjectToken(model)}`;
}

/** planner of an agent → its workers. */
export const AnalysisRequested = contract<AnalysisRequest>({
  name: 'analysis.requested',
  version: 1,
  stream: 'chimera_work',
  subject: (m) => requestSubject(m.agent, m.run.profile.agents[m.agent]?.model ?? null),
  subjects: 'chimera.analysis.v1.requested.*.*',
  schema: AnalysisRequest,
  id: (m) => `request:${m.run.id}:${m.agent}:${m.inventory.generation}${m.attempt === undefined ? '' : `:${m.attempt}`}`,
});

const AnalysisDone = z.object({ run: Run, agent: AgentName, inventory: InventoryRef, analysis: Sha256 });
export type AnalysisDone = z.infer<typeof AnalysisDone>;

/** collector, insight → reporter. */
export const AnalysisCompleted = contract<AnalysisDone>({
  name: 'analysis.completed',
  version: 1,
  stream: 'chimera_events',
  subject: (m) => `chimera.analysis.v1.completed.${m.agent}`,
  subjects: 'chimera.analysis.v1.completed.*',
  schema: AnalysisDone,
  id: (m) => `analysis:${m.run.id}:${m.agent}:${m.analysis}`,
});

const ReportNotice = z.object({
  dataset: z.string(),
  inventory: Sha256,
  run: Sha256,
  revision: z.int().positive(),
  status: z.enum(['current', 'superseded']),
  report: Sha256,
  folder: z.string(),
});
export type ReportNotice = z.infer<typeof ReportNotice>;

/** reporter → page, command line, notifications. */
export const ReportPublished = contract<ReportNotice>({
  name: 'report.published',
  version: 1,
  stream: 'chimera_events',
  subject: (m) => `chimera.report.v1.published.${subjectToken(m.dataset)}`,
  subjects: 'chimera.report.v1.published.*',
  schema: ReportNotice,
  id: (m) => `report:${m.run}:${m.revision}:${m.status}:${m.report}`,
});

const ReadingRequest = z.object({
  /** as whoever asks is configured: a folder, or a place in S3 */
  bucket: z.string(),
  /** within the bucket */
  path: z.string().min(1),
  /** the file as it was scanned: only that one is to be read */
  bytes: z.int().nonnegative(),
  modifiedMs: z.number(),
  changedMs: z.number(),
  inode: z.number(),
  entityTag: z.string().optional(),
  /** all limits of reading by name */
  limits: z.record(z.string(), z.number()),
  readerVersion: z.int().positive(),
  /** which asking it is, where one of the same file was answered before: a repetition is dropped, and this is none */
  attempt: z.string().optional(),
});
export type ReadingRequest = z.infer<typeof ReadingRequest>;

/** What is asked for, whoever asks and however often: one file as it was scanned, by one version under one set of limits. */
export function readingId({ attempt: _, ...request }: ReadingRequest): string {
  return contentHash(request).slice(0, 32);
}

/** ingest → whichever ingest process is free: read a large artifact. */
export const ReadingRequested = contract<ReadingRequest>({
  name: 'reading.requested',
  version: 1,
  stream: 'chimera_work',
  subject: (m) => `chimera.reading.v1.requested.${readingId(m)}`,
  subjects: 'chimera.reading.v1.requested.*',
  schema: ReadingRequest,
  id: (m) => `reading:${readingId(m)}${m.attempt === undefined ? '' : `:${m.attempt}`}`,
});

/** Plain messages to whoever asked: of which request, and the blob of what was read, or a word instead. They may be lost. */
export const READING_TOLD_SUBJECTS = 'chimera.reading.v1.told.*.*';
export const readingToldSubject = (id: string, word: string) => `chimera.reading.v1.told.${id}.${word}`;

const DeadLetter = z.object({
  stream: z.string(),
  subject: z.string(),
  sequence: z.int(),
  durable: z.string(),
  attempts: z.int().positive(),
  reason: z.string(),
  messageId: z.string().nullable(),
  /** of the message, so that one that is sent again stays in its trace */
  traceparent: Traceparent,
  /** the message's bytes in base64: it may not be text; of a very large one, the beginning */
  data: z.string(),
  at: Instant,
});
export type DeadLetter = z.infer<typeof DeadLetter>;

/** Whoever gives a message up → the dead letters. */
export const DeadLettered = contract<DeadLetter>({
  name: 'message.dead',
  version: 1,
  stream: 'chimera_dead',
  subject: (m) => `chimera.dead.v1.${subjectToken(m.stream)}`,
  subjects: 'chimera.dead.v1.*',
  schema: DeadLetter,
  id: (m) => `dead:${m.stream}:${m.sequence}:${m.durable}:${contentHash(m.data).slice(0, 16)}`,
});

/** All messages that streams keep: streams.ts takes its subjects from here. */
export const CONTRACTS = [
  InventoryPublished,
  AnalysisRequested,
  ReadingRequested,
  AnalysisCompleted,
  ReportPublished,
  DeadLettered,
] as const;
