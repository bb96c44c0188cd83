import { join, resolve } from 'node:path';
import { BUCKET_EVENTS } from '@chimera/ingest';
import type { Seeds } from '@chimera/shared/access';
import { type Access, makeFolder, makeSeeds, readAccess, type ServerSettings, writeAccess, writeWhole } from './folder.ts';
import { serverConf, sign, usersConf } from './server-conf.ts';
import { FIRST_USERS, type Outcome, provideUser } from './users.ts';

/** What may be said when users are made; what is not said stays as it was, or is the default. */
export type InitWishes = {
  server: Partial<ServerSettings>;
  models: readonly string[] | null;
  bucketEvents: string | null;
};

/** 10 GB as nats-server counts them, which is also what its configuration in deploy/ allows. */
export const DEFAULT_STORAGE = 10 * 1_073_741_824;
const DEFAULT_MODEL = 'gemma3:latest';

/**
 * Makes the keys, the users and the configuration of a locked NATS in a folder, or brings those there are up to date: keys stay, and
 * credentials are signed anew only where they should say something else. Returns what became of each user.
 */
export async function initAccess(folder: string, wishes: InitWishes): Promise<Map<string, Outcome>> {
  await makeFolder(folder);
  const before = await readAccess(folder);
  const seeds = await makeSeeds(folder);
  const access: Access = {
    version: 1,
    server: { ...(before?.server ?? defaultServer(folder)), ...wishes.server },
    models: [...(wishes.models ?? before?.models ?? [DEFAULT_MODEL])],
    bucketEvents: wishes.bucketEvents ?? before?.bucketEvents ?? BUCKET_EVENTS,
    users: { ...before?.users },
    revoked: { ...before?.revoked },
    signed: before?.signed ?? null,
  };
  for (const name of FIRST_USERS) access.users[name] ??= { role: name, models: null, key: '', expires: null };
  const outcomes = new Map<string, Outcome>();
  for (const [name, wanted] of Object.entries(access.users)) {
    const { entry, outcome } = await provideUser(folder, seeds, access, name, wanted);
    access.users[name] = entry;
    outcomes.set(name, outcome);
  }
  await writeConfigurations(folder, seeds, access);
  return outcomes;
}

/** Writes what is kept, and nats.conf and users.conf as they follow from it. */
export async function writeConfigurations(folder: string, seeds: Seeds, access: Access): Promise<void> {
  const signed = await sign(seeds, access);
  const users = usersConf(seeds, signed);
  await writeAccess(folder, { ...access, signed });
  await writeWhole(join(folder, 'users.conf'), users, 0o644);
  await writeWhole(join(folder, 'nats.conf'), serverConf(access.server, users), 0o644);
}

function defaultServer(folder: string): ServerSettings {
  return {
    host: '127.0.0.1',
    port: 4222,
    storeDir: join(resolve(folder), 'jetstream'),
    monitor: '127.0.0.1:8222',
    maxStorage: DEFAULT_STORAGE,
    tls: null,
  };
}
