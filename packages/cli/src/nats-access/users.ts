import { rm } from 'node:fs/promises';
import {
  credsFile,
  newUserSeed,
  type Permissions,
  permissionsOf,
  publicKey,
  type Role,
  rightsIn,
  type Seeds,
} from '@chimera/shared/access';
import { type Access, credsPath, textOf, type UserEntry, writeWhole } from './folder.ts';
import { grantOf } from './table.ts';

/** What became of one user's credentials. */
export type Outcome = 'made' | 'renewed' | 'unchanged';

/** The roles that have a user of their own name from the start. */
export const FIRST_USERS = ['ingest', 'collector', 'insight', 'reporter', 'admin'] as const satisfies readonly Role[];

export function permissionsFor(
  access: Pick<Access, 'models' | 'bucketEvents'>,
  name: string,
  entry: Pick<UserEntry, 'role' | 'models'>,
): Permissions {
  return permissionsOf(grantOf(entry.role, { models: entry.models ?? access.models, bucketEvents: access.bucketEvents }), name);
}

/**
 * Makes the credentials of a user, or signs those there are anew where they say something else than they should; the user's key
 * stays. Returns the entry to keep and what became of it.
 */
export async function provideUser(
  folder: string,
  seeds: Seeds,
  access: Access,
  name: string,
  wanted: Omit<UserEntry, 'key'>,
): Promise<{ entry: UserEntry; outcome: Outcome }> {
  const path = credsPath(folder, name);
  const kept = await textOf(path);
  const known = kept === null ? null : seedIn(kept);
  // A key that was revoked stays so.
  const seed = known === null || access.revoked[publicKey(known)] !== undefined ? newUserSeed() : known;
  const entry: UserEntry = { ...wanted, key: publicKey(seed) };
  const permissions = permissionsFor(access, name, entry);
  if (kept !== null && seed === known && says(kept, name, permissions, entry.expires)) return { entry, outcome: 'unchanged' };
  await writeWhole(path, await credsFile(seeds, { name, seed, permissions, expires: entry.expires }), 0o600);
  return { entry, outcome: kept === null ? 'made' : 'renewed' };
}

/** Removes a user's credentials here; what was copied elsewhere is refused once the server has read its configuration again. */
export async function removeCredentials(folder: string, name: string): Promise<void> {
  await rm(credsPath(folder, name), { force: true });
}

function seedIn(creds: string): string | null {
  return /-BEGIN USER NKEY SEED-+\s+(SU[A-Z2-7]+)\s/.exec(creds)?.[1] ?? null;
}

/** Whether credentials say just this of their user. */
function says(creds: string, name: string, permissions: Permissions, expires: number | null): boolean {
  const rights = rightsIn(creds);
  return (
    rights.user === name &&
    rights.expires === expires &&
    rights.publishes?.join() === permissions.publish.join() &&
    rights.hears?.join() === permissions.subscribe.join()
  );
}
