import { join, resolve } from 'node:path';
import { ROLES, Role, UserName } from '@chimera/shared/access';
import { configuredProfile, ProfileSettings, parseSettings } from '@chimera/shared/service';
import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { bytes, duration, eventsSubject, host, monitor, port, serverPath, several } from '../nats-access/arguments.ts';
import { type Access, credsPath, readSeeds, requireAccess, type ServerSettings, writeAccess } from '../nats-access/folder.ts';
import { initAccess, writeConfigurations } from '../nats-access/init.ts';
import { isAgent } from '../nats-access/table.ts';
import { columns, roleListings, userRows } from '../nats-access/user-listing.ts';
import { provideUser, removeCredentials } from '../nats-access/users.ts';
import { CommandFailed, UsageError } from '../usage-error.ts';

type InitOptions = {
  host?: string;
  port?: number;
  storeDir?: string;
  monitor?: string;
  maxStorage?: number;
  model?: string[];
  bucketEvents?: string;
  tls?: boolean;
  tlsCert?: string;
  tlsKey?: string;
  tlsCa?: string;
  tlsVerify?: true;
};

const RELOAD =
  'Let the server read its configuration again: SIGHUP to its process, "nats-server --signal reload", or "docker compose restart nats".';

/** `chimera nats`: a NATS in which every service and worker is a user of its own. */
export function natsCommand(): Command {
  const nats = new Command('nats')
    .description('Locks NATS: a user for each service and worker, which may do what it does and nothing else.')
    .exitOverride()
    .allowExcessArguments()
    .action((_, command: Command) => {
      const [given] = command.args;
      throw new UsageError(
        `${given === undefined ? 'Say what to do' : `There is no "chimera nats ${given}"`}: init, user, users or revoke.`,
      );
    });
  nats
    .command('init')
    .description(
      'Makes keys, users and configuration in a folder, or brings them up to date; keys that are there stay. Start the server with "nats-server -c <dir>/nats.conf".',
    )
    .argument('<dir>', 'the folder; its keys/ should leave this machine only as a backup')
    .option('--host <host>', 'where the server listens (default: 127.0.0.1)', host)
    .option('--port <port>', 'its port (default: 4222)', port)
    .option('--store-dir <path>', 'where it keeps its state (default: <dir>/jetstream)', serverPath)
    .option('--monitor <host:port>', 'where it serves its monitoring, or "none" (default: 127.0.0.1:8222)', monitor)
    .option('--max-storage <bytes>', 'how much of its disk Chimera may use, such as 500MB (default: 10GB)', bytes)
    .option(
      '--model <name>',
      'a model whose work the agents may take; may be given again (default: those of CHIMERA_PROFILE or CHIMERA_MODEL)',
      several,
    )
    .option('--bucket-events <subject>', 'where an S3 server tells of changes (default: CHIMERA_S3_EVENTS_SUBJECT)', eventsSubject)
    .option('--tls-cert <path>', "the server's certificate (PEM), as the server sees it", serverPath)
    .option('--tls-key <path>', 'the key of the certificate', serverPath)
    .option('--tls-ca <path>', 'the authorities of the certificates that clients show', serverPath)
    .option('--tls-verify', 'let in only clients that show a certificate of these')
    .option('--no-tls', 'no TLS any more')
    .action(init);
  nats
    .command('user')
    .description('Makes the credentials of one more user, or renews them; the server need not be restarted.')
    .addArgument(new Argument('<name>', 'letters, digits, "-" and "_"').argParser(userName))
    .addOption(new Option('--as <role>', 'what it is').choices(ROLES).makeOptionMandatory())
    .requiredOption('--dir <dir>', 'the folder of "chimera nats init"')
    .option('--model <name>', 'of an agent: a model whose work it may take; may be given again (default: those of "init")', several)
    .option('--expires <time>', 'how long they are valid, such as 90d, 12h or 4w (default: for ever)', duration)
    .action(user);
  nats
    .command('users')
    .description('Prints which users there are, and what each role may do.')
    .requiredOption('--dir <dir>', 'the folder of "chimera nats init"')
    .option('--json', 'print it as one JSON document, with every subject')
    .action(users);
  nats
    .command('revoke')
    .description('Takes the credentials of a user back; they are refused once the server has read its configuration again.')
    .addArgument(new Argument('<name>', 'of the user').argParser(userName))
    .requiredOption('--dir <dir>', 'the folder of "chimera nats init"')
    .action(revoke);
  return nats;
}

async function init(dir: string, options: InitOptions): Promise<void> {
  const folder = resolve(dir);
  const outcomes = await initAccess(folder, {
    server: serverWishes(options),
    models: options.model ?? configuredModels(),
    bucketEvents:
      options.bucketEvents ?? (process.env.CHIMERA_S3_EVENTS_SUBJECT ? eventsSubject(process.env.CHIMERA_S3_EVENTS_SUBJECT) : null),
  });
  for (const [name, outcome] of outcomes) print(`${credsPath(folder, name)}: ${outcome}`);
  const { server, models } = await requireAccess(folder);
  print(`${join(folder, 'nats.conf')}: written, with users.conf for a server that is configured elsewhere`);
  print(`models: ${models.join(', ') || 'none'}, and the template narrator`);
  if (server.tls === null && !/^(127\.|localhost$|\[?::1\]?$)/.test(server.host))
    print(`Beyond loopback (${server.host}) everything is readable on the wire without TLS: give --tls-cert and --tls-key.`);
  print('A server that runs already must be restarted; where only users or certificates changed, SIGHUP is enough.');
}

