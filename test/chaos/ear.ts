import { CURRENT_BUCKET, Current, JOINS_BUCKET, Join, LEASES_BUCKET, Lease } from '@chimera/shared/store';
import { jetstream, jetstreamManager, type NextMsgRequest, type SeqMsgRequest } from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import { connect, type NatsConnection } from '@nats-io/transport-node';

/** Hears everything that services tell each other, from a connection of its own, and checks what must hold at every moment. */
export type Ear = {
  connection: NatsConnection;
  /** Resolves with the n-th subject from now that matches; null where that does not come in time. */
  next(pattern: RegExp, n: number, guardMs: number): Promise<string | null>;
  /** what did not hold, in sentences */
  violations: readonly string[];
  /** how many changes of the documents were seen */
  seen(): number;
  /** NATS lost what it held: what was promised of it is void. */
  forget(): void;
  close(): Promise<void>;
};

// Progress, messages of the streams, writes to KV buckets, acknowledgements.
const SUBJECTS = ['chimera.>', '$KV.>', '$JS.ACK.>'];
const PAUSE_MS = 100;

export async function listen(url: string): Promise<Ear> {
  const connection = await connect({ servers: url, maxReconnectAttempts: -1, reconnectTimeWait: PAUSE_MS, reconnectJitter: 0 });
  const waiting = new Set<(subject: string) => void>();
  const invariants = new Invariants();
  const ends = new Set<() => void>();
  let closed = false;
  for (const subject of SUBJECTS)
    void (async () => {
      for await (const message of connection.subscribe(subject)) for (const hear of [...waiting]) hear(message.subject);
    })();
  // The server knows of it before anybody waits for a message.
  await connection.flush();

  /** Follows a KV bucket, from what it holds now on, and again after each reconnect. */
  async function follow(bucket: string, see: (key: string, value: unknown) => void): Promise<void> {
    while (!closed) {
      try {
        const watch = await (await new Kvm(jetstream(connection)).open(bucket)).watch();
        const end = () => watch.stop();
        ends.add(end);
        for await (const entry of watch) if (entry.operation === 'PUT') see(entry.key, entry.json());
        ends.delete(end);
      } catch {
        // The server is away, or the bucket is not made yet.
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
  void follow(LEASES_BUCKET, (key, value) => invariants.lease(key, Lease.parse(value)));
  void follow(CURRENT_BUCKET, (key, value) => invariants.current(key, Current.parse(value)));
  void follow(JOINS_BUCKET, (key, value) => invariants.join(key, Join.parse(value)));
  void (async () => {
    for await (const { type } of connection.status()) if (type === 'reconnect') for (const end of [...ends]) end();
  })();

  return {
    connection,
    violations: invariants.violations,
    seen: () => invariants.seen,
    forget: () => invariants.forget(),
    next: (pattern, n, guardMs) =>
      new Promise((resolve) => {
        let left = n;
        const end = (subject: string | null) => {
          clearTimeout(timer);
          waiting.delete(hear);
          resolve(subject);
        };
        const hear = (subject: string) => {
          if (pattern.test(subject) && --left === 0) end(subject);
        };
        const timer = setTimeout(() => end(null), guardMs);
        waiting.add(hear);
      }),
    async close() {
      closed = true;
      for (const end of ends) end();
      await connection.close();
    },
  };
}

/** Tokens only grow, each has one holder, and a revision is one report. */
class Invariants {
  readonly violations: string[] = [];
  seen = 0;
  readonly #tokens = new Map<string, { token: number; holder: string | null }>();
  readonly #generations = new Map<string, { generation: number; inventory: string }>();
  readonly #reports = new Map<string, string>();

  #token(of: string, token: number, holder: string | null): void {
    this.seen++;
    const before = this.#tokens.get(of);
    if (before && token < before.token)
      this.violations.push(`${of}: token ${token} of ${holder} after token ${before.token} of ${before.holder}`);
    if (before?.token === token && holder !== null && before.holder !== null && holder !== before.holder)
      this.violations.push(`${of}: token ${token} is held by ${before.holder} and by ${holder}`);
    this.#tokens.set(of, { token, holder: holder ?? (before?.token === token ? before.holder : null) });
  }

  lease(key: string, { token, holder }: Lease): void {
    this.#token(`the lease of ${key}`, token, holder);
  }

  current(key: string, { inventory: { inventory, generation }, fence }: Current): void {
    this.#token(`the fence of ${key}`, fence.token, fence.holder);
    const before = this.#generations.get(key);
    if (before && generation < before.generation)
      this.violations.push(`${key} went back from generation ${before.generation} to ${generation}`);
    if (before?.generation === generation && before.inventory !== inventory)
      this.violations.push(`${key} has two inventories of generation ${generation}`);
    this.#generations.set(key, { generation, inventory });
  }

  join(run: string, { printed: { revision, report } }: Join): void {
    this.seen++;
    if (report === null) return;
    const before = this.#reports.get(`${run} ${revision}`);
    if (before !== undefined && before !== report) this.violations.push(`run ${run} has two reports of revision ${revision}`);
    this.#reports.set(`${run} ${revision}`, report);
  }

  forget(): void {
    for (const known of [this.#tokens, this.#generations, this.#reports]) known.clear();
  }
}

/** The messages of a stream on subjects like this one, with their data as JSON. */
export async function messagesOf(connection: NatsConnection, stream: string, subject: string): Promise<unknown[]> {
  const manager = await jetstreamManager(connection);
  const found: unknown[] = [];
  const query: NextMsgRequest & SeqMsgRequest = { seq: 1, next_by_subj: subject };
  for (;;) {
    const message = await manager.streams.getMessage(stream, query);
    if (message === null) return found;
    found.push(message.json());
    query.seq = message.seq + 1;
  }
}
