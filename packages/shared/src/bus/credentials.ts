import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { type Authenticator, credsAuthenticator } from '@nats-io/transport-node';
import { type Rights, rightsIn, UnreadableCredentials } from './access/rights.ts';
import { NatsRefusal } from './dial-fault.ts';

/** A creds file: how to show it to the server, and what it says of the user. */
export type Credentials = { path: string; rights: Rights; authenticator: Authenticator };

/**
 * Reads a creds file; null for none. Throws an error that names the file and never what is in it. The authenticator reads it again
 * whenever the server asks, so that renewed credentials count without a restart; what the user may do counts from the start.
 */
export async function readCredentials(path: string | null): Promise<Credentials | null> {
  if (path === null) return null;
  try {
    const rights = rightsIn(await readFile(path, 'utf8'));
    return { path, rights, authenticator: (nonce) => credsAuthenticator(readFileSync(path))(nonce) };
  } catch (error) {
    const why = error instanceof UnreadableCredentials ? error.message : ((error as NodeJS.ErrnoException).code ?? 'unreadable');
    throw new NatsRefusal(
      `The credentials file ${path} cannot be used (${why}). Name another with CHIMERA_NATS_CREDS; "chimera nats user" makes one.`,
      { cause: error },
    );
  }
}