function serverWishes(options: InitOptions): Partial<ServerSettings> {
  const { tlsCert: cert, tlsKey: key, tlsCa: ca, tlsVerify: verify } = options;
  if ((cert === undefined) !== (key === undefined)) throw new UsageError('--tls-cert and --tls-key go together: give both.');
  if (cert === undefined && (ca !== undefined || verify))
    throw new UsageError('--tls-ca and --tls-verify say nothing without --tls-cert and --tls-key.');
  if (verify && ca === undefined) throw new UsageError('--tls-verify needs --tls-ca: by which authorities are clients known?');
  if (cert !== undefined && options.tls === false) throw new UsageError('Give either --tls-cert or --no-tls.');
  const wishes: { [K in keyof ServerSettings]?: ServerSettings[K] | undefined } = {
    host: options.host,
    port: options.port,
    storeDir: options.storeDir,
    monitor: options.monitor === 'none' ? null : options.monitor,
    maxStorage: options.maxStorage,
    tls:
      cert !== undefined && key !== undefined
        ? { cert, key, ca: ca ?? null, verifyClients: verify === true }
        : options.tls === false
          ? null
          : undefined,
  };
  return Object.fromEntries(Object.entries(wishes).filter(([, wish]) => wish !== undefined));
}

/** The models of the environment's profile, or null where it names none: those of before stay then. */
function configuredModels(): string[] | null {
  const settings = parseSettings(ProfileSettings, process.env);
  if (!process.env.CHIMERA_MODEL && settings.CHIMERA_PROFILE === undefined) return null;
  const { agents } = configuredProfile(settings);
  return [...new Set(Object.values(agents).flatMap((agent) => agent?.model ?? []))];
}

async function user(name: string, options: { as: string; dir: string; model?: string[]; expires?: number }): Promise<void> {
  const folder = resolve(options.dir);
  const role = Role.parse(options.as);
  const access = await requireAccess(folder);
  const seeds = await readSeeds(folder);
  if (options.model !== undefined && !isAgent(role))
    throw new UsageError(`--model is for agents: a user of the role ${role} takes no work.`);
  const before = access.users[name];
  if (before !== undefined && before.role !== role)
    throw new CommandFailed(`There is a user ${name} already, as ${before.role}: take another name, or revoke that one first.`);
  const models = options.model ?? before?.models ?? null;
  const expires = options.expires === undefined ? null : Math.floor(Date.now() / 1_000) + options.expires;
  const { entry, outcome } = await provideUser(folder, seeds, access, name, { role, models, expires });
  await writeAccess(folder, { ...access, users: { ...access.users, [name]: entry } });
  print(`${credsPath(folder, name)}: ${outcome}`);
  print('Copy it to where the user runs, readable for that alone, and name it there in CHIMERA_NATS_CREDS. The server need not be told.');
}

async function users({ dir, json }: { dir: string; json?: boolean }): Promise<void> {
  const access = await requireAccess(resolve(dir));
  const listings = roleListings(access);
  if (json) {
    const listed = Object.entries(access.users).map(([name, entry]) => ({ name, ...entry, expires: isoOf(entry.expires) }));
    print(JSON.stringify({ users: listed, revoked: access.revoked, roles: listings.map(({ may: _, ...listing }) => listing) }, null, 1));
    return;
  }
  process.stdout.write(columns([['USER', 'ROLE', 'MODELS', 'EXPIRES', 'KEY'], ...userRows(access)]));
  for (const { role, may } of listings) {
    print(`\n${role}`);
    for (const [how, what] of may) print(`  ${how}: ${what.join(', ')}`);
  }
  print('\nNobody may do anything else. --json lists every subject.');
}

async function revoke(name: string, { dir }: { dir: string }): Promise<void> {
  const folder = resolve(dir);
  const access = await requireAccess(folder);
  const seeds = await readSeeds(folder);
  const entry = access.users[name];
  if (entry === undefined) throw new CommandFailed(`There is no user ${name}: "chimera nats users --dir ${dir}" lists those there are.`);
  const { [name]: _, ...others } = access.users;
  // A second ahead: what was signed within this one is void too.
  const next: Access = { ...access, users: others, revoked: { ...access.revoked, [entry.key]: Math.floor(Date.now() / 1_000) + 1 } };
  await writeConfigurations(folder, seeds, next);
  await removeCredentials(folder, name);
  print(`${name} is revoked in ${join(folder, 'nats.conf')} and users.conf, and its credentials are removed here. ${RELOAD}`);
}

function userName(given: string): string {
  const { data, error } = UserName.safeParse(given);
  if (data === undefined) throw new InvalidArgumentError(`${error.issues[0]?.message ?? 'give another name'}.`);
  return data;
}

const isoOf = (seconds: number | null) => (seconds === null ? null : new Date(seconds * 1_000).toISOString());

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
