import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ReplayServer, type ReplayServerConfig, startReplayServer } from '@chimera/ollama';

/** A replay server behind a door that writes down whatever is asked of it: `POST /api/chat`, … */
export type RecordedOllama = { url: string; asked: string[]; replay: ReplayServer; close(): Promise<void> };

export async function startRecordedOllama(config: ReplayServerConfig): Promise<RecordedOllama> {
  const replay = await startReplayServer(config);
  const asked: string[] = [];
  const door = createServer((incoming, response) => {
    asked.push(`${incoming.method} ${incoming.url}`);
    const { method, headers } = incoming;
    const inner = request(replay.url + incoming.url, { ...(method ? { method } : {}), headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    inner.on('error', () => response.destroy());
    response.on('close', () => inner.destroy());
    incoming.pipe(inner);
  });
  door.listen(0, '127.0.0.1');
  await once(door, 'listening');
  return {
    url: `http://127.0.0.1:${(door.address() as AddressInfo).port}`,
    asked,
    replay,
    async close() {
      door.closeAllConnections();
      await new Promise((resolve) => door.close(resolve));
      await replay.close();
    },
  };
}
