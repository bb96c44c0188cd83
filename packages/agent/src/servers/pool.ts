import { OllamaFailure, type Timeouts } from '@chimera/ollama';
import { type Clock, type Documents, subjectToken } from '@chimera/shared/bus';
import type { ModelOptions, Slots } from '@chimera/shared/domain';
import { whyNoModel } from '../no-model.ts';
import { ASSUMED_SLOTS, type KnownServer, UNTRIED } from './known-server.ts';
import { measureSlots, tryForm } from './measure-slots.ts';
import { PooledServer } from './pooled-server.ts';
import type { Slot, SlotDesk } from './slot-desk.ts';
import type { ServerSpec } from './spec.ts';

/** A model as it is asked for: with these options it is loaded. */
export type Wanted = { model: string; options: ModelOptions };

/** A slot at a server that has the model, and what was found out about the two. */
export type Lane = { server: PooledServer; slot: Slot; slots: Slots; think: false | null; digest: string | null };

/** Whether a model can be asked: now, as soon as a slot is free; later, once its servers are no longer left alone; or not at all. */
export type Outlook = { when: 'now' } | { when: 'later'; ms: number; reason: string } | { when: 'never'; reason: string };

/** How a server stands: the calls at once that it is given, how many slots are held here, whether it is left alone. */
export type ServerLoad = { address: string; slots: number; held: number; leftAlone: boolean };

export type PoolOptions = {
  servers: readonly ServerSpec[];
  timeouts: Timeouts;
  clock: Clock;
  desk: SlotDesk;
  /** what workers found out, shared by all; null: nothing is found out beforehand, servers without a number have one slot */
  known: Documents<KnownServer> | null;
  /** how a model that thinks is to be asked, where its owner knows: then it is not tried */
  told?: (wanted: Wanted) => Pick<KnownServer, 'think' | 'obeysSchema'>;
  signal: AbortSignal;
  onEvent?: (sentence: string) => void;
};

/** How old may be what is known of a server's models when a new analysis begins. */
const FRESH_MS = 5_000;
/** What waits for a change looks again after this long, whether or not it heard of one. */
const LOOK_AGAIN_MS = 250;
/** The most slots that are held for a measurement, so that nobody else asks meanwhile. */
const ALL_SLOTS = 4;
const MEASURE_PATIENCE_MS = 60_000;

