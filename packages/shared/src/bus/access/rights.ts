import type { NatsConnection } from '@nats-io/transport-node';
import { z } from 'zod';

/**
 * What a connection may do, as its own credentials say. The server judges; this only spares asking for what it would refuse, so that
 * a service waits for what another one must make, and no refusal stands in the logs that is no fault.
 */
export type Rights = {
  /** null: the server names no users, or by other means than credentials */
  user: string | null;
  /** where replies to it go, if it has an inbox of its own */
  inboxPrefix: string | null;
  /** seconds since 1970 */
  expires: number | null;
  mayPublish(subject: string): boolean;
  mayHear(filter: string): boolean;
  /** the subjects that it may publish and subscribe to, patterns as they stand; null: any */
  publishes: readonly string[] | null;
  hears: readonly string[] | null;
};

export const EVERY_RIGHT: Rights = {
  user: null,
  inboxPrefix: null,
  expires: null,
  mayPublish: () => true,
  mayHear: () => true,
  publishes: null,
  hears: null,
};

const Subjects = z.object({ allow: z.array(z.string()).optional(), deny: z.array(z.string()).optional() }).optional();
const UserToken = z.object({
  name: z.string(),
  exp: z.number().optional(),
  nats: z.object({ pub: Subjects, sub: Subjects }),
});

export class UnreadableCredentials extends Error {
  override name = 'UnreadableCredentials';
}

/**
 * What is said in a creds file of the user that it is for. Nothing is verified: that is the server's.
 * Throws UnreadableCredentials, with no word of the content, for what is no creds file.
 */
export function rightsIn(creds: string): Rights {
  const token = /-BEGIN NATS USER JWT-+\s+[\w-]+\.([\w-]+)\.[\w-]+\s/.exec(creds)?.[1];
  if (token === undefined || !/-BEGIN USER NKEY SEED-+\s+SU[A-Z2-7]+\s/.test(creds))
    throw new UnreadableCredentials('it is no creds file of NATS: it lacks a user JWT or a seed');
  const { data } = UserToken.safeParse(jsonOf(token));
  if (data === undefined) throw new UnreadableCredentials('its user JWT cannot be read');
  const { pub, sub } = data.nats;
  const inbox = sub?.allow?.find((subject) => /^_INBOX_[^.*>]+\.>$/.test(subject));
  return {
    user: data.name,
    inboxPrefix: inbox === undefined ? null : inbox.slice(0, -2),
    expires: data.exp ?? null,
    mayPublish: (subject) => allowed(pub, subject),
    mayHear: (filter) => allowed(sub, filter),
    publishes: pub?.allow ?? null,
    hears: sub?.allow ?? null,
  };
}

function allowed(subjects: z.infer<typeof Subjects>, subject: string): boolean {
  const { allow, deny } = subjects ?? {};
  const isIn = (patterns: readonly string[]) => patterns.some((pattern) => covers(pattern, subject));
  return (allow === undefined || allow.length === 0 || isIn(allow)) && !isIn(deny ?? []);
}

/** True where a pattern covers all that a subject, or another pattern, does. */
export function covers(pattern: string, subject: string): boolean {
  const [wanted, given] = [pattern.split('.'), subject.split('.')];
  for (const [i, token] of wanted.entries()) {
    if (token === '>') return given.length > i;
    const other = given[i];
    if (other === undefined || other === '>' || (token !== '*' && token !== other)) return false;
  }
  return wanted.length === given.length;
}

function jsonOf(base64url: string): unknown {
  try {
    return JSON.parse(Buffer.from(base64url, 'base64url').toString('utf8'));
  } catch {
    return null;
  }
}

const RIGHTS = new WeakMap<NatsConnection, Rights>();

/** Keeps what a connection may do beside it; `dial` calls it. */
export function keepRights(connection: NatsConnection, rights: Rights): void {
  RIGHTS.set(connection, rights);
}

/** What a connection may do; one that was not dialled by us may do everything. */
export function rightsOn(connection: NatsConnection): Rights {
  return RIGHTS.get(connection) ?? EVERY_RIGHT;
}
