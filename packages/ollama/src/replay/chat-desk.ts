import type { ServerResponse } from 'node:http';
import type { PlainBehaviour } from './behaviour.ts';
import type { CallLog, RecordedCall } from './call-log.ts';
import { answerChat, answerEmpty, goneAway, partCount } from './chat-call.ts';
import { contextRefusal, outputLimit, seenPrompt } from './context.ts';
import { type Jitter, jitterOf, slowed } from './jitter.ts';
import { keepAliveMs } from './keep-alive.ts';
import type { CompleteModel, ReplayModels } from './models.ts';
import { type Pace, pace, recordedPace } from './pace.ts';
import type { Rates } from './rates.ts';
import { modelNotFound, refusal, refusalBy, sendRefusal } from './refusal.ts';
import type { ReplayRequest } from './request.ts';
import type { Lease, Runners } from './runners.ts';
import { type Script, scriptOf } from './script.ts';
import { Slots } from './slots.ts';
import type { ReplayTimers } from './timers.ts';

/** What all chat calls of a replay server share. */
export interface ChatDesk {
  models: ReplayModels;
  runners: Runners;
  /** the slots of each model that was called */
  slots: Map<string, Slots>;
  /** slots of each model */
  parallel: number;
  behaviourOf: (request: ReplayRequest, index: number) => PlainBehaviour;
  rates: Rates;
  jitter: Jitter;
  /** at the chosen speed */
  timers: ReplayTimers;
  log: CallLog;
}

/** One call on its way, from where its behaviour and its model are known. */
interface Order {
  request: ReplayRequest;
  behaviour: PlainBehaviour;
  model: CompleteModel;
  entry: RecordedCall;
  response: ServerResponse;
  signal: AbortSignal;
}

/** Tokens per second of an endless answer where no rate is given. */
const ENDLESS_RATE = 500;
/** Milliseconds of a slow first token where none are given. */
const SLOW_FIRST_TOKEN = 10_000;

/** Serves one chat call by the script of its behaviour, until it is answered or its caller has gone. */
export async function serveChat(desk: ChatDesk, request: ReplayRequest, response: ServerResponse): Promise<void> {
  const entry = desk.log.enter(request, response);
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  try {
    const behaviour = desk.behaviourOf(request, entry.index);
    entry.behaviour = behaviour.kind;
    const refused = refusalBy(behaviour, request, entry.index);
    if (refused !== null) return sendRefusal(response, refused);
    const model = desk.models.find(request.model);
    if (model === undefined) return sendRefusal(response, modelNotFound(request.model));
    if (request.think && !model.thinking && behaviour.kind !== 'think-ignored')
      return sendRefusal(response, refusal(400, `"${request.model}" does not support thinking`));
    await serve(desk, { request, behaviour, model, entry, response, signal: gone.signal });
  } catch (error) {
    if (!gone.signal.aborted) throw error; // with the caller gone, a broken-off wait is how it ends
  }
}

/** Has the model loaded, waits for a slot, and answers. */
async function serve(desk: ChatDesk, order: Order): Promise<void> {
  const { request, behaviour, model, entry, response, signal } = order;
  const remoteHost = model.remoteHost;
  if (request.messages.length === 0 && keepAliveMs(request.keepAlive) === 0) {
    desk.runners.unload(model);
    return answerEmpty({ request, remoteHost, response }, 'unload');
  }
  // What a recorded call took for its load is part of its own account.
  const loadMs = isTimed(behaviour) ? 0 : (ratesOf(desk, behaviour, entry).loadMs ?? 0);
  const lease = await desk.runners.use({ model, request, loadMs, anew: behaviour.kind === 'reload-thrash', signal });
  if ('status' in lease) return sendRefusal(response, lease);
  try {
    desk.log.loaded(entry);
    if (request.messages.length === 0) return answerEmpty({ request, remoteHost, response }, 'load');
    const tooLong = ['truncates', 'recorded'].includes(behaviour.kind) ? null : contextRefusal(request, lease.context);
    if (tooLong !== null) return sendRefusal(response, tooLong);
    await inSlot(desk, order, (queueMs) => (behaviour.kind === 'hang' ? goneAway(signal) : answer(desk, order, lease, queueMs)));
  } finally {
    lease.end();
  }
}

/** Does work in one of the model's slots. `queueMs`: the wait for it, exactly 0 where one was free. */
async function inSlot(desk: ChatDesk, { model, entry, signal }: Order, work: (queueMs: number) => Promise<void>): Promise<void> {
  const slots = desk.slots.get(model.name) ?? new Slots(desk.parallel);
  desk.slots.set(model.name, slots);
  const { free } = slots;
  const before = desk.timers.now();
  await slots.take(signal);
  desk.log.work(entry);
  try {
    await work(free ? 0 : desk.timers.now() - before);
  } finally {
    desk.log.rest();
    slots.release();
  }
}

async function answer(desk: ChatDesk, order: Order, lease: Lease, queueMs: number): Promise<void> {
  const { request, behaviour, model, entry, response, signal } = order;
  const seen = seenPrompt(request, lease.context, behaviour.kind === 'truncates');
  const script = scriptOf(behaviour, { ...request, messages: seen.messages }, model.thinking && request.think !== false);
  const limit = outputLimit(request, lease.context, seen.tokens);
  const recorded = behaviour.kind === 'recorded' ? behaviour.answer : null;
  await answerChat({
    request,
    script,
    pace: paceOf(desk, order, script),
    loadMs: lease.loadMs,
    queueMs,
    promptTokens: recorded?.promptTokens ?? seen.tokens,
    outputTokens: recorded?.outputTokens ?? null,
    doneReason: recorded?.doneReason ?? 'stop',
    limit: limit >= (recorded?.outputTokens ?? Number.POSITIVE_INFINITY) ? Number.POSITIVE_INFINITY : limit,
    remoteHost: model.remoteHost,
    response,
    signal,
    onToken: () => desk.log.token(entry),
  });
}

function paceOf(desk: ChatDesk, { behaviour, entry, signal }: Order, script: Script): Pace {
  if (isTimed(behaviour)) return recordedPace(behaviour.answer.times, partCount(script), desk.timers, signal);
  return pace(ratesOf(desk, behaviour, entry), desk.timers, signal, () => desk.log.working);
}

type Timed = PlainBehaviour & { kind: 'recorded'; answer: { times: object } };
const isTimed = (behaviour: PlainBehaviour): behaviour is Timed => behaviour.kind === 'recorded' && behaviour.answer.times !== null;

/** The rates of one call: what its behaviour says before what the server's say, and as far off as its jitter is. */
function ratesOf({ rates, jitter }: ChatDesk, behaviour: PlainBehaviour, { index }: RecordedCall): Rates {
  return slowed(ratesFor(behaviour, rates), jitterOf(jitter, index));
}

function ratesFor(behaviour: PlainBehaviour, rates: Rates): Rates {
  switch (behaviour.kind) {
    case 'well-behaved':
    case 'slow':
      return { ...rates, ...behaviour.rates };
    case 'slow-first-token':
      return { ...rates, promptMs: behaviour.ms ?? SLOW_FIRST_TOKEN };
    case 'endless':
      return { tokensPerSecond: ENDLESS_RATE, ...rates };
    default:
      return rates;
  }
}
