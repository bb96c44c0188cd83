import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { REPLAY_HEADER } from '../transport.ts';
import { type BehaviourScript, type ReplayRequest, replayRequest } from './behaviour.ts';
import { CallLog, type RecordedCall } from './call-log.ts';
import { type ChatDesk, serveChat } from './chat-desk.ts';
import { type ReplayModel, ReplayModels } from './models.ts';
import { type Rates, type ReplayTimers, realTimers } from './rates.ts';

/** What `/api/version` answers. */
export const REPLAY_VERSION = '0.0.0-replay';

export interface ReplayServerConfig {
  /** default 0: a free one */
  port?: number | undefined;
  /** default 127.0.0.1 */
  host?: string | undefined;
  /** default `gemma3:latest` */
  models?: readonly (string | ReplayModel)[] | undefined;
  /** default well-behaved */
  behaviour?: BehaviourScript | undefined;
  /** default: as fast as it goes, and reported as measured */
  rates?: Rates | undefined;
  timers?: ReplayTimers | undefined;
}

export interface ReplayServer {
  readonly url: string;
  /** the chat calls in the order of arrival, those under way included */
  readonly calls: readonly RecordedCall[];
  /** the most chat calls that were under way at once */
  readonly busyMax: number;
  /** The call of this index, as soon as it has arrived. */
  call(index: number): Promise<RecordedCall>;
  /** Breaks off what is under way and closes all sockets. */
  close(): Promise<void>;
}

/**
 * Starts an HTTP server that speaks Ollama's protocol (`/api/chat`, `/api/tags`, `/api/ps`, `/api/version`) and has no model: it
 * answers by script. For tests and demonstrations; it says what it is by its version and by the header `x-chimera-replay: 1`.
 * Throws the system's error (`EADDRINUSE`, …) when it cannot listen.
 */
export async function startReplayServer(config: ReplayServerConfig = {}): Promise<ReplayServer> {
  const host = config.host ?? '127.0.0.1';
  const log = new CallLog();
  const desk: ChatDesk = {
    models: new ReplayModels(config.models ?? ['gemma3:latest']),
    behaviour: config.behaviour ?? { kind: 'well-behaved' },
    rates: config.rates ?? {},
    timers: config.timers ?? realTimers,
    log,
  };
  const server = createServer((request, response) => {
    response.setHeader(REPLAY_HEADER, '1');
    route(desk, request, response).catch((error: unknown) => fail(response, error));
  });
  server.listen(config.port ?? 0, host);
  await once(server, 'listening');
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${portOf(server)}`,
    calls: log.calls,
    get busyMax() {
      return log.busyMax;
    },
    call: (index) => log.call(index),
    close: async () => {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function route(desk: ChatDesk, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = new URL(request.url ?? '/', 'http://replay').pathname;
  const asked = `${request.method === 'HEAD' ? 'GET' : request.method} ${path}`;
  switch (asked) {
    case 'GET /':
      response.setHeader('content-type', 'text/plain; charset=utf-8').end('Ollama is running');
      return;
    case 'GET /api/version':
      return json(response, 200, { version: REPLAY_VERSION });
    case 'GET /api/tags':
      return json(response, 200, desk.models.tags());
    case 'GET /api/ps':
      return json(response, 200, desk.models.ps());
    case 'POST /api/chat': {
      const read = await chatRequest(request);
      if (typeof read === 'string') return json(response, 400, { error: read });
      return serveChat(desk, read, response);
    }
    default:
      response.writeHead(404, { 'content-type': 'text/plain' }).end('404 page not found');
  }
}

async function chatRequest(request: IncomingMessage): Promise<ReplayRequest | string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(Buffer.from(part));
  let body: unknown;
  try {
    body = JSON.parse(Buffer.concat(parts).toString('utf8'));
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return replayRequest(body);
}

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
}

/** A fault of the server itself (a schema that it cannot fulfil) is told to the caller, as Ollama tells its own. */
function fail(response: ServerResponse, error: unknown): void {
  const message = `the replay server failed: ${error instanceof Error ? error.message : String(error)}`;
  if (response.destroyed) return;
  if (response.headersSent) response.end(`${JSON.stringify({ error: message })}\n`);
  else json(response, 500, { error: message });
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