/** The Ollama servers of one worker. */
export class ServerPool {
  readonly servers: readonly PooledServer[];
  readonly #options: PoolOptions;
  readonly #finding = new Map<string, Promise<void>>();
  readonly #known = new Map<string, KnownServer>();
  readonly #listeners = new Set<() => void>();
  readonly #held = new Map<PooledServer, number>();
  readonly #off: () => void;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.servers = options.servers.map((spec) => new PooledServer(spec, options.timeouts, options.clock));
    this.#off = options.desk.onFreed(() => this.#changed());
  }

  /** Learns what the servers have now. Never throws for a server. */
  async look(maxAgeMs = FRESH_MS): Promise<void> {
    await Promise.all(this.servers.map((server) => server.look(maxAgeMs)));
  }

  /** Calls back when a slot may have become free, or something else changed. Returns how to end that. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #changed(): void {
    for (const listener of [...this.#listeners]) listener();
  }

  /** Tells whoever waits that a server may be asked again, or is left alone. */
  failed(server: PooledServer, failure: OllamaFailure): void {
    server.failed(failure);
    const ms = server.restMs();
    if (ms > 0) this.#options.onEvent?.(`${server.spec.url} is left alone for ${(ms / 1_000).toFixed(1)} s: ${failure.message}`);
    this.#changed();
  }

  /** Whether the model can be asked, by what was last seen. */
  outlook({ model }: Pick<Wanted, 'model'>): Outlook {
    const having = this.servers.filter((server) => server.installed(model) !== null || server.trouble !== null);
    if (having.some((server) => server.restMs() === 0)) return { when: 'now' };
    const [first] = having.toSorted((a, b) => a.restMs() - b.restMs());
    if (first?.trouble) return { when: 'later', ms: first.restMs(), reason: first.trouble.message };
    const urls = this.servers.map(({ spec }) => spec.url);
    return {
      when: 'never',
      reason: whyNoModel(
        urls,
        model,
        this.servers.map((server) => server.models()),
      ),
    };
  }

  /** Whether a server that may be asked has the model loaded. */
  isLoaded(model: string): boolean {
    return this.servers.some((server) => server.restMs() === 0 && server.loaded(model) !== null);
  }

  /** One try at a slot of a server that has the model, one where it is loaded first. Null where there is none just now. */
  async take(wanted: Wanted, at?: PooledServer): Promise<Lane | null> {
    await Promise.all(this.servers.map((server) => (server.restMs() === 0 ? server.look(FRESH_MS * 6) : undefined)));
    const able = this.servers.filter((server) => server.restMs() === 0 && server.installed(wanted.model) !== null);
    const nearest = able.toSorted((a, b) => a.distance(wanted.model) - b.distance(wanted.model));
    for (const server of at === undefined ? nearest : nearest.filter((one) => one === at)) {
      const known = await this.#knownOf(server, wanted);
      if (known === null) continue; // being found out; others meanwhile
      const slots = slotsOf(server, known);
      const slot = await this.#options.desk.take(server.spec.key, slots.count);
      if (slot === null) continue;
      return {
        server,
        slot: this.#counted(server, slot),
        slots,
        think: known.think,
        digest: server.installed(wanted.model)?.digest ?? null,
      };
    }
    return null;
  }

  /**
   * Waits for a slot. Null once the model cannot be asked at all, or all servers that have it are left alone for longer than
   * `patienceMs`; `outlook` says why. Throws the signal's reason.
   */
  async acquire(wanted: Wanted, { signal, patienceMs }: { signal: AbortSignal; patienceMs: number }): Promise<Lane | null> {
    for (;;) {
      signal.throwIfAborted();
      const change = this.nextChange(signal);
      try {
        const lane = await this.take(wanted);
        if (lane !== null) {
          if (!signal.aborted) return lane;
          await lane.slot.release();
          signal.throwIfAborted();
        }
        const outlook = this.outlook(wanted);
        if (outlook.when === 'never' || (outlook.when === 'later' && outlook.ms > patienceMs)) return null;
        await change.wait(outlook.when === 'later' ? outlook.ms : LOOK_AGAIN_MS);
      } finally {
        change.end();
      }
    }
  }

  /** Listens from now on until `end`; `wait` waits for the next change since then, or so many milliseconds, or the signal. */
  nextChange(signal: AbortSignal): { wait(ms: number): Promise<void>; end(): void } {
    const heard = new AbortController();
    const hear = () => heard.abort();
    const off = this.onChange(hear);
    signal.addEventListener('abort', hear, { once: true });
    if (signal.aborted) hear();
    return {
      wait: (ms) => this.#options.clock.sleep(ms, heard.signal),
      end: () => {
        off();
        signal.removeEventListener('abort', hear);
      },
    };
  }

  /** What is known of the model on that server; null while it is being found out. */
  async #knownOf(server: PooledServer, wanted: Wanted): Promise<KnownServer | null> {
    const plain: KnownServer = { ...UNTRIED, url: server.spec.url, model: wanted.model, digest: null, serverVersion: null };
    const { known, told } = this.#options;
    const key = `${server.spec.key}.${subjectToken(wanted.model)}`;
    const digest = server.installed(wanted.model)?.digest ?? null;
    const serverVersion = server.version?.version ?? null;
    const holds = (one: KnownServer | null | undefined): one is KnownServer =>
      !!one && one.digest === digest && one.serverVersion === serverVersion;
    const mine = this.#known.get(key);
    if (holds(mine)) return mine;
    const info = await server.info(wanted.model);
    const thinks = info?.capabilities?.includes('thinking') ?? false;
    if (known === null && !thinks) return plain;
    if (told !== undefined) return { ...plain, ...told(wanted) };
    const shared = known === null ? null : await known.get(key);
    if (holds(shared)) {
      this.#known.set(key, shared);
      return shared;
    }
    if (known !== null && server.spec.slots !== null && !thinks) {
      const configured = { ...plain, digest, serverVersion };
      await known.change(key, () => configured);
      this.#known.set(key, configured);
      return configured;
    }
    if (!this.#finding.has(key)) {
      const finding = this.#findOut(server, wanted, key, { ...plain, digest, serverVersion }, thinks).finally(() => {
        this.#finding.delete(key);
        this.#changed();
      });
      this.#finding.set(key, finding);
    }
    return null;
  }

  /** Finds out how the model is to be asked there, and how many calls at once are worth it. Nobody else asks meanwhile. */
  async #findOut(server: PooledServer, wanted: Wanted, key: string, plain: KnownServer, thinks: boolean): Promise<void> {
    const { known, desk, signal, onEvent } = this.#options;
    const slots: Slot[] = [];
    try {
      // Whoever has the first slot measures; the others hear of it.
      const first = await desk.take(server.spec.key, 1);
      if (first === null) {
        const change = this.nextChange(signal);
        await change.wait(LOOK_AGAIN_MS);
        change.end();
        return;
      }
      slots.push(first);
      const done = known === null ? null : await known.get(key);
      if (done?.digest === plain.digest && done.serverVersion === plain.serverVersion) return;
      const all = known === null || server.spec.slots !== null ? 1 : ALL_SLOTS;
      const measuring = all > 1 && (await this.#hold(server, slots, all));
      const trial = { client: server.client, ...wanted, signal };
      const form = await tryForm(trial, thinks);
      const found: KnownServer = { ...plain, ...form, slots: measuring ? await measureSlots(trial, form.think) : null };
      server.succeeded();
      await known?.change(key, () => found);
      this.#known.set(key, found);
      if (found.slots !== null) onEvent?.(measured(server, found));
    } catch (error) {
      if (!(error instanceof OllamaFailure)) onEvent?.(`what ${server.spec.url} can do could not be found out: ${String(error)}`);
      else if (!signal.aborted) {
        // A server that cannot even be tried is asked as it is: the calls that matter tell what is wrong with it.
        this.#known.set(key, plain);
        this.failed(server, error);
      }
    } finally {
      await Promise.all(slots.map((slot) => slot.release()));
    }
  }

  /** Holds all slots of a server; false where others do not give theirs back in time. */
  async #hold(server: PooledServer, slots: Slot[], count: number): Promise<boolean> {
    const { clock, desk, signal } = this.#options;
    const until = clock.elapsed() + MEASURE_PATIENCE_MS;
    while (slots.length < count && clock.elapsed() < until && !signal.aborted) {
      const change = this.nextChange(signal);
      const slot = await desk.take(server.spec.key, count);
      if (slot !== null) slots.push(slot);
      else await change.wait(LOOK_AGAIN_MS);
      change.end();
    }
    return slots.length === count;
  }

  /** A slot that counts as held until it is given back. */
  #counted(server: PooledServer, slot: Slot): Slot {
    let over = false;
    const by = (change: number) => this.#held.set(server, (this.#held.get(server) ?? 0) + change);
    by(1);
    return {
      ...slot,
      release: () => {
        if (!over) by(-1);
        over = true;
        return slot.release();
      },
    };
  }

  /** How each server stands, by what is known just now. */
  loads(): ServerLoad[] {
    return this.servers.map((server) => {
      const known = [...this.#known].flatMap(([key, { slots }]) => (key.startsWith(`${server.spec.key}.`) && slots ? [slots.count] : []));
      const slots = server.spec.slots ?? Math.max(ASSUMED_SLOTS.count, ...known);
      return { address: new URL(server.spec.url).host, slots, held: this.#held.get(server) ?? 0, leftAlone: server.restMs() > 0 };
    });
  }

  /** A sentence for each server that cannot be asked just now; none for those that nobody has looked at yet. */
  notes(): string[] {
    return this.servers.flatMap((server) => server.trouble?.message ?? server.fault ?? []);
  }

  /** Whether workers elsewhere were seen to have the model on servers that are not this worker's. */
  async othersHave(model: string): Promise<boolean> {
    const mine = new Set(this.servers.map(({ spec }) => spec.key));
    const keys = (await this.#options.known?.keys(`*.${subjectToken(model)}`)) ?? [];
    return keys.some((key) => !mine.has(key.split('.')[0] ?? ''));
  }

  /** Ends all calls under way. The desk is its owner's to close. */
  async close(): Promise<void> {
    this.#off();
    await Promise.all([...this.#finding.values()].map((finding) => finding.catch(() => undefined)));
    await Promise.all(this.servers.map((server) => server.client.close()));
  }
}

function slotsOf(server: PooledServer, known: KnownServer): Slots {
  if (server.spec.slots !== null) return { count: server.spec.slots, by: 'configured', rates: known.slots?.rates ?? [] };
  return known.slots ?? ASSUMED_SLOTS;
}

function measured(server: PooledServer, { model, slots }: KnownServer): string {
  const rates = slots?.rates.map(({ atOnce, tokensPerSecond }) => `${tokensPerSecond.toFixed(1)} tok/s with ${atOnce} at once`).join(', ');
  return `${model} at ${server.spec.url} is given ${slots?.count} calls at once: ${rates}`;
}
