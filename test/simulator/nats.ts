import type { Bus, ConsumerSpec, Delivered, KvBucket, KvEntry, Outgoing } from '@chimera/shared/bus';
import { documentsOf } from '@chimera/shared/bus';
import type { Process, World } from './world.ts';

const DUPLICATE_WINDOW_MS = 600_000;
// Services pull for five seconds at a time; a longer wait for nothing only saves events.
const PULLS_AS_ONE = 12;

type Stored = { sequence: number; subject: string; text: string; id: string; traceparent: string | null; at: number };
type Stream = { messages: Stored[]; last: number; ids: Map<string, number> };
type Pending = { deliveries: number; dueMs: number /** answers to earlier deliveries count no more */; delivery: number };
type Durable = {
  spec: ConsumerSpec /** the greatest sequence that was ever delivered */;
  delivered: number;
  pending: Map<number, Pending>;
};
type Entry = { text: string | null; revision: number };
type Bucket = { entries: Map<string, Entry>; revision: number };

/** What the simulator's checks are told of. */
export type NatsWatcher = {
  stored(message: Stored, by: string): void;
  acknowledged(durable: string, message: Stored, by: string): void;
  written(bucket: string, key: string, text: string, before: string | null, by: string): void;
  /** the server forgot something it had confirmed */
  forgot(): void;
};

const STREAM_OF: readonly [RegExp, string][] = [
  [/^chimera\.analysis\.v1\.requested\./, 'chimera_work'],
  [/^chimera\.dead\./, 'chimera_dead'],
  [/^chimera\./, 'chimera_events'],
];

/**
 * A server that speaks what services need of NATS: streams with a duplicate window, durables with an ack wait,
 * KV buckets with revisions. It can be away, come back having forgotten the last of what it confirmed, or all of it.
 */
export class SimulatedNats {
  readonly #world: World;
  readonly #watcher: NatsWatcher;
  readonly streams = new Map<string, Stream>();
  readonly durables = new Map<string, Durable>();
  readonly buckets = new Map<string, Bucket>();
  up = true;
  readonly #waiting = new Set<() => void>();
  readonly #renewals = new Set<{ process: Process; listeners: Set<() => void> }>();

  constructor(world: World, watcher: NatsWatcher) {
    this.#world = world;
    this.#watcher = watcher;
  }

  stop(): void {
    this.up = false;
    this.#world.say(() => 'NATS is gone');
  }

