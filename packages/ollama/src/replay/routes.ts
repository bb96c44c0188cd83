import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ChatDesk, serveChat } from './chat-desk.ts';
import { shown } from './models.ts';
import { modelNotFound, sendRefusal } from './refusal.ts';
import { generateRequest, isRecord, type ReplayRequest, replayRequest } from './request.ts';

/** What `/api/version` answers. */
export const REPLAY_VERSION = '0.0.0-replay';

/** Answers one request of any kind. */
export async function route(desk: ChatDesk, request: IncomingMessage, response: ServerResponse): Promise<void> {
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
      return json(response, 200, desk.runners.ps());
    case 'POST /api/show':
      return show(desk, await bodyOf(request), response);
    case 'POST /api/chat':
      return chat(desk, replayRequest(await bodyOf(request)), response);
    case 'POST /api/generate':
      return chat(desk, generateRequest(await bodyOf(request)), response);
    default:
      response.writeHead(404, { 'content-type': 'text/plain' }).end('404 page not found');
  }
}

async function chat(desk: ChatDesk, read: ReplayRequest | string, response: ServerResponse): Promise<void> {
  if (typeof read === 'string') json(response, 400, { error: read });
  else await serveChat(desk, read, response);
}

function show(desk: ChatDesk, body: unknown, response: ServerResponse): void {
  const name = isRecord(body) ? (body.model ?? body.name) : undefined;
  const model = typeof name === 'string' ? desk.models.find(name) : undefined;
  if (typeof name !== 'string' || name === '') json(response, 400, { error: 'model is required' });
  else if (model === undefined) sendRefusal(response, modelNotFound(name));
  else json(response, 200, shown(model));
}

/** The JSON of a request's body; undefined when it is none. */
async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(Buffer.from(part));
  try {
    return JSON.parse(Buffer.concat(parts).toString('utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
}

/** A fault of the server itself (a schema that it cannot fulfil) is told to the caller, as Ollama tells its own. */
export function fail(response: ServerResponse, error: unknown): void {
  const message = `the replay server failed: ${error instanceof Error ? error.message : String(error)}`;
  if (response.destroyed) return;
  if (response.headersSent) response.end(`${JSON.stringify({ error: message })}\n`);
  else json(response, 500, { error: message });
}
