import { decode, encodeAccount, encodeOperator, encodeUser, fmtCreds } from '@nats-io/jwt';
import { createAccount, createOperator, createUser, fromSeed, type KeyPair } from '@nats-io/nkeys';
import { contentHash } from '../../store/content-hash.ts';
import type { Permissions } from './grant.ts';

/** Seeds as text, each a secret. The operator signs accounts; the account's signing key signs users, and its own key nothing. */
export type Seeds = { operator: string; account: string; signing: string; system: string };

export type AccountLimits = {
  /** bytes that all streams together may take on the server's disk */
  storageBytes: number;
  connections: number;
  /** bytes of one message */
  payloadBytes: number;
  streams: number;
};

const NO_LIMIT = -1;
/** Of objects that are being read: their consumers live in memory. */
const MEMORY_BYTES = 64 * 1_048_576;

/**
 * Offered by the account to the system account, and used by nobody: that an import names it has the server load the account at its start.
 * Where the first two clients make it do that at once, 2.9.10 leaves the account without JetStream until it is started again.
 */
const LOADED_AT_START = { name: 'loaded at start', subject: 'chimera.loaded', type: 'service' } as const;

const pairOf = (seed: string): KeyPair => fromSeed(new TextEncoder().encode(seed));
const seedOf = (pair: KeyPair): string => new TextDecoder().decode(pair.getSeed());

export function newSeeds(): Seeds {
  return {
    operator: seedOf(createOperator()),
    account: seedOf(createAccount()),
    signing: seedOf(createAccount()),
    system: seedOf(createAccount()),
  };
}

export const newUserSeed = (): string => seedOf(createUser());

/** The public key that belongs to a seed: what the server knows a user or account by. Throws for what is no seed. */
export const publicKey = (seed: string): string => pairOf(seed).getPublicKey();

export function operatorToken(seeds: Seeds): Promise<string> {
  return encodeOperator('chimera', pairOf(seeds.operator), { system_account: publicKey(seeds.system) });
}

/** The account in which Chimera is. `revoked`: public keys of users, each with the time (seconds) up to which what was signed is void. */
export function accountToken(seeds: Seeds, limits: AccountLimits, revoked: Readonly<Record<string, number>>): Promise<string> {
  return encodeAccount(
    'chimera',
    pairOf(seeds.account),
    {
      signing_keys: [publicKey(seeds.signing)],
      revocations: { ...revoked },
      exports: [LOADED_AT_START],
      limits: {
        conn: limits.connections,
        payload: limits.payloadBytes,
        disk_storage: limits.storageBytes,
        mem_storage: MEMORY_BYTES,
        streams: limits.streams,
        consumer: NO_LIMIT,
        max_ack_pending: NO_LIMIT,
        subs: NO_LIMIT,
        data: NO_LIMIT,
        leaf: 0,
        imports: 0,
        exports: 1,
        wildcards: false,
        disallow_bearer: true,
      },
    },
    { signer: pairOf(seeds.operator) },
  );
}

/** The account of the server's own messages, without JetStream; nobody has a user in it. */
export function systemToken(seeds: Seeds): Promise<string> {
  const limits = {
    conn: NO_LIMIT,
    payload: NO_LIMIT,
    subs: NO_LIMIT,
    data: NO_LIMIT,
    leaf: 0,
    imports: 1,
    exports: NO_LIMIT,
    wildcards: true,
  };
  const imports = [{ ...LOADED_AT_START, account: publicKey(seeds.account) }];
  return encodeAccount('SYS', pairOf(seeds.system), { limits, imports }, { signer: pairOf(seeds.operator) });
}

/** Whether two tokens differ in nothing but when they were signed. */
export function saysTheSame(a: string, b: string): boolean {
  const said = (token: string) => {
    const { iat: _, jti: __, ...rest } = decode(token);
    return contentHash(rest);
  };
  return said(a) === said(b);
}

/** A creds file: the user's JWT and its seed. `expires`: seconds since 1970, or null for never. */
export async function credsFile(
  seeds: Pick<Seeds, 'account' | 'signing'>,
  user: { name: string; seed: string; permissions: Permissions; expires: number | null },
): Promise<string> {
  const token = await encodeUser(
    user.name,
    pairOf(user.seed),
    pairOf(seeds.account),
    {
      pub: { allow: user.permissions.publish, deny: [] },
      sub: { allow: user.permissions.subscribe, deny: [] },
      bearer_token: false,
      allowed_connection_types: ['STANDARD'],
    },
    { signer: pairOf(seeds.signing), ...(user.expires === null ? {} : { exp: user.expires }) },
  );
  return new TextDecoder().decode(fmtCreds(token, pairOf(user.seed)));
}
