import { access, constants, stat } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { keepRights } from './access/rights.ts';
import { type Credentials, readCredentials } from './credentials.ts';
import { dialFault, NatsRefusal, watchFaults } from './dial-fault.ts';
import { greetingOf } from './server-greeting.ts';

export { NatsRefusal } from './dial-fault.ts';

/** Paths of PEM files. Without any of them a server that asks for TLS is believed by the authorities that Node knows. */
export type TlsFiles = {
  /** the authorities by which the server is known */
  ca?: string | undefined;
  /** what this client shows of itself, where the server asks for it; both or none */
  cert?: string | undefined;
  key?: string | undefined;
};

export type DialOptions = {
  /** `nats://host:port`, several comma-separated; `tls://` demands TLS */
  url: string;
  /** a credentials file, if the server asks for one, or a folder that holds `<as>.creds` */
  credsFile?: string | undefined;
  /** whose credentials to take from a folder */
  as?: string | undefined;
  token?: string | undefined;
  tls?: TlsFiles | undefined;
  /** the connection's name in the server's own lists */
  name: string;
  /** how long the first connection may take before it is an error; null: wait for ever */
  connectTimeoutMs: number | null;
  /** told of what happens to the connection: one sentence */
  onEvent?: (event: string) => void;
  /** told what the server refuses to this user, in a sentence; else `onEvent` is */
  onFault?: (fault: string) => void;
};

const PAUSE_MS = 500;
const ATTEMPT_MS = 10_000;
// A server that is away for an hour should not fill the log.
const WORD_EACH_MS = 60_000;

/**
 * Connects, trying again until the time is up. Throws an error that names the server, the reason and the next step; at once where a
 * file that is named is not there or not what it should be.
 */
export async function dial(options: DialOptions): Promise<NatsConnection> {
  const servers = options.url.split(',').map((s) => s.trim());
  const credentials = await readCredentials(await credsPath(options));
  const tls = await tlsOptions(servers, options.tls ?? {});
  const deadline = options.connectTimeoutMs === null ? Number.POSITIVE_INFINITY : performance.now() + options.connectTimeoutMs;
  let nextWord = 0;
  for (;;) {
    try {
      const connection = await connect({
        servers,
        name: options.name,
        // The defaults give up for good after about twenty seconds, and notice a dead link after minutes.
        maxReconnectAttempts: -1,
        reconnectTimeWait: PAUSE_MS,
        pingInterval: 20_000,
        timeout: ATTEMPT_MS,
        // Nor for good because it was refused: credentials are read anew each time, and may be mended meanwhile.
        ignoreAuthErrorAbort: true,
        ...(credentials ? { authenticator: credentials.authenticator } : {}),
        ...(credentials?.rights.inboxPrefix ? { inboxPrefix: credentials.rights.inboxPrefix } : {}),
        ...(options.token ? { token: options.token } : {}),
        ...(tls ? { tls } : {}),
      });
      if (credentials) keepRights(connection, credentials.rights);
      void watchFaults(connection, told(options, credentials), options.onFault ?? options.onEvent ?? (() => {}));
      return connection;
    } catch (error) {
      const greeting = tls === null ? null : await greetingOf(servers[0] ?? '');
      const { says, next, away } = dialFault(error, { ...told(options, credentials), greeting });
      if (performance.now() >= deadline) throw new (away ? Error : NatsRefusal)(`${says}. ${next}`, { cause: error });
      if (performance.now() >= nextWord) {
        options.onEvent?.(`${says.replace(/^No /, 'no ')}; trying again, and telling of it each minute. ${next}`);
        nextWord = performance.now() + WORD_EACH_MS;
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}

function told(options: DialOptions, credentials: Credentials | null) {
  return { url: withoutPassword(options.url), credentials, token: options.token !== undefined, tls: options.tls ?? {} };
}

/** Where the credentials are: the file, or that of this user in a folder. */
async function credsPath({ credsFile, as }: DialOptions): Promise<string | null> {
  if (credsFile === undefined) return null;
  const found = await stat(credsFile).catch(() => null);
  return found?.isDirectory() && as !== undefined ? join(credsFile, `${as}.creds`) : credsFile;
}

/** What the client is told of TLS: the names of the files, so that renewed ones count from the next connection on. */
async function tlsOptions(servers: readonly string[], { ca, cert, key }: TlsFiles) {
  if ((cert === undefined) !== (key === undefined))
    throw new NatsRefusal('CHIMERA_NATS_TLS_CERT and CHIMERA_NATS_TLS_KEY go together: give both, or none.');
  for (const [variable, path] of Object.entries({ CHIMERA_NATS_TLS_CA: ca, CHIMERA_NATS_TLS_CERT: cert, CHIMERA_NATS_TLS_KEY: key }))
    if (path !== undefined)
      await access(path, constants.R_OK).catch((error: NodeJS.ErrnoException) => {
        throw new NatsRefusal(`The file ${path}, which ${variable} names, cannot be read (${error.code}). Name one that can.`, {
          cause: error,
        });
      });
  const wanted = servers.some((server) => /^tls:/i.test(server)) || ca !== undefined || cert !== undefined;
  if (!wanted) return null;
  return {
    ...(ca ? { caFile: ca } : {}),
    ...(cert ? { certFile: cert } : {}),
    ...(key ? { keyFile: key } : {}),
    checkServerIdentity: identityCheck(servers),
  };
}

/**
 * Of a server that is named by its address the library tells TLS no name, which then takes it for "localhost": the certificate
 * may as well be for one of the addresses that are configured.
 */
function identityCheck(servers: readonly string[]) {
  const addresses = servers
    .map((server) =>
      server
        .replace(/^\w+:\/\//, '')
        .replace(/:\d+$/, '')
        .replace(/^\[|\]$/g, ''),
    )
    .filter(isIP);
  return (name: string, certificate: PeerCertificate): Error | undefined => {
    const faults = [...(name === 'localhost' ? addresses : []), name].map((each) => checkServerIdentity(each, certificate));
    return faults.includes(undefined) ? undefined : faults[0];
  };
}

/** A server's address, or several comma-separated, as they may stand in logs and messages. An address may go without its scheme. */
export function withoutPassword(url: string): string {
  return url.replace(/(\/\/|^|,\s*)[^/,\s]*@/g, '$1…@');
}
