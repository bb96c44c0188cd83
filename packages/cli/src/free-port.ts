import { createServer } from 'node:net';
import { CommandFailed } from './usage-error.ts';

/** Makes sure that a port can be listened on; 0 always can. Throws CommandFailed that says `what` holds it and `next`. */
export function requirePort(host: string, port: number, what: string, next: string): Promise<void> {
  if (port === 0) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error) =>
      reject(
        new CommandFailed(`Port ${port} at ${host}, which ${what} needs, cannot be had (${error.message}): ${next}.`, { cause: error }),
      ),
    );
    server.listen(port, host, () => server.close(() => resolve()));
  });
}
