import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newSeeds, Role, type Seeds, UserName } from '@chimera/shared/access';
import { z } from 'zod';
import { CommandFailed } from '../usage-error.ts';

/** How the server is to run; what stands here ends up in nats.conf. */
export const ServerSettings = z.strictObject({
  host: z.string(),
  port: z.int(),
  /** absolute, as the server sees it */
  storeDir: z.string(),
  /** `host:port` of its monitoring over HTTP; null: none */
  monitor: z.string().nullable(),
  /** bytes that all streams together may take */
  maxStorage: z.int().positive(),
  /** paths as the server sees them; null: no TLS */
  tls: z.strictObject({ cert: z.string(), key: z.string(), ca: z.string().nullable(), verifyClients: z.boolean() }).nullable(),
});
export type ServerSettings = z.infer<typeof ServerSettings>;

const UserEntry = z.strictObject({
  role: Role,
  /** null: those of this deployment */
  models: z.array(z.string()).nullable(),
  /** its public key */
  key: z.string(),
  /** seconds since 1970, or never */
  expires: z.int().nullable(),
});
export type UserEntry = z.infer<typeof UserEntry>;

/** What is kept of a locked NATS beside its keys: nothing in it is secret. */
const Access = z.strictObject({
  version: z.literal(1),
  server: ServerSettings,
  /** the models of this deployment */
  models: z.array(z.string()),
  bucketEvents: z.string(),
  users: z.record(UserName, UserEntry),
  /** what the server is shown: signed anew only where it says something else, because a server takes no other operator on a reload */
  signed: z.strictObject({ operator: z.string(), account: z.string(), system: z.string() }).nullable(),
  /** public keys, each with the second up to which what was signed for it is void */
  revoked: z.record(z.string(), z.int()),
});
export type Access = z.infer<typeof Access>;

const KEYS = ['operator', 'account', 'signing', 'system'] as const;

export const accessPath = (folder: string) => join(folder, 'access.json');
export const credsPath = (folder: string, user: string) => join(folder, 'creds', `${user}.creds`);
const keyPath = (folder: string, key: string) => join(folder, 'keys', `${key}.nk`);

/** What is kept in a folder, or null where it holds none. Throws CommandFailed for what cannot be read. */
export async function readAccess(folder: string): Promise<Access | null> {
  const path = accessPath(folder);
  const text = await textOf(path);
  if (text === null) return null;
  try {
    return Access.parse(JSON.parse(text));
  } catch (error) {
    throw new CommandFailed(`${path} is not what "chimera nats init" writes (${firstLine(error)}). Mend it, or begin in another folder.`, {
      cause: error,
    });
  }
}

export async function requireAccess(folder: string): Promise<Access> {
  const access = await readAccess(folder);
  if (access === null)
    throw new CommandFailed(`${folder} holds no users of NATS: make them with "chimera nats init ${folder}", or name the right folder.`);
  return access;
}

export async function writeAccess(folder: string, access: Access): Promise<void> {
  await writeWhole(accessPath(folder), `${JSON.stringify(access, null, 1)}\n`, 0o644);
}

/** The keys of a folder. Throws CommandFailed where one is missing: others would be strangers to the users that there are. */
export async function readSeeds(folder: string): Promise<Seeds> {
  const seeds = await Promise.all(KEYS.map(async (key) => [key, await textOf(keyPath(folder, key))] as const));
  const missing = seeds.filter(([, seed]) => seed === null).map(([key]) => keyPath(folder, key));
  if (missing.length > 0)
    throw new CommandFailed(
      `${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} not there: users are signed where the keys were made. Run this there, or put them back.`,
    );
  return Object.fromEntries(seeds.map(([key, seed]) => [key, (seed ?? '').trim()])) as Seeds;
}

/** Makes the keys of a new folder, all of them or none. What is there is never written over. */
export async function makeSeeds(folder: string): Promise<Seeds> {
  await makeFolder(join(folder, 'creds'), 0o700);
  const there = await Promise.all(KEYS.map((key) => textOf(keyPath(folder, key))));
  if (there.some((seed) => seed !== null)) return readSeeds(folder); // says which is missing
  const seeds = newSeeds();
  const keys = join(folder, 'keys');
  const part = `${keys}.${randomUUID()}.part`;
  await makeFolder(part, 0o700);
  await orSay(keys, async () => {
    for (const key of KEYS) await writeFile(join(part, `${key}.nk`), `${seeds[key]}\n`, { mode: 0o600, flag: 'wx' });
    // In one step: keys of which some were lost would be good for nothing.
    await rename(part, keys);
  }).finally(() => rm(part, { recursive: true, force: true }).catch(() => undefined)); // what cannot be removed is left: the fault above is told
  return seeds;
}

/** Makes a folder where there is none, with those above it. Throws CommandFailed where it cannot be made. */
export async function makeFolder(path: string, mode = 0o755): Promise<void> {
  await orSay(path, () => mkdir(path, { recursive: true, mode }));
}

/** Writes a file under a temporary name first: nobody ever reads half of it. Throws CommandFailed where it cannot be written. */
export async function writeWhole(path: string, text: string, mode: number): Promise<void> {
  const part = `${path}.${randomUUID()}.part`;
  await orSay(path, async () => {
    await writeFile(part, text, { mode, flag: 'wx' });
    await rename(part, path);
  }).catch(async (error: unknown) => {
    await rm(part, { force: true }).catch(() => undefined); // the fault above is the one to tell
    throw error;
  });
}

async function orSay(path: string, write: () => Promise<unknown>): Promise<void> {
  try {
    await write();
  } catch (error) {
    throw new CommandFailed(`${path} cannot be written (${(error as Error).message}): name a folder in which this user may write.`, {
      cause: error,
    });
  }
}

/** The text of a file, or null where there is none. Throws CommandFailed, which names the path, for one that cannot be read. */
export async function textOf(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return null;
    throw new CommandFailed(`${path} cannot be read (${code}): run this as whoever made it.`, { cause: error });
  }
}

function firstLine(error: unknown): string {
  if (error instanceof z.ZodError) return error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
  return error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
}
