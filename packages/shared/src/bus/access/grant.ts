import type { ConsumerSpec } from '../consumer.ts';
import * as api from './subjects.ts';

/** What one role does over NATS, in the words of the system; `permissionsOf` says it in the server's. */
export type Grant = {
  /** subjects of messages that it puts into streams */
  publishes: readonly string[];
  /** durables that are its own: it makes them, pulls from them, and answers */
  consumes: readonly Pick<ConsumerSpec, 'stream' | 'durable' | 'filter'>[];
  /** KV buckets that it reads and writes, and those that it only reads */
  writes: readonly string[];
  reads: readonly string[];
  /** subjects of plain messages and of messages as they are stored, that it hears and tells */
  hears: readonly string[];
  tells: readonly string[];
  /** streams that it may ask about: whether they are there, and what they hold by subject */
  sees: readonly string[];
  /** streams, those of buckets and object stores included, that it makes where they are gone, and mends */
  makes: readonly string[];
  /** streams that it may empty, thin out and remove, and whose consumers it may look at and remove */
  administers: readonly string[];
  /** object stores that it puts into and takes from */
  objects: readonly string[];
};

/** Subjects that a user may publish to and subscribe to. All others are refused. */
export type Permissions = { publish: string[]; subscribe: string[] };

/** A grant as the server judges it: the subjects of a user, sorted, each once. */
export function permissionsOf(grant: Grant, user: string): Permissions {
  const publish = [
    ...(grant.sees.length > 0 ? [api.ACCOUNT_INFO] : []),
    ...grant.publishes,
    ...grant.tells,
    ...grant.sees.map(api.streamInfo),
    ...grant.consumes.flatMap(api.consume),
    ...[...grant.reads, ...grant.writes].flatMap(api.readBucket),
    ...grant.writes.flatMap(api.writeBucket),
    ...grant.objects.flatMap(api.useObjects),
    ...grant.makes.flatMap((stream) => [api.streamInfo(stream), api.streamCreate(stream), api.streamUpdate(stream)]),
    ...grant.administers.flatMap((stream) => [
      api.streamInfo(stream),
      api.messageGet(stream),
      api.messageDelete(stream),
      api.streamPurge(stream),
      api.streamDelete(stream),
      ...api.manageConsumers(stream),
    ]),
  ];
  return { publish: sorted(publish), subscribe: sorted([`${api.inboxOf(user)}.>`, ...grant.hears]) };
}

function sorted(subjects: readonly string[]): string[] {
  return [...new Set(subjects)].sort();
}
