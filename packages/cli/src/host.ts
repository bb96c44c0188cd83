import { randomBytes } from 'node:crypto';
import { mkdtemp, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { agentSettings, startAgent } from '@chimera/agent';
import { collector } from '@chimera/collector';
import { createReadingCache, divide, ingestDataset, ingestSettings, openCurrent, scanFolder } from '@chimera/ingest';
import { insight } from '@chimera/insight';
import { reporterSettings, startReporter } from '@chimera/reporter';
import { type Bus, hearProgress, type ReportNotice, ReportPublished } from '@chimera/shared/bus';
import { createLogger, type Dependencies, noMetrics, type Service } from '@chimera/shared/service';
import { folderBlobs } from '@chimera/shared/store';
import { findNatsServer } from '../provision/nats-server.mjs';
import { connectOrFail } from './connect.ts';
import { type NatsServerChild, startNatsServer } from './nats-server.ts';
import type { ProgressTeller } from './progress.ts';
import { ROOT } from './root.ts';
import { CommandFailed } from './usage-error.ts';

const STOP_MS = 10_000;

export type HostOptions = {
  /** the folder of artifacts */
  folder: string;
  /** where the report goes */
  out: string;
  /** settings that win over the environment */
  environment: Readonly<Record<string, string | undefined>>;
  progress: ProgressTeller;
  signal: AbortSignal;
};

/** A nats-server of this project, or an error that says how to get one. */
export async function requireNatsServer(): Promise<string> {
  const server = await findNatsServer({ root: ROOT, env: process.env });
  if (server === null)
    throw new CommandFailed(
      'There is no nats-server on this machine: run "npm run setup", which brings one, or name one in CHIMERA_NATS_SERVER.',
    );
  return server.path;
}

/**
 * Hosts the four services in this process, over a nats-server of its own on a free port with its state in a
 * temporary folder, until the report of the folder is printed. Returns what was published of it.
 */
export async function analyzeOnce(options: HostOptions): Promise<ReportNotice> {
  const home = await realpath(await mkdtemp(join(tmpdir(), 'chimera-')));
  const token = randomBytes(16).toString('hex');
  const environment = {
    ...options.environment,
    CHIMERA_HOME: home,
    CHIMERA_BUCKET: options.folder,
    CHIMERA_DATASETS: 'bucket',
    CHIMERA_SETTLE_SECONDS: '0',
    CHIMERA_LOG_LEVEL: options.environment.CHIMERA_LOG_LEVEL ?? 'silent',
  };
  const [ingest, agents, reporter] = [ingestSettings(environment), agentSettings(environment), reporterSettings(environment)];
  const server = await startNatsServer({
    binary: await requireNatsServer(),
    folder: join(home, 'nats'),
    port: 0,
    token,
    removeFolder: false,
  });
  const services: Service[] = [];
  let bus: Bus | null = null;
  try {
    bus = await connectOrFail({ url: server.url, token, name: 'chimera analyze', connectTimeoutMs: 5_000 });
    const logger = createLogger('analyze', ingest.CHIMERA_LOG_LEVEL);
    const deps: Dependencies = { bus, blobs: folderBlobs(join(home, 'blobs')), logger, metrics: noMetrics, now: Date.now };
    const published = nextReport(bus);
    void hearProgress(bus, (_, progress) => options.progress.tell(progress));
    services.push(
      ...(await Promise.all([
        startAgent(collector, agents, deps),
        startAgent(insight, agents, deps),
        startReporter(reporter, deps, () => options.out),
      ])),
    );
    const current = await openCurrent(bus);
    const { entries } = await scanFolder(options.folder);
    for (const listing of divide(entries, 'bucket')) await ingestDataset(ingest, deps, current, createReadingCache(), listing);
    return await Promise.race([published, failed(server), aborted(options.signal)]);
  } finally {
    await Promise.all(services.map((service) => service.stop(options.signal.aborted ? 0 : STOP_MS)));
    await bus?.close();
    await server.stop();
    await removeFolder(home);
  }
}

async function removeFolder(folder: string): Promise<void> {
  const { rm } = await import('node:fs/promises');
  await rm(folder, { recursive: true, force: true });
}

async function nextReport(bus: Bus): Promise<ReportNotice> {
  for await (const message of bus.connection.subscribe(ReportPublished.subjects, { max: 1 }))
    return ReportPublished.schema.parse(message.json());
  throw new CommandFailed('The connection to NATS closed before the report was printed.');
}

async function failed(server: NatsServerChild): Promise<never> {
  throw new CommandFailed(`${await server.ended} before the report was printed.`);
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const stop = () => reject(new CommandFailed('Stopped before the report was printed; nothing was written.'));
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}
