import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { hearProgress, type NatsBus, ReportPublished, withoutPassword } from '@chimera/shared/bus';
import { NatsSettings, natsLogin, parseSettings } from '@chimera/shared/service';
import { isS3Url } from '@chimera/shared/store';
import { Command, InvalidArgumentError } from 'commander';
import { connectOrFail } from '../connect.ts';
import { requirePort } from '../free-port.ts';
import { lockHome } from '../home-lock.ts';
import { stopSignal } from '../interrupt.ts';
import { keepNatsServer, type NatsKeeper } from '../nats-keeper.ts';
import { startNatsServer } from '../nats-server.ts';
import { requireNatsServer } from '../own-host.ts';
import { createProgress } from '../progress.ts';
import { SERVICES, type ServiceName } from '../services.ts';
import { checkAllSettings } from '../settings-check.ts';
import { type Supervised, supervise } from '../supervisor.ts';
import { CommandFailed } from '../usage-error.ts';

type UpOptions = { bucket?: string; home?: string; model?: string; ollama?: string[]; natsPort: number };

const portOf = (given: string) => {
  const port = Number(given);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new InvalidArgumentError('give a port between 0 (a free one) and 65535.');
  return port;
};

/** `chimera up`: NATS and the four services as processes of their own, watching the bucket until Ctrl-C. */
export function upCommand(): Command {
  return new Command('up')
    .description(
      'Runs all four services and NATS, and watches the bucket. With CHIMERA_NATS_URL set, that server is used and none is started.',
    )
    .option('--bucket <dir>', 'where artifacts are dropped: a folder, or s3://bucket/prefix (default: CHIMERA_BUCKET, else ./bucket)')
    .option('--home <dir>', 'state and reports of this host (default: CHIMERA_HOME, else ./.chimera)')
    .option('--model <name>', 'the Ollama model that writes, or "none"')
    .option('--ollama <url...>', 'Ollama servers to call')
    .option('--nats-port <port>', 'where the NATS server listens, on loopback; 0: a free port', portOf, 4222)
    .action(up);
}

async function up(options: UpOptions): Promise<void> {
  // Empty variables count as unset, as in the services.
  const home = resolve(options.home || process.env.CHIMERA_HOME || './.chimera');
  const wanted = options.bucket || process.env.CHIMERA_BUCKET || './bucket';
  const bucket = isS3Url(wanted) ? wanted : resolve(wanted);
  const given = process.env.CHIMERA_NATS_URL || undefined;
  const settings: NodeJS.ProcessEnv = {
    ...process.env,
    CHIMERA_HOME: home,
    CHIMERA_BUCKET: bucket,
    ...(options.model ? { CHIMERA_MODEL: options.model } : {}),
    ...(options.ollama ? { CHIMERA_OLLAMA_URLS: options.ollama.join(',') } : {}),
  };
  checkAllSettings(settings);
  await requirePorts(given === undefined ? options.natsPort : null);
  const lock = await lockHome(home);
  const progress = createProgress(process.stderr);
  const { signal, release } = stopSignal();
  const children: Supervised[] = [];
  let nats: NatsKeeper | null = null;
  let bus: NatsBus | null = null;
  try {
    if (!isS3Url(bucket)) await mkdir(bucket, { recursive: true });
    if (given === undefined) nats = await ownNats(join(home, 'nats'), options.natsPort, (line) => progress.note(line));
    const url = given ?? nats?.url ?? '';
    bus = await connectOrFail({
      url,
      ...natsLogin(parseSettings(NatsSettings, process.env), 'admin'),
      name: 'chimera up',
      connectTimeoutMs: 30_000,
    });
    void hearProgress(bus, (_, told) => {
      // The line with the report's path says it better.
      if (told.stage !== 'printed') progress.tell(told);
    });
    void tellReports(bus, (line) => progress.note(line));
    const refused = new Promise<never>((_, reject) => {
      for (const [name, { main }] of Object.entries(SERVICES)) {
        children.push(
          supervise({
            name,
            main,
            environment: { ...settings, CHIMERA_NATS_URL: url, CHIMERA_HTTP_PORT: String(httpPort(name as ServiceName)) },
            logs: join(home, 'logs'),
            say: (line) => progress.note(line),
            onWrongConfiguration: () =>
              reject(new CommandFailed(`${name} does not take its configuration: see ${join(home, 'logs', `${name}.log`)}.`)),
          }),
        );
      }
    });
    progress.note(`chimera: watching ${bucket}; Ctrl-C stops`);
    progress.note(
      `chimera: reports in ${join(home, 'reports')}${pageAddress()}; NATS at ${withoutPassword(url)}; logs in ${join(home, 'logs')}`,
    );
    await Promise.race([refused, stopped(signal), ...(nats ? [nats.gaveUp] : [])]);
  } finally {
    // Those who take work in first, those who still can finish it last.
    for (const child of [...children].reverse()) await child.stop();
    await bus?.close();
    await nats?.stop();
    await lock.release();
    progress.end();
    release();
  }
}

async function ownNats(folder: string, port: number, say: (line: string) => void): Promise<NatsKeeper> {
  const binary = await requireNatsServer();
  return keepNatsServer((on) => startNatsServer({ binary, folder, port: on, durable: true }), port, say);
}

/** Makes sure of all ports before anything is started: a service that cannot listen would be started again for ever. */
async function requirePorts(natsPort: number | null): Promise<void> {
  if (natsPort !== null)
    await requirePort(
      '127.0.0.1',
      natsPort,
      'NATS',
      'choose another one with --nats-port (0: a free one), or use the server that is there with CHIMERA_NATS_URL',
    );
  const host = process.env.CHIMERA_HTTP_HOST || '127.0.0.1';
  for (const name of Object.keys(SERVICES) as ServiceName[])
    await requirePort(host, httpPort(name), name, 'choose others with CHIMERA_HTTP_PORT (N: N and the next three; 0: free ones)');
}

function pageAddress(): string {
  const port = httpPort('reporter');
  return port === 0 ? '' : ` and at http://${process.env.CHIMERA_HTTP_HOST || '127.0.0.1'}:${port}`;
}

/** Each service on its own port; with CHIMERA_HTTP_PORT=0 each on a free one, with N on N, N + 1, … */
function httpPort(name: ServiceName): number {
  const given = process.env.CHIMERA_HTTP_PORT;
  if (given === undefined || given === '') return SERVICES[name].port;
  return Number(given) === 0 ? 0 : Number(given) + Object.keys(SERVICES).indexOf(name);
}

async function tellReports(bus: NatsBus, say: (line: string) => void): Promise<void> {
  for await (const message of bus.connection.subscribe(ReportPublished.subjects)) {
    const { data: notice } = ReportPublished.schema.safeParse(message.json());
    if (notice)
      say(
        notice.status === 'superseded'
          ? `chimera: superseded: ${join(notice.folder, 'report.md')}`
          : `chimera: report: ${join(notice.folder, 'report.md')}`,
      );
  }
}

function stopped(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
