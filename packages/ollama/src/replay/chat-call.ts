import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Pace } from './pace.ts';
import type { ReplayRequest } from './request.ts';
import type { Script } from './script.ts';
import { tokensOf } from './tokens.ts';

export interface ChatCall {
  request: ReplayRequest;
  script: Script;
  pace: Pace;
  /** milliseconds that the account names as load */
  loadMs: number;
  /** milliseconds that it waited for a slot */
  queueMs: number;
  promptTokens: number;
  /** what the account of a whole answer names as output tokens; null: as many as went out */
  outputTokens: number | null;
  /** why a whole answer ended */
  doneReason: string;
  /** tokens of answer at most */
  limit: number;
  /** host that the model claims to run on */
  remoteHost: string | undefined;
  response: ServerResponse;
  /** aborts when the caller has gone */
  signal: AbortSignal;
  /** told of each token that goes out */
  onToken: () => void;
}

/** What the account of an answer tells; durations in nanoseconds. */
type Account = Record<string, number>;

/** Answers one chat call as Ollama does: no headers before the first token, a line a token, and the account on the last. */
export async function answerChat(call: ChatCall): Promise<void> {
  const { script, pace, response, request } = call;
  await pace.prompt();
  const said: { thinking: string; content: string; count: number } = { thinking: '', content: '', count: 0 };
  let cutOff = false;
  for (const part of parts(script)) {
    if (said.count >= call.limit) {
      cutOff = true;
      break;
    }
    await pace.token();
    said.count += 1;
    call.onToken();
    if (request.stream) await line(call, part, { done: false });
    said.thinking += request.stream ? '' : (part.thinking ?? '');
    said.content += request.stream ? '' : part.content;
  }
  if (script.ending !== 'done' && !cutOff) return spoiled(call);
  const last: Part = { content: said.content, ...(said.thinking === '' ? {} : { thinking: said.thinking }) };
  const counted = cutOff ? said.count : (call.outputTokens ?? said.count);
  head(call);
  const end = { done: true, done_reason: cutOff ? 'length' : call.doneReason, ...account(call, counted) };
  response.end(`${JSON.stringify(lineOf(call, last, end))}\n`);
}

type Answered = Pick<ChatCall, 'request' | 'remoteHost' | 'response'>;

/** Answers a call without messages: its model was loaded or unloaded, and that is all. */
export function answerEmpty(call: Answered, doneReason: 'load' | 'unload'): void {
  head(call);
  call.response.end(`${JSON.stringify(lineOf(call, { content: '' }, { done: true, done_reason: doneReason }))}\n`);
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

/** How many parts an answer in full goes out in. */
export const partCount = (script: Script): number => tokensOf(script.thinking).length + tokensOf(script.text).length;

/** The counts and durations of the last line; like Ollama's, a zero is left out. The wait for a slot stands in the total alone. */
function account({ pace: { spent }, loadMs, queueMs, promptTokens }: ChatCall, outputTokens: number): Account {
  const load = spent.load + Math.round(loadMs * 1e6);
  const all = {
    total_duration: Math.round(queueMs * 1e6) + load + spent.prompt + spent.output + spent.other,
    load_duration: load,
    prompt_eval_count: promptTokens,
    prompt_eval_duration: spent.prompt,
    eval_count: outputTokens,
    eval_duration: spent.output,
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

async function line(call: ChatCall, part: Part, fields: object): Promise<void> {
  head(call);
  const written = call.response.write(`${JSON.stringify(lineOf(call, part, fields))}\n`);
  if (!written && !call.signal.aborted) await once(call.response, 'drain', { signal: call.signal });
}

function lineOf({ request: { model, generate }, remoteHost }: Answered, { content, ...thinking }: Part, fields: object): object {
  const remote = remoteHost === undefined ? {} : { remote_host: remoteHost, remote_model: model };
  const said = generate ? { response: content, ...thinking } : { message: { role: 'assistant', content, ...thinking } };
  return { model, ...remote, created_at: new Date().toISOString(), ...said, ...fields };
}

function head({ response, request }: Answered): void {
  if (!response.headersSent)
    response.writeHead(200, { 'content-type': request.stream ? 'application/x-ndjson' : 'application/json; charset=utf-8' });
}
