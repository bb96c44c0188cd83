import type { ConsumerSpec } from '../consumer.ts';

/**
 * The subjects on which a client asks things of JetStream, as @nats-io 3.4 spells them to servers from 2.9.4 on; seen on 2.9.10 and
 * 2.15.1, and the same on both. A permission is over a subject alone: what a request says in its body is not judged by it.
 */
const API = '$JS.API';

/** The streams in which the client keeps a KV bucket and an object store. */
export const kvStream = (bucket: string) => `KV_${bucket}`;
export const objectStream = (bucket: string) => `OBJ_${bucket}`;

/** What a client asks when it connects: whether there is JetStream, and how much of its account's limits is used. */
export const ACCOUNT_INFO = `${API}.INFO`;

export const streamInfo = (stream: string) => `${API}.STREAM.INFO.${stream}`;
export const streamCreate = (stream: string) => `${API}.STREAM.CREATE.${stream}`;
export const streamUpdate = (stream: string) => `${API}.STREAM.UPDATE.${stream}`;
export const streamDelete = (stream: string) => `${API}.STREAM.DELETE.${stream}`;
export const streamPurge = (stream: string) => `${API}.STREAM.PURGE.${stream}`;
export const messageGet = (stream: string) => `${API}.STREAM.MSG.GET.${stream}`;
export const messageDelete = (stream: string) => `${API}.STREAM.MSG.DELETE.${stream}`;

export const consumerDelete = (stream: string, durable: string) => `${API}.CONSUMER.DELETE.${stream}.${durable}`;

/** To make sure of a durable with its filter, to ask how long its queue is, to pull from it, to answer what it delivered. */
export function consume({ stream, durable, filter }: Pick<ConsumerSpec, 'stream' | 'durable' | 'filter'>): string[] {
  return [
    `${API}.CONSUMER.INFO.${stream}.${durable}`,
    `${API}.CONSUMER.CREATE.${stream}.${durable}.${filter}`,
    `${API}.CONSUMER.MSG.NEXT.${stream}.${durable}`,
    `$JS.ACK.${stream}.${durable}.>`,
  ];
}

/** To look at the consumers of a stream and to remove one. */
export function manageConsumers(stream: string): string[] {
  return [
    `${API}.CONSUMER.LIST.${stream}`,
    `${API}.CONSUMER.NAMES.${stream}`,
    `${API}.CONSUMER.INFO.${stream}.*`,
    `${API}.CONSUMER.DELETE.${stream}.*`,
  ];
}

/**
 * To read a KV bucket and list its keys. Not by a direct get: its answer is the bare message, and the server sends answers to whatever
 * subject the request names, so that whoever writes into one bucket could write into any other. Other answers are JSON of the server's own.
 */
export function readBucket(bucket: string): string[] {
  return [streamInfo(kvStream(bucket)), messageGet(kvStream(bucket))];
}

/** To write into a KV bucket and to delete keys. Whoever may write may also empty it: a write may carry a roll-up of all there is. */
export function writeBucket(bucket: string): string[] {
  return [`$KV.${bucket}.>`, streamPurge(kvStream(bucket))];
}

/** To put, find, read and replace objects. The chunks of an object are read by a consumer that lasts as long as the read. */
export function useObjects(bucket: string): string[] {
  const stream = objectStream(bucket);
  return [
    streamInfo(stream),
    messageGet(stream),
    `$O.${bucket}.C.*`,
    `$O.${bucket}.M.*`,
    streamPurge(stream),
    `${API}.CONSUMER.CREATE.${stream}.*.$O.${bucket}.C.*`,
    `${API}.CONSUMER.INFO.${stream}.*`,
    `${API}.CONSUMER.DELETE.${stream}.*`,
    `$JS.FC.${stream}.>`,
  ];
}

/** The KV buckets that a user may make, of the subjects that it may publish to. */
export function bucketsMadeBy(publishes: readonly string[]): string[] {
  const begins = streamCreate(kvStream(''));
  return publishes.filter((subject) => subject.startsWith(begins) && !/[*>]/.test(subject)).map((subject) => subject.slice(begins.length));
}

/** The inbox of a user: no other one may listen there. */
export const inboxOf = (user: string) => `_INBOX_${user}`;
