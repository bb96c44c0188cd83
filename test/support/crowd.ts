import { readFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { credsAuthenticator } from '@nats-io/transport-node';

const GUARD_MS = 30_000;

/**
 * Connects to a nats-server with each of these creds files, all in the same moment: the client library would come one after the other.
 * Returns what JetStream answers to each that asks for its account.
 */
export async function comeAtOnce(port: number, creds: readonly string[]): Promise<string[]> {
  const guests = await Promise.all(creds.map((path, i) => greeted(port, path, i)));
  return Promise.all(guests.map((enter) => enter()));
}

/** Waits for the server's greeting, and returns how to go on. */
function greeted(port: number, path: string, index: number): Promise<() => Promise<string>> {
  const socket = createConnection({ host: '127.0.0.1', port }).setEncoding('utf8');
  const user = /\/([^/]+)\.creds$/.exec(path)?.[1] ?? '';
  const inbox = `_INBOX_${user}.${index}`;
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once('data', (text) => {
      const { nonce } = JSON.parse(/^INFO (.*)/.exec(String(text))?.[1] ?? '{}') as { nonce?: string };
      const shown = {
        ...credsAuthenticator(readFileSync(path))(nonce),
        verbose: false,
        pedantic: false,
        protocol: 1,
        headers: true,
        no_responders: true,
      };
      const lines = `CONNECT ${JSON.stringify(shown)}\r\nSUB ${inbox} 1\r\nPUB $JS.API.INFO ${inbox} 0\r\n\r\n`;
      resolve(() => answerTo(socket, lines, inbox));
    });
  });
}

function answerTo(socket: ReturnType<typeof createConnection>, lines: string, inbox: string): Promise<string> {
  return new Promise((resolve) => {
    let said = '';
    const end = () => {
      socket.destroy();
      resolve(said);
    };
    socket.setTimeout(GUARD_MS, end);
    socket.on('data', (text) => {
      said += String(text);
      // An answer, or that nobody is there to give one.
      if (new RegExp(`H?MSG ${inbox.replace('.', '\\.')} [^\\r]*\\r\\n[^\\r]+`).test(said)) end();
    });
    socket.write(lines);
  });
}
