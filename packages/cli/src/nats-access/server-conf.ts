import { accountToken, operatorToken, publicKey, type Seeds, saysTheSame, systemToken } from '@chimera/shared/access';
import type { Access, ServerSettings } from './folder.ts';

/** Bytes of one message: the server's own default, which dead letters and blobs reckon with. */
const PAYLOAD_BYTES = 1_048_576;
const CONNECTIONS = 1_000;
/** Far more than Chimera has, and few enough that nobody fills a server with streams. */
const STREAMS = 64;
/** What a user shows when it connects: its JWT names every subject that it may use. */
const CONTROL_LINE_BYTES = 65_536;

const HEAD = `# Written by "chimera nats init"; run it again to change something. Nothing here is secret.\n`;

export type Signed = NonNullable<Access['signed']>;

/** Operator and accounts as the server is shown them; what says the same as before stays as it was. */
export async function sign(seeds: Seeds, { server, revoked, signed }: Pick<Access, 'server' | 'revoked' | 'signed'>): Promise<Signed> {
  const limits = { storageBytes: server.maxStorage, connections: CONNECTIONS, payloadBytes: PAYLOAD_BYTES, streams: STREAMS };
  const kept = (before: string | undefined, now: string) => (before !== undefined && saysTheSame(before, now) ? before : now);
  return {
    operator: kept(signed?.operator, await operatorToken(seeds)),
    account: kept(signed?.account, await accountToken(seeds, limits, revoked)),
    system: kept(signed?.system, await systemToken(seeds)),
  };
}

/** The part of the configuration that says who may connect: for a server that is configured elsewhere and includes this. */
export function usersConf(seeds: Seeds, signed: Signed): string {
  return `${HEAD}max_control_line: ${CONTROL_LINE_BYTES}
max_payload: ${PAYLOAD_BYTES}
operator: "${signed.operator}"
system_account: ${publicKey(seeds.system)}
resolver: MEMORY
resolver_preload: {
  ${publicKey(seeds.account)}: "${signed.account}"
  ${publicKey(seeds.system)}: "${signed.system}"
}
`;
}

/** A whole configuration: `nats-server -c nats.conf`. */
export function serverConf(server: ServerSettings, users: string): string {
  const { tls } = server;
  const lines = [
    'server_name: chimera',
    `host: ${quoted(server.host)}`,
    `port: ${server.port}`,
    ...(server.monitor === null ? [] : [`http: ${quoted(server.monitor)}`]),
    'jetstream {',
    `  store_dir: ${quoted(server.storeDir)}`,
    `  max_file_store: ${server.maxStorage}`,
    '}',
    ...(tls === null
      ? []
      : [
          'tls {',
          `  cert_file: ${quoted(tls.cert)}`,
          `  key_file: ${quoted(tls.key)}`,
          ...(tls.ca === null ? [] : [`  ca_file: ${quoted(tls.ca)}`]),
          ...(tls.verifyClients ? ['  verify: true'] : []),
          '}',
        ]),
  ];
  return `${users}${lines.join('\n')}\n`;
}

/** A text of the configuration's language; callers refuse what could end it early. */
function quoted(text: string): string {
  return JSON.stringify(text);
}
