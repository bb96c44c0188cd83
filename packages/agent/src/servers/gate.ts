import { type Bus, fromSubjectToken, requestSubject, type Seat } from '@chimera/shared/bus';
import type { AgentName, AgentProfile } from '@chimera/shared/domain';
import { workerConsumer } from '../worker-consumer.ts';
import type { Lane, ServerPool, Wanted } from './pool.ts';

/**
 * What one analysis is begun with: a slot that is held, or none where no server can be asked and the template must speak. `end` must
 * be called when it is over.
 */
export type Means = { lane: Lane | null; end(): Promise<void> };

export type GateOptions = {
  agent: AgentName;
  /** the configured profile: whoever has nobody to ask for its model speaks by the template */
  profile: AgentProfile & { model: string };
  bus: Bus;
  pool: ServerPool;
  /** how long work for a model that no server of ours can be asked for is left to workers elsewhere */
  patienceMs: number;
  /** how many analyses without a slot may be under way at once: nothing else bounds them */
  mostWithoutSlot: number;
};

/** Without a hint the queue is looked at this often while there is work in it, and else this often. */
const BUSY_LOOK_MS = 1_000;
const IDLE_LOOK_MS = 5_000;

/**
 * Says what a worker may pull next: a slot comes first, then the message. Of several models whose queues hold work, one that is
 * loaded is preferred. It hears of new work by the very messages that bring it, and looks at the queue itself in case it missed some.
 */
export function createGate({ agent, profile, bus, pool, patienceMs, mostWithoutSlot }: GateOptions) {
  const { clock } = bus;
  const filter = requestSubject(agent, 'x').replace(/[^.]+$/, '*');
  const mine = requestSubject(agent, profile.model);
  /** models with work, and when they were first seen without a server to ask */
  const work = new Set<string>();
  const unserved = new Map<string, number>();
  const asserted = new Set<string>();
  /** how often work for a model was heard of */
  const arrivals = new Map<string, number>();
  let heard = new AbortController();
  let lookedMs = Number.NEGATIVE_INFINITY;
  let more = false;
  let withoutSlot = 0;
  const hear = () => heard.abort();
  const restMs = () => (more || work.size > 0 ? BUSY_LOOK_MS : IDLE_LOOK_MS);
  /** Credentials may be for some models alone: work for others is left to those who may take it. */
  const mayTake = (model: string) => bus.mayConsume?.(workerConsumer(agent, model)) ?? true;
  const isForTemplate = (subject: string) => subject === requestSubject(agent, null);
  const offs = [
    bus.listen(filter, (subject) => {
      if (isForTemplate(subject)) return;
      const model = modelOf(subject);
      if (!mayTake(model)) return;
      work.add(model);
      arrivals.set(model, (arrivals.get(model) ?? 0) + 1);
      hear();
    }),
    bus.onRenewed(() => {
      lookedMs = Number.NEGATIVE_INFINITY;
      hear();
    }),
    pool.onChange(hear),
  ];
  const modelOf = (subject: string) => fromSubjectToken(subject.slice(subject.lastIndexOf('.') + 1));
  const wantedOf = (model: string): Wanted => ({ model, options: requestSubject(agent, model) === mine ? profile.options : {} });

  async function look(): Promise<void> {
    if (clock.elapsed() - lookedMs < restMs()) return;
    lookedMs = clock.elapsed();
    const held = [...(await bus.held('chimera_work', filter)).keys()].filter(
      (subject) => !isForTemplate(subject) && mayTake(modelOf(subject)),
    );
    for (const subject of held) work.add(modelOf(subject));
    // What others work at comes back where they fail.
    more = held.length > 0;
  }

  async function seatFor(model: string, lane: Lane | null): Promise<Seat<Means>> {
    const consumer = workerConsumer(agent, model);
    if (!asserted.has(consumer.durable)) {
      await bus.consumer(consumer);
      asserted.add(consumer.durable);
    }
    unserved.delete(model);
    const before = arrivals.get(model);
    const end = ending(lane);
    return {
      consumer,
      means: { lane, end },
      async leave() {
        // Unless something was heard meanwhile, nothing more is there until the next look.
        if (arrivals.get(model) === before) work.delete(model);
        await end();
      },
    };
  }

  function ending(lane: Lane | null): () => Promise<void> {
    let over = false;
    if (lane === null) withoutSlot += 1;
    return async () => {
      if (over) return;
      over = true;
      if (lane !== null) return lane.slot.release();
      withoutSlot -= 1;
      hear();
    };
  }

  /** Without any server to ask for its model a worker speaks by the template, once others have had their chance. */
  async function withoutServer(model: string): Promise<boolean> {
    if (requestSubject(agent, model) !== mine || withoutSlot >= mostWithoutSlot) return false;
    const outlook = pool.outlook({ model });
    if (outlook.when === 'now' || (outlook.when === 'later' && outlook.ms <= patienceMs)) return false;
    const since = unserved.get(model) ?? clock.elapsed();
    unserved.set(model, since);
    return clock.elapsed() - since >= patienceMs || !(await pool.othersHave(model));
  }

  async function nextSeat(stopping: AbortSignal): Promise<Seat<Means> | null> {
    while (!stopping.aborted) {
      heard = new AbortController();
      await look();
      if (work.size > 0) await pool.look();
      for (const model of [...work].sort((a, b) => Number(pool.isLoaded(b)) - Number(pool.isLoaded(a)))) {
        const lane = await pool.take(wantedOf(model));
        if (lane !== null)
          return await seatFor(model, lane).catch(async (error: unknown) => {
            await lane.slot.release();
            throw error;
          });
        if (await withoutServer(model)) return seatFor(model, null);
      }
      const rest = new AbortController();
      const end = () => rest.abort();
      for (const signal of [heard.signal, stopping]) {
        if (signal.aborted) end();
        else signal.addEventListener('abort', end, { once: true });
      }
      await clock.sleep(restMs(), rest.signal);
      stopping.removeEventListener('abort', end);
    }
    return null;
  }

  return {
    nextSeat,
    close() {
      for (const off of offs) off();
    },
  };
}
