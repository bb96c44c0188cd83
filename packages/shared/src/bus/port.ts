import type { Tracer } from '../trace/tracer.ts';
import type { Clock } from './clock.ts';
import type { ConsumerSpec } from './consumer.ts';
import type { StreamName } from './contract.ts';
import type { Documents } from './documents.ts';

/** A message as it goes out. */
export type Outgoing = {
  subject: string;
  text: string;
  /** Nats-Msg-Id: a repetition within the duplicate window is dropped */
  id: string;
  headers: Readonly<Record<string, string>>;
};

/** A message as a durable delivers it, with the ways to answer it. */
export type Delivered = {
  stream: string;
  subject: string;
  sequence: number;
  /** counts from 1 */
  deliveries: number;
  data: Uint8Array;
  messageId: string | null;
  traceparent: string | null;
  /** Done: resolves once the server has confirmed it; throws when it does not, and the message comes again. */
  acknowledge(): Promise<void>;
  /** Not done: deliver it again, at once or after so many milliseconds. */
  giveBack(delayMs?: number): void;
  /** Still at it: the wait for an acknowledgement begins anew. */
  working(): void;
  /** Take it off: it is never delivered again. */
  drop(): void;
};

/** How long a durable's queue is. */
export type QueueState = {
  /** not yet delivered */
  pending: number;
  /** delivered and not yet answered */
  unacknowledged: number;
};

/** What services need of NATS. The real one is connectBus; the simulator has another. */
export type Bus = {
  clock: Clock;
  /** where the spans of its messages go; absent: nothing is traced */
  tracer?: Tracer | undefined;
  /** the server that it is connected to just now */
  server?: () => { address: string; port: number };
  /** Resolves once the stream holds the message, or held one with this id already. */
  publish(message: Outgoing): Promise<void>;
  /** One pull: the next message of a durable, or null when none came in time. Throws when the server has no such consumer, or is gone. */
  pull(spec: ConsumerSpec, expiresMs: number): Promise<Delivered | null>;
  /** One message of a durable that is there just now, or null; waits no more than a moment for one to come. Throws as `pull` does. */
  take(spec: ConsumerSpec): Promise<Delivered | null>;
  /** How many messages a stream holds by subject, of those that match a filter; those being worked at included. */
  held(stream: StreamName, filter: string): Promise<Map<string, number>>;
  /** Hears what is told, or stored, on matching subjects from now on; may miss some. Returns how to end that. */
  listen(filter: string, hear: (subject: string) => void): () => void;
  /** Tells whoever listens just now; may be lost. */
  tell(subject: string, text: string): void;
  queue(spec: ConsumerSpec): Promise<QueueState>;
  /** Registers a consumer and makes sure it exists, now and after every reconnect. */
  consumer(spec: ConsumerSpec): Promise<void>;
  /** Whether the user of this connection may use a consumer; absent: nobody is refused one. */
  mayConsume?(spec: ConsumerSpec): boolean;
  /** A KV bucket of JSON documents. */
  documents<T>(bucket: string, schema: { parse(value: unknown): T }): Promise<Documents<T>>;
  /** Makes sure again that all streams, consumers and buckets are there: a server may come back empty. */
  assert(): Promise<void>;
  /** Calls back each time that all was asserted after a reconnect: what was asked of the server before is void. Returns how to end that. */
  onRenewed(listener: () => void): () => void;
  /** connected, and the last assertion succeeded */
  ready(): boolean;
  /** closed for good, or closing */
  ended(): boolean;
};
