import { plannerConsumer, SERVERS_BUCKET, SLOT_SUBJECTS, SLOTS_BUCKET, workerConsumer } from '@chimera/agent';
import { READER_CONSUMER } from '@chimera/ingest';
import { REPORTER_CONSUMERS, REPORTS_BUCKET } from '@chimera/reporter';
import { type Grant, kvStream, objectStream, type Role } from '@chimera/shared/access';
import {
  AnalysisCompleted,
  CONTRACTS,
  DeadLettered,
  InventoryPublished,
  PROGRESS_SUBJECTS,
  READING_TOLD_SUBJECTS,
  ReadingRequested,
  ReportPublished,
  requestSubject,
  subjectToken,
} from '@chimera/shared/bus';
import { AGENT_NAMES, type AgentName } from '@chimera/shared/domain';
import { BLOBS_BUCKET, CURRENT_BUCKET, JOINS_BUCKET, LEASES_BUCKET } from '@chimera/shared/store';

/** What a grant depends on beside the role. */
export type Particulars = {
  /** the models whose work an agent may ask for and take; that of the template narrator it always may */
  models: readonly string[];
  /** the subjects on which somebody tells of changes in a bucket in S3 */
  bucketEvents: string;
};

/** All streams that there are, by the contracts' table, and the streams in which KV buckets and blobs lie. */
const STREAMS = [...new Set(CONTRACTS.map(({ stream }) => stream))];
export const BUCKETS = [CURRENT_BUCKET, JOINS_BUCKET, LEASES_BUCKET, REPORTS_BUCKET, SERVERS_BUCKET, SLOTS_BUCKET];
export const ALL_STREAMS = [...STREAMS, ...BUCKETS.map(kvStream), objectStream(BLOBS_BUCKET)];

const NOTHING: Grant = {
  publishes: [],
  consumes: [],
  writes: [],
  reads: [],
  hears: [],
  tells: [],
  sees: [],
  makes: [],
  administers: [],
  objects: [],
};

/** The letters of those who give a message of these streams up. */
const lettersOf = (...streams: string[]) => streams.map((stream) => DeadLettered.subjects.replace('*', subjectToken(stream)));

/**
 * What each role may do over NATS. Whatever is not here is refused by the server. Streams, buckets and the object store are made by
 * ingest alone, because it holds the truth from which all else comes back: a right to make streams is a right to read any of them.
 */
export function grantOf(role: Role, { models, bucketEvents }: Particulars): Grant {
  switch (role) {
    case 'ingest':
      return {
        ...NOTHING,
        publishes: [InventoryPublished.subjects, ReadingRequested.subjects, ...lettersOf(READER_CONSUMER.stream)],
        consumes: [READER_CONSUMER],
        writes: [CURRENT_BUCKET, LEASES_BUCKET],
        hears: [bucketEvents, READING_TOLD_SUBJECTS],
        tells: [PROGRESS_SUBJECTS, READING_TOLD_SUBJECTS],
        sees: STREAMS,
        makes: ALL_STREAMS,
        objects: [BLOBS_BUCKET],
      };
    case 'collector':
    case 'insight':
      return agentGrant(role, [null, ...models]);
    case 'reporter':
      return {
        ...NOTHING,
        publishes: [ReportPublished.subjects, ...lettersOf(...REPORTER_CONSUMERS.map(({ stream }) => stream))],
        consumes: REPORTER_CONSUMERS,
        writes: [JOINS_BUCKET, REPORTS_BUCKET],
        reads: [CURRENT_BUCKET],
        tells: [PROGRESS_SUBJECTS],
        sees: STREAMS,
        objects: [BLOBS_BUCKET],
      };
    case 'admin':
      return {
        ...NOTHING,
        publishes: CONTRACTS.map(({ subjects }) => subjects),
        writes: BUCKETS,
        hears: [...CONTRACTS.map(({ subjects }) => subjects), PROGRESS_SUBJECTS, ...Object.values(SLOT_SUBJECTS), bucketEvents],
        tells: [bucketEvents],
        sees: STREAMS,
        makes: ALL_STREAMS,
        administers: ALL_STREAMS,
        objects: [BLOBS_BUCKET],
      };
    case 'notifier':
      return { ...NOTHING, tells: [bucketEvents] };
  }
}

function agentGrant(agent: AgentName, models: readonly (string | null)[]): Grant {
  const planner = plannerConsumer(agent);
  const workers = models.map((model) => workerConsumer(agent, model));
  return {
    ...NOTHING,
    publishes: [
      ...models.map((model) => requestSubject(agent, model)),
      AnalysisCompleted.subjects.replace('*', subjectToken(agent)),
      ...lettersOf(planner.stream, ...workers.map(({ stream }) => stream)),
    ],
    consumes: [planner, ...workers],
    writes: [JOINS_BUCKET, SERVERS_BUCKET, SLOTS_BUCKET],
    reads: [CURRENT_BUCKET],
    hears: [InventoryPublished.subjects, requestSubject(agent, 'x').replace(/[^.]+$/, '*'), ...Object.values(SLOT_SUBJECTS)],
    tells: [PROGRESS_SUBJECTS, ...Object.values(SLOT_SUBJECTS)],
    sees: STREAMS,
    objects: [BLOBS_BUCKET],
  };
}

/** True for those who take work by model. */
export const isAgent = (role: Role): role is AgentName => (AGENT_NAMES as readonly string[]).includes(role);
