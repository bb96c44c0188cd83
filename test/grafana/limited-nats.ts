import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NatsBinary } from '../support/nats.ts';
import { startGuarded } from './guarded.ts';

/** A real nats-server whose account may hold only so much, as one has it who shares a server: what an account may hold is told only then. */
export async function startLimitedNats(binary: NatsBinary, folder: string): Promise<{ url: string; close(): Promise<void> }> {
  mkdirSync(folder, { recursive: true });
  const config = join(folder, 'nats.conf');
  const lines = [
    'listen: "127.0.0.1:-1"',
    `jetstream { store_dir: ${JSON.stringify(folder)} }`,
    'accounts { CHIMERA: { jetstream: { max_file: 1GB, max_mem: 64MB }, users: [ { user: chimera, password: chimera } ] } }',
    'no_auth_user: chimera',
  ];
  writeFileSync(config, `${lines.join('\n')}\n`);
  const { found, close } = await startGuarded(
    binary.path,
    ['-c', config],
    /Listening for client connections on 127\.0\.0\.1:(\d+)[\s\S]*Server is ready/,
  );
  return { url: `nats://127.0.0.1:${found[1]}`, close };
}
