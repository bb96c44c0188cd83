import type { ServerResponse } from 'node:http';
import type { Behaviour, BehaviourScript, ReplayRequest } from './behaviour.ts';
import type { CallLog } from './call-log.ts';
import { answerChat, goneAway } from './chat-call.ts';
import { DEFAULT_CONTEXT, type ReplayModel, type ReplayModels } from './models.ts';
import { pace, type Rates, type ReplayTimers } from './rates.ts';
import { scriptOf } from './script.ts';
import { promptTokens } from './tokens.ts';

/** What all chat calls of a replay server share. */
export interface ChatDesk {
  models: ReplayModels;
  behaviour: BehaviourScript;
  rates: Rates;
  timers: ReplayTimers;
  log: CallLog;
}

/** Tokens per second of an endless answer where no rate is given. */
const ENDLESS_RATE = 500;

/** Serves one chat call by the script of its behaviour, until it is answered or its caller has gone. */
export async function serveChat(desk: ChatDesk, request: ReplayRequest, response: ServerResponse): Promise<void> {
  const { index } = desk.log.enter(request, response);
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  try {
    const behaviour = typeof desk.behaviour === 'function' ? desk.behaviour(request, index) : desk.behaviour;
    await serve(desk, request, response, behaviour, gone.signal);
  } catch (error) {
    if (!gone.signal.aborted) throw error; // with the caller gone, a broken-off wait is how it ends
  }
}

async function serve(
  desk: ChatDesk,
  request: ReplayRequest,
  response: ServerResponse,
  behaviour: Behaviour,
  signal: AbortSignal,
): Promise<void> {
  if (behaviour.kind === 'hang') return goneAway(signal);
  if (behaviour.kind === 'error') return refuse(response, behaviour.status, behaviour.body, behaviour.headers);
  const model = desk.models.find(request.model);
  if (model === undefined) return refuse(response, 404, { error: `model '${request.model}' not found` });
  const context = typeof request.options.num_ctx === 'number' ? request.options.num_ctx : DEFAULT_CONTEXT;
  const refusal = refusalOf(request, model, context);
  if (refusal !== null) return refuse(response, 400, { error: refusal });
  const cold = desk.models.load(model, request.options);
  await answerChat({
    request,
    script: scriptOf(behaviour, request),
    pace: pace(ratesFor(behaviour, desk.rates), desk.timers, signal, () => desk.log.busy),
    cold,
    context,
    remoteHost: model.remoteHost,
    response,
    signal,
    monotonicMs: () => desk.timers.now(),
  });
  if (request.keepAlive === 0) desk.models.unload(model);
}

function ratesFor(behaviour: Behaviour, rates: Rates): Rates {
  if (behaviour.kind === 'slow') return { ...rates, ...behaviour.rates };
  return behaviour.kind === 'endless' ? { tokensPerSecond: ENDLESS_RATE, ...rates } : rates;
}

/** Why Ollama would refuse this request with status 400; null when it would not. */
function refusalOf(request: ReplayRequest, model: ReplayModel, context: number): string | null {
  if (request.think && !model.thinking) return `"${request.model}" does not support thinking`;
  const tokens = promptTokens(request.messages);
  if (tokens >= context && !request.truncate) {
    return `request (${tokens} tokens) exceeds the available context size (${context} tokens), try increasing it`;
  }
  return null;
}

function refuse(response: ServerResponse, status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): void {
  const text = typeof body === 'string';
  response.writeHead(status, { 'content-type': text ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8', ...headers });
  response.end(text ? body : JSON.stringify(body));
}
