import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTcpServer, type Socket } from 'node:net';

export interface RawServer {
  url: string;
  close(): Promise<void>;
}

/** A server for tests that answers as the handler says, on a free port of this host. */
export async function rawServer(handler: (request: IncomingMessage, response: ServerResponse) => void): Promise<RawServer> {
  const server = createServer(handler);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('The test server has no port.');
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** A server that answers every chat with these bytes, a write each, and every other path with 404. */
export function bytesServer(writes: readonly (string | Uint8Array)[]): Promise<RawServer> {
  return rawServer((request, response) => {
    if (request.url !== '/api/chat') {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('404 page not found');
      return;
    }
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    const next = (index: number): void => {
      const bytes = writes[index];
      if (bytes === undefined) response.end();
      else response.write(bytes, () => next(index + 1));
    };
    next(0);
  });
}

/** A server that takes connections and never says a word: by https, whose handshake it does not answer, no connection comes to stand. */
export async function muteServer(): Promise<RawServer> {
  const server = createTcpServer();
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => sockets.add(socket.on('error', () => socket.destroy())));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('The test server has no port.');
  return {
    url: `https://127.0.0.1:${address.port}`,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
