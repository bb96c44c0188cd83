import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { ReplayRequest } from './behaviour.ts';
import type { Pace } from './rates.ts';
import type { Script } from './script.ts';
import { promptTokens, tokensOf } from './tokens.ts';

export interface ChatCall {
  request: ReplayRequest;
  script: Script;
  pace: Pace;
  /** the model has to be loaded first */
  cold: boolean;
  /** tokens of context in force */
  context: number;
  /** host that the model claims to run on */
  remoteHost: string | undefined;
  response: ServerResponse;
  /** aborts when the caller has gone */
  signal: AbortSignal;
  /** milliseconds of a clock that never goes back */
  monotonicMs: () => number;
}

/** Answers one chat call as Ollama does: no headers before the first token, a line a token, and the account on the last. */
export async function answerChat(call: ChatCall): Promise<void> {
  const { script, pace, response, request } = call;
  const startedAt = call.monotonicMs();
  if (call.cold) await pace.load();
  await pace.prompt();
  const said: { thinking: string; content: string; count: number } = { thinking: '', content: '', count: 0 };
  const limit = numberOption(request, 'num_predict');
  let doneReason = 'stop';
  for (const part of parts(script)) {
    if (limit !== null && limit > 0 && said.count >= limit) {
      doneReason = 'length';
      break;
    }
    await pace.token();
    said.count += 1;
    if (request.stream) await line(call, { message: { role: 'assistant', ...part }, done: false });
    said.thinking += part.thinking ?? '';
    said.content += request.stream ? '' : part.content;
  }
  if (script.ending !== 'done' && doneReason !== 'length') return spoiled(call);
  const message = {
    role: 'assistant',
    content: said.content,
    ...(request.stream || said.thinking === '' ? {} : { thinking: said.thinking }),
  };
  const total = Math.max(pace.spent.load + pace.spent.prompt + pace.spent.output, Math.round((call.monotonicMs() - startedAt) * 1e6));
  head(call);
  response.end(`${JSON.stringify(lineOf(call, { message, done: true, done_reason: doneReason, ...account(call, said.count, total) }))}\n`);
}

interface Part {
  content: string;
  thinking?: string;
}

function* parts(script: Script): Generator<Part> {
  for (const thinking of tokensOf(script.thinking)) yield { content: '', thinking };
  const tokens = tokensOf(script.text);
  do {
    for (const content of tokens.slice(0, script.stopAfter ?? tokens.length)) yield { content };
  } while (script.endless);
}

/** The counts and durations of the last line; like Ollama's, a zero is left out. */
function account(call: ChatCall, outputTokens: number, total: number): Record<string, number> {
  const prompt = promptTokens(call.request.messages);
  const all = {
    total_duration: total,
    load_duration: call.pace.spent.load,
    prompt_eval_count: prompt < call.context ? prompt : Math.floor(call.context / 2) + 2, // cut silently: only about half is left
    prompt_eval_duration: call.pace.spent.prompt,
    eval_count: outputTokens,
    eval_duration: call.pace.spent.output,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value > 0));
}

/** An answer that ends as no answer should. */
async function spoiled(call: ChatCall): Promise<void> {
  const { response, script } = call;
  head(call);
  switch (script.ending) {
    case 'error-line':
      response.end(`${JSON.stringify({ error: script.errorMessage })}\n`);
      return;
    case 'bad-line':
      response.end('<html>502 Bad Gateway</html>\n');
      return;
    case 'cut':
      response.destroy();
      return;
    case 'silence':
      await goneAway(call.signal);
      return;
    default:
      response.end();
  }
}

/** Resolves when the caller has gone, or the server closes. */
export async function goneAway(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}

async function line(call: ChatCall, fields: object): Promise<void> {
  head(call);
  const written = call.response.write(`${JSON.stringify(lineOf(call, fields))}\n`);
  if (!written && !call.signal.aborted) await once(call.response, 'drain', { signal: call.signal });
}

function lineOf(call: ChatCall, fields: object): object {
  const remote = call.remoteHost === undefined ? {} : { remote_host: call.remoteHost, remote_model: call.request.model };
  return { model: call.request.model, ...remote, created_at: new Date().toISOString(), ...fields };
}

function head({ response, request }: ChatCall): void {
  if (!response.headersSent)
    response.writeHead(200, { 'content-type': request.stream ? 'application/x-ndjson' : 'application/json; charset=utf-8' });
}

function numberOption(request: ReplayRequest, name: string): number | null {
  const value = request.options[name];
  return typeof value === 'number' ? value : null;
}
