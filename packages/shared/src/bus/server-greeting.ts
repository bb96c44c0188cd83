import { createConnection } from 'node:net';
import { z } from 'zod';

const Greeting = z.object({ tls_required: z.boolean().optional(), tls_verify: z.boolean().optional() });
export type Greeting = z.infer<typeof Greeting>;

const WAIT_MS = 2_000;
const LARGEST = 65_536;

/** What a nats-server says to whoever connects, before any TLS; null where nothing of the kind comes. `server`: `nats://host:port` */
export function greetingOf(server: string): Promise<Greeting | null> {
  const url = new URL(/^[a-z]+:\/\//i.test(server) ? server : `nats://${server}`);
  return new Promise((resolve) => {
    const socket = createConnection({ host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port) || 4222 });
    let said = '';
    const end = (greeting: Greeting | null) => {
      socket.destroy();
      resolve(greeting);
    };
    socket.setTimeout(WAIT_MS, () => end(null));
    socket.once('error', () => end(null));
    socket.once('close', () => end(null));
    socket.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      const line = /^INFO (\{.*\})/.exec(said)?.[1];
      if (line !== undefined) end(parsed(line));
      else if (said.length > LARGEST) end(null);
    });
  });
}

function parsed(line: string): Greeting | null {
  try {
    return Greeting.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null;
  }
}
