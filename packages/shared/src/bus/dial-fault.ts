import { AuthorizationError, type NatsConnection, PermissionViolationError, UserAuthenticationExpiredError } from '@nats-io/transport-node';
import type { Credentials } from './credentials.ts';
import type { TlsFiles } from './dial.ts';
import type { Greeting } from './server-greeting.ts';

/** What is known of a connection where it fails. */
type Dialled = { url: string; credentials: Credentials | null; token: boolean; tls: TlsFiles; greeting?: Greeting | null };

/** Why there is no connection: a sentence without its full stop, and what to do. `away`: nobody answers, which may pass by itself. */
export type DialFault = { says: string; next: string; away?: true };

/** A server that is there and does not take this client, or a file that the connection needs and cannot have. */
export class NatsRefusal extends Error {
  override name = 'NatsRefusal';
}

const WORD_EACH_MS = 60_000;

/** Codes of OpenSSL's verdicts on the server's certificate, as Node passes them on. */
const UNKNOWN_AUTHORITY = new Set([
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_SIGNATURE_FAILURE',
]);

/** What a failed connection is told as. */
export function dialFault(error: unknown, dialled: Dialled): DialFault {
  return authFault(error, dialled) ?? tlsFault(error, dialled) ?? unreachable(error, dialled);
}

function unreachable(error: unknown, { url }: Dialled): DialFault {
  return {
    says: `No nats-server answers at ${url} (${textOf(error)})`,
    next: 'Start one, or name another with CHIMERA_NATS_URL; "chimera doctor" says what is reachable.',
    away: true,
  };
}

function authFault(error: unknown, { url, credentials, token }: Dialled): DialFault | null {
  const expired = error instanceof UserAuthenticationExpiredError;
  if (!expired && !(error instanceof AuthorizationError)) return null;
  if (credentials === null)
    return {
      says: `The nats-server at ${url} ${token ? 'does not take the token' : 'asks who connects, and no credentials are given'}`,
      next: token
        ? 'Give the one that it was configured with, in CHIMERA_NATS_TOKEN.'
        : 'Name a creds file with CHIMERA_NATS_CREDS, or give a token in CHIMERA_NATS_TOKEN.',
    };
  const { path, rights } = credentials;
  if (expired || (rights.expires !== null && rights.expires * 1_000 <= Date.now()))
    return {
      says: `The credentials of ${rights.user} in ${path} are no longer valid for the nats-server at ${url}${rights.expires === null ? '' : `: they ended at ${new Date(rights.expires * 1_000).toISOString()}`}`,
      next: `Make new ones where the keys are, with "chimera nats user ${rights.user} --as ROLE --dir DIR", and put them there.`,
    };
  return {
    says: `The nats-server at ${url} refuses the user ${rights.user} of ${path} (${error.message})`,
    next: 'It knows other keys, or the user was revoked: make credentials with "chimera nats user" where the keys of this server are.',
  };
}

function tlsFault(error: unknown, dialled: Dialled): DialFault | null {
  const { url, tls } = dialled;
  const [code, text] = [codeOf(error), textOf(error)];
  const at = `the nats-server at ${url}`;
  if (UNKNOWN_AUTHORITY.has(code))
    return {
      says: `The certificate of ${at} is of no authority that is known here (${code})`,
      next: tls.ca
        ? `CHIMERA_NATS_TLS_CA names ${tls.ca}: give the certificate of the authority that signed the server's.`
        : "Name the certificate of the authority that signed the server's with CHIMERA_NATS_TLS_CA.",
    };
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID')
    return {
      says: `The certificate of ${at} is ${code === 'CERT_HAS_EXPIRED' ? 'past its end' : 'not valid yet'} (${text})`,
      next: 'Renew it and let the server load it (SIGHUP); or see whether the clock of this machine is right.',
    };
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return {
      says: `The certificate of ${at} is for another name (${text})`,
      next: 'Call the server by a name in its certificate, or let the certificate name this address too.',
    };
  if (/server does not support 'tls'/.test(text))
    return {
      says: `The nats-server at ${url} speaks no TLS, and it is asked for`,
      next: 'Configure it with a certificate, or leave out tls:// and CHIMERA_NATS_TLS_….',
    };
  // TLS 1.3 lets the client go on before its certificate is judged, and the refusal gets lost: the server said before that it wants one.
  const unanswered = /^(timeout|read ECONNRESET|.*closed.*)$/i.test(text) && dialled.greeting?.tls_verify === true;
  if (unanswered || /certificate required|bad certificate|unknown ca|handshake failure|certificate_required|unknown_ca/i.test(text))
    return {
      says: `The nats-server at ${url} does not take the certificate of this client (${text})`,
      next: tls.cert
        ? `Show one that is signed by an authority that the server knows, in place of ${tls.cert}.`
        : 'It asks for one: name it with CHIMERA_NATS_TLS_CERT and CHIMERA_NATS_TLS_KEY.',
    };
  if (/PEM|ERR_OSSL|ERR_SSL|EPROTO|no start line|key values mismatch/i.test(`${code} ${text}`))
    return {
      says: `TLS with ${at} fails (${text})`,
      next: 'See whether CHIMERA_NATS_TLS_CA, _CERT and _KEY are PEM files that belong together.',
    };
  return null;
}

/**
 * Tells what the server refuses while connected, and why it takes nobody back: nothing else would show it where no answer is waited
 * for. Each refusal once a minute. Ends with the connection.
 */
export async function watchFaults(connection: NatsConnection, dialled: Dialled, tell: (fault: string) => void): Promise<void> {
  const toldAt = new Map<string, number>();
  for await (const status of connection.status()) {
    if (status.type !== 'error') continue;
    const sentence = refusal(status.error, dialled);
    const last = sentence === null ? undefined : toldAt.get(sentence);
    if (sentence === null || (last !== undefined && performance.now() - last < WORD_EACH_MS)) continue;
    toldAt.set(sentence, performance.now());
    tell(sentence);
  }
}

function refusal(error: Error, dialled: Dialled): string | null {
  if (error instanceof PermissionViolationError) {
    const user = dialled.credentials?.rights.user;
    return `The nats-server at ${dialled.url} does not let ${user ? `the user ${user}` : 'this connection'} ${error.operation === 'publish' ? 'publish to' : 'subscribe to'} "${error.subject}". "chimera nats users" says what each role may do; credentials of another role or model, or of an older version, are the usual reason.`;
  }
  const fault = authFault(error, dialled);
  return fault && `${fault.says}. ${fault.next}`;
}

/** The first code in a chain of causes. */
function codeOf(error: unknown): string {
  for (let e: unknown = error; e instanceof Error; e = e.cause) {
    const { code } = e as NodeJS.ErrnoException;
    if (code !== undefined && code !== '') return String(code);
  }
  return '';
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
