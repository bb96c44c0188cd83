import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type Bus, hearProgress, ReportPublished } from '@chimera/shared/bus';
import { Command, InvalidArgumentError } from 'commander';
import { connectOrFail } from '../connect.ts';
import { requireNatsServer } from '../host.ts';
import { stopSignal } from '../interrupt.ts';
import { keepNatsServer } from '../nats-keeper.ts';
import { startNatsServer } from '../nats-server.ts';
import { createProgress } from '../progress.ts';
import { SERVICES, type ServiceName } from '../services.ts';
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
    .option('--bucket <dir>', 'the folder into which artifacts are dropped (default: CHIMERA_BUCKET, else ./bucket)')
    .option('--home <dir>', 'state and reports of this host (default: CHIMERA_HOME, else ./.chimera)')
    .option('--model <name>', 'the Ollama model that writes, or "none"')
    .option('--ollama <url...>', 'Ollama servers to call')
    .option('--nats-port <port>', 'where the NATS server listens, on loopback; 0: a free port', portOf, 4222)
    .action(up);
}

async function up(options: UpOptions): Promise<void> {
  // Empty variables count as unset, as in the services.
  const home = resolve(options.home || process.env.CHIMERA_HOME || './.chimera');
  const bucket = resolve(options.bucket || process.env.CHIMERA_BUCKET || './bucket');
  await mkdir(bucket, { recursive: true });
  const progress = createProgress(process.stderr);
  const { signal, release } = stopSignal();
  const given = process.env.CHIMERA_NATS_URL || undefined;
  const binary = given ? '' : await requireNatsServer();
  const nats = given
    ? null
    : await keepNatsServer(
        (port) => startNatsServer({ binary, folder: join(home, 'nats'), port }),
        options.natsPort,
        (line) => progress.note(line),
      );
  const url = given ?? nats?.url ?? '';
  const environment: NodeJS.ProcessEnv = {
    ...process.env,
    CHIMERA_HOME: home,
    CHIMERA_BUCKET: bucket,
    CHIMERA_NATS_URL: url,
    ...(options.model ? { CHIMERA_MODEL: options.model } : {}),
    ...(options.ollama ? { CHIMERA_OLLAMA_URLS: options.ollama.join(',') } : {}),
  };
  let bus: Bus | null = null;
  const children: Supervised[] = [];
  try {
    bus = await connectOrFail({
      url,
      credsFile: process.env.CHIMERA_NATS_CREDS || undefined,
      token: process.env.CHIMERA_NATS_TOKEN || undefined,
      name: 'chimera up',
      connectTimeoutMs: 10_000,
    });
    void hearProgress(bus, (_, told) => progress.tell(told));
    void tellReports(bus, (line) => progress.note(line));
    const refused = new Promise<never>((_, reject) => {
      for (const [name, { main }] of Object.entries(SERVICES)) {
        children.push(
          supervise({
            name,
            main,
            environment: { ...environment, CHIMERA_HTTP_PORT: String(httpPort(name as ServiceName)) },
            logs: join(home, 'logs'),
            say: (line) => progress.note(line),
            onWrongConfiguration: () =>
              reject(new CommandFailed(`${name} does not take its configuration: see ${join(home, 'logs', `${name}.log`)}.`)),
          }),
        );
      }
    });
    progress.note(
      `chimera: watching ${bucket}; reports go to ${join(home, 'reports')}; NATS at ${url}; logs in ${join(home, 'logs')}; Ctrl-C stops`,
    );
    await Promise.race([refused, stopped(signal), ...(nats ? [nats.gaveUp] : [])]);
  } finally {
    // Those who take work in first, those who still can finish it last.
    for (const child of [...children].reverse()) await child.stop();
    await bus?.close();
    await nats?.stop();
    progress.end();
    release();
  }
}

/** Each service on its own port; with CHIMERA_HTTP_PORT=0 each on a free one, with N on N, N + 1, … */
function httpPort(name: ServiceName): number {
  const given = process.env.CHIMERA_HTTP_PORT;
  if (given === undefined || given === '') return SERVICES[name].port;
  return Number(given) === 0 ? 0 : Number(given) + Object.keys(SERVICES).indexOf(name);
}

async function tellReports(bus: Bus, say: (line: string) => void): Promise<void> {
  for await (const message of bus.connection.subscribe(ReportPublished.subjects)) {
    const notice = ReportPublished.schema.parse(message.json());
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