  /** Comes back; each connection asserts, then tells its listeners. */
  start(forget: 'nothing' | 'last' | 'all'): void {
    if (forget !== 'nothing') this.#forget(forget);
    this.up = true;
    this.#world.say(() => `NATS is back, having forgotten ${forget}`);
    for (const { process, listeners } of this.#renewals)
      this.#world.after(this.#world.chance.between(1, 1_000), () => {
        if (process.alive) for (const listener of listeners) listener();
      });
    this.#wake();
  }

  #forget(what: 'last' | 'all'): void {
    this.#watcher.forgot();
    const { chance } = this.#world;
    for (const stream of this.streams.values()) {
      const lost = what === 'all' ? stream.messages.length : chance.below(3);
      stream.messages.splice(stream.messages.length - Math.min(lost, stream.messages.length));
      stream.last = what === 'all' ? 0 : (stream.messages.at(-1)?.sequence ?? stream.last);
      stream.ids = new Map(stream.messages.map((m) => [m.id, m.at]));
    }
    for (const [name, durable] of this.durables) {
      if (what === 'all') this.durables.delete(name);
      else {
        const { last } = this.#stream(durable.spec.stream);
        durable.delivered = Math.min(durable.delivered, last);
        for (const sequence of durable.pending.keys()) if (sequence > last) durable.pending.delete(sequence);
      }
    }
    for (const bucket of this.buckets.values()) {
      if (what === 'all') bucket.entries.clear();
      else {
        const newest = [...bucket.entries].sort((a, b) => b[1].revision - a[1].revision).slice(0, chance.below(3));
        for (const [key] of newest) bucket.entries.delete(key);
      }
    }
  }

  #stream(name: string): Stream {
    const stream = this.streams.get(name) ?? { messages: [], last: 0, ids: new Map() };
    this.streams.set(name, stream);
    return stream;
  }

  #bucket(name: string): Bucket {
    const bucket = this.buckets.get(name) ?? { entries: new Map(), revision: 0 };
    this.buckets.set(name, bucket);
    return bucket;
  }

  #requireUp(): void {
    if (!this.up) throw new Error('NATS is away (simulated)');
  }

  #wake(): void {
    for (const wake of [...this.#waiting]) wake();
  }

  /** Stores a message unless one of its id came within the window. */
  store({ subject, text, id, headers }: Outgoing, by: string): void {
    this.#requireUp();
    const name = STREAM_OF.find(([pattern]) => pattern.test(subject))?.[1];
    if (name === undefined) throw new Error(`No stream covers ${subject}.`);
    const stream = this.#stream(name);
    const at = this.#world.now;
    const known = id === '' ? undefined : stream.ids.get(id);
    if (known !== undefined && at - known < DUPLICATE_WINDOW_MS) return;
    stream.ids.set(id, at);
    const message: Stored = { sequence: ++stream.last, subject, text, id, traceparent: headers.traceparent ?? null, at };
    stream.messages.push(message);
    this.#watcher.stored(message, by);
    this.#wake();
  }

  /** The next message that is due on a durable: first one whose answer did not come in time, then a new one. */
  #next(spec: ConsumerSpec): { message: Stored; pending: Pending } | null {
    const durable = this.durables.get(spec.durable);
    if (durable === undefined) throw new Error(`There is no consumer ${spec.durable} (simulated).`);
    const { messages } = this.#stream(spec.stream);
    const now = this.#world.now;
    for (const [sequence, pending] of durable.pending) {
      if (pending.dueMs > now) continue;
      const message = messages.find((m) => m.sequence === sequence);
      if (message === undefined) {
        durable.pending.delete(sequence);
        continue;
      }
      pending.deliveries++;
      pending.delivery++;
      pending.dueMs = now + spec.ackWaitMs;
      return { message, pending };
    }
    const matches = subjectPattern(spec.filter);
    const message = messages.find((m) => m.sequence > durable.delivered && matches.test(m.subject));
    if (message === undefined) return null;
    durable.delivered = message.sequence;
    const pending: Pending = { deliveries: 1, dueMs: now + spec.ackWaitMs, delivery: 1 };
    durable.pending.set(message.sequence, pending);
    return { message, pending };
  }

  #remove(spec: ConsumerSpec, message: Stored, delivery: number): boolean {
    const durable = this.durables.get(spec.durable);
    const pending = durable?.pending.get(message.sequence);
    // An answer to a delivery that was given up still takes the message off, as the real server does.
    if (durable === undefined || pending === undefined || pending.delivery < delivery) return false;
    durable.pending.delete(message.sequence);
    if (spec.stream === 'chimera_work') {
      const stream = this.#stream(spec.stream);
      stream.messages = stream.messages.filter((m) => m !== message);
    }
    return true;
  }

  /** The connection of one process. */
  busOf(process: Process): Bus {
    const world = this.#world;
    const listeners = new Set<() => void>();
    this.#renewals.add({ process, listeners });
    const clock = world.clockOf(process);
    const ask = <T>(what: string, effect: () => T) =>
      world.request(process, what, () => {
        this.#requireUp();
        return effect();
      });
    const bus: Bus = {
      clock,
      publish: (message) => ask(`publish ${message.id || message.subject}`, () => this.store(message, process.name)),
      pull: (spec, expiresMs) => this.#pull(process, spec, expiresMs * PULLS_AS_ONE),
      take: (spec) =>
        ask(`take from ${spec.durable}`, () => {
          const found = this.#next(spec);
          return found && this.#delivered(process, spec, found.message, found.pending.deliveries, found.pending.delivery);
        }),
      held: (stream, filter) =>
        ask(`ask what ${stream} holds`, () => {
          const matches = subjectPattern(filter);
          const held = new Map<string, number>();
          for (const { subject } of this.#stream(stream).messages)
            if (matches.test(subject)) held.set(subject, (held.get(subject) ?? 0) + 1);
          return held;
        }),
      // What is heard may be lost, so all of it is.
      listen: () => () => undefined,
      tell() {},
      queue: (spec) =>
        ask(`ask for the queue ${spec.durable}`, () => {
          const durable = this.durables.get(spec.durable);
          if (durable === undefined) throw new Error(`There is no consumer ${spec.durable} (simulated).`);
          const matches = subjectPattern(spec.filter);
          const pending = this.#stream(spec.stream).messages.filter(
            (m) => m.sequence > durable.delivered && matches.test(m.subject),
          ).length;
          return { pending, unacknowledged: durable.pending.size };
        }),
      consumer: async (spec) => {
        specs.push(spec);
        await bus.assert();
      },
      documents: async (bucket, schema) => documentsOf(this.#kv(process, bucket), bucket, schema, clock),
      assert: () =>
        ask('assert', () => {
          for (const spec of specs)
            if (!this.durables.has(spec.durable)) this.durables.set(spec.durable, { spec, delivered: 0, pending: new Map() });
        }),
      onRenewed(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      ready: () => this.up,
      ended: () => !process.alive,
    };
    const specs: ConsumerSpec[] = [];
    listeners.add(() => void bus.assert().catch(() => undefined));
    return bus;
  }

  #pull(process: Process, spec: ConsumerSpec, expiresMs: number): Promise<Delivered | null> {
    const world = this.#world;
    return new Promise((resolve, reject) => {
      let ended = false;
      const end = (act: () => void) => {
        if (ended) return;
        ended = true;
        callOff();
        this.#waiting.delete(look);
        process.onDeath.delete(forget);
        act();
      };
      const forget = () => end(() => undefined);
      process.onDeath.add(forget);
      const look = () => {
        if (ended || !process.alive || !this.up) return;
        try {
          const found = this.#next(spec);
          if (found === null) return;
          // The message is on its way: whoever dies meanwhile has taken it, and it comes again after the ack wait.
          const { message } = found;
          const { deliveries, delivery } = found.pending;
          end(
            () =>
              void world
                .request(process, `pull ${message.id}`, () => this.#delivered(process, spec, message, deliveries, delivery))
                .then(resolve, reject),
          );
        } catch (error) {
          end(() => reject(error));
        }
      };
      const callOff = world.after(expiresMs, () =>
        end(() => process.alive && (this.up ? resolve(null) : reject(new Error('heartbeats missed (simulated)')))),
      );
      this.#waiting.add(look);
      world.after(1, look);
    });
  }

  #delivered(process: Process, spec: ConsumerSpec, message: Stored, deliveries: number, delivery: number): Delivered {
    const world = this.#world;
    const pendingNow = () => this.durables.get(spec.durable)?.pending.get(message.sequence);
    const quietly = (what: string, effect: () => void) =>
      void world
        .request(process, what, () => {
          if (this.up) effect();
        })
        .catch(() => undefined);
    // The server looks at what is due by itself.
    this.#world.after(spec.ackWaitMs + 1, () => this.#wake());
    return {
      stream: spec.stream,
      subject: message.subject,
      sequence: message.sequence,
      deliveries,
      data: Buffer.from(message.text),
      messageId: message.id,
      traceparent: message.traceparent,
      acknowledge: () =>
        world.request(process, `acknowledge ${message.id}`, () => {
          this.#requireUp();
          if (this.#remove(spec, message, delivery)) this.#watcher.acknowledged(spec.durable, message, process.name);
        }),
      giveBack: (delayMs = 0) =>
        quietly(`give back ${message.id}`, () => {
          const pending = pendingNow();
          if (pending?.delivery !== delivery) return;
          pending.dueMs = world.now + delayMs;
          world.after(delayMs + 1, () => this.#wake());
        }),
      working: () =>
        quietly(`working on ${message.id}`, () => {
          const pending = pendingNow();
          if (pending?.delivery !== delivery) return;
          pending.dueMs = world.now + spec.ackWaitMs;
          world.after(spec.ackWaitMs + 1, () => this.#wake());
        }),
      drop: () => quietly(`drop ${message.id}`, () => void this.#remove(spec, message, delivery)),
    };
  }

  #kv(process: Process, name: string): KvBucket {
    const ask = <T>(what: string, effect: (bucket: Bucket) => T) =>
      this.#world.request(process, what, () => {
        this.#requireUp();
        return effect(this.#bucket(name));
      });
    return {
      read: (key) => ask(`read ${name} ${key.slice(0, 12)}`, ({ entries }): KvEntry => entries.get(key) ?? { text: null, revision: 0 }),
      write: (key, text, entry) =>
        ask(`write ${name} ${key.slice(0, 12)}`, (bucket) => {
          const known = bucket.entries.get(key);
          const stale = entry.text === null ? known !== undefined && known.text !== null : known?.revision !== entry.revision;
          if (stale) return false;
          bucket.entries.set(key, { text, revision: ++bucket.revision });
          this.#watcher.written(name, key, text, known?.text ?? null, process.name);
          return true;
        }),
      keys: (filter) =>
        ask(`list ${name}`, ({ entries }) => {
          const matches = subjectPattern(filter ?? '>');
          return [...entries]
            .filter(([key, { text }]) => text !== null && matches.test(key))
            .map(([key]) => key)
            .sort();
        }),
      delete: (key) =>
        ask(`delete ${name} ${key.slice(0, 12)}`, (bucket) => {
          if (bucket.entries.has(key)) bucket.entries.set(key, { text: null, revision: ++bucket.revision });
        }),
      reopen: async () => undefined,
    };
  }

  /** The documents of a bucket as they are, without a request. */
  peek(bucket: string): Map<string, unknown> {
    const found = new Map<string, unknown>();
    for (const [key, { text }] of this.#bucket(bucket).entries) if (text !== null) found.set(key, JSON.parse(text));
    return found;
  }
}

const patterns = new Map<string, RegExp>();

/** A subject filter as a pattern: `*` is one token, `>` the rest. */
function subjectPattern(filter: string): RegExp {
  const known = patterns.get(filter);
  if (known) return known;
  const source = filter
    .split('.')
    .map((token) => (token === '*' ? '[^.]+' : token === '>' ? '.+' : token.replace(/[^\w-]/g, '\\$&')))
    .join('\\.');
  const pattern = new RegExp(`^${source}$`);
  patterns.set(filter, pattern);
  return pattern;
}
