import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { agentSettings, startAgent } from '@chimera/agent';
import { collector } from '@chimera/collector';
import { createReadings, divide, folderBucket, ingestDataset, ingestSettings, openCurrent } from '@chimera/ingest';
import { insight } from '@chimera/insight';
import { folderPrinter, reporterSettings, startReporter } from '@chimera/reporter';
import { hearProgress, type NatsBus, type ReportNotice, ReportPublished, systemClock } from '@chimera/shared/bus';
import { createLogger, type Dependencies, noMetrics, noTracer, openTracer, type Service, VERSION } from '@chimera/shared/service';
import { folderBlobs, prepareHome } from '@chimera/shared/store';
import { findNatsServer } from '../provision/nats-server.mjs';
import { connectOrFail } from './connect.ts';
import type { GivenSide } from './given-side.ts';
import { type NatsServerChild, startNatsServer } from './nats-server.ts';
import type { ProgressTeller } from './progress.ts';
import { onceQuiet } from './quiet.ts';
import { ROOT } from './root.ts';
import { CommandFailed } from './usage-error.ts';

const STOP_MS = 10_000;
// What a collector of traces does not take in this time is lost.
const LAST_SPANS_MS = 2_000;

export type HostOptions = {
  /** the folder of artifacts */
  folder: string;
  /** where the report goes */
  out: string;
  /** what to compare with */
  baseline?: GivenSide;
  /** settings that win over the environment */
  environment: Readonly<Record<string, string | undefined>>;
  progress: ProgressTeller;
  signal: AbortSignal;
};

/** A nats-server of this project, or an error that says how to get one. */
export async function requireNatsServer(): Promise<string> {
  const server = await findNatsServer({ root: ROOT, env: process.env }).catch((error: Error) => {
    throw new CommandFailed(error.message, { cause: error });
  });
  if (server === null)
    throw new CommandFailed(
      'There is no nats-server on this machine: run "npm run setup", which brings one, or name one in CHIMERA_NATS_SERVER.',
    );
  return server.path;
}

/**
 * Hosts the four services in this process, over a nats-server of its own on a free port with its state in a
 * temporary folder, until the report of the folder is printed. Returns what was published of it. Throws
 * CommandFailed with the reason where no report can be made.
 */
export async function analyzeOnce(options: HostOptions): Promise<ReportNotice> {
  const binary = await requireNatsServer();
  const home = await temporaryHome();
  const environment = {
    ...options.environment,
    CHIMERA_HOME: home,
    CHIMERA_BUCKET: options.folder,
    CHIMERA_DATASETS: 'bucket',
    CHIMERA_SETTLE_SECONDS: '0',
    CHIMERA_LOG_LEVEL: options.environment.CHIMERA_LOG_LEVEL || 'silent',
  };
  const token = randomBytes(16).toString('hex');
  const services: Service[] = [];
  const hold = new AbortController();
  let server: NatsServerChild | null = null;
  let bus: NatsBus | null = null;
  let tracer = noTracer;
  const instance = randomUUID();
  try {
    const ingest = ingestSettings(environment);
    const onFault = (sentence: string) => options.progress.note(`chimera: ${sentence}`);
    const traced = { service: 'chimera-analyze', instance, version: VERSION, timeoutMs: LAST_SPANS_MS, onFault };
    tracer = await openTracer(ingest, traced);
    server = await startNatsServer({ binary, folder: join(home, 'nats'), port: 0, token, removeAfterwards: home });
    bus = await connectOrFail({ url: server.url, token, name: 'chimera analyze', connectTimeoutMs: 5_000, tracer });
    const [agents, reporter] = [agentSettings(environment), reporterSettings(environment)];
    const logger = createLogger('analyze', ingest.CHIMERA_LOG_LEVEL, () => tracer.logged());
    const deps: Dependencies = {
      bus,
      blobs: folderBlobs(join(home, 'blobs')),
      logger,
      metrics: noMetrics,
      clock: systemClock,
      instance,
      tracer,
    };
    const published = nextReport(bus);
    const ended = [failedProgress(bus, options.progress), failed(server), aborted(options.signal)];
    // Each of these may end after what it is raced with; none of them is lost, and none is an unhandled rejection.
    for (const one of [published, ...ended]) one.catch(() => undefined);
    services.push(
      ...(await Promise.all([
        startAgent(collector, agents, deps, { findOut: false }),
        startAgent(insight, agents, deps, { findOut: false }),
        startReporter(reporter, deps, { printer: folderPrinter(deps, null), folderOf: () => options.out }),
      ])),
    );
    options.signal.addEventListener('abort', () => hold.abort(), { once: true });
    const taken = takeOnce(options, ingest, deps, hold.signal);
    return await Promise.race([taken.then(() => published), ...ended]);
  } finally {
    hold.abort();
    await Promise.all(services.map((service) => service.stop(options.signal.aborted ? 0 : STOP_MS)));
    const sent = tracer.close(LAST_SPANS_MS);
    await bus?.close();
    await server?.stop();
    await sent;
    await rm(home, { recursive: true, force: true });
  }
}

async function temporaryHome(): Promise<string> {
  try {
    const home = await realpath(await mkdtemp(join(tmpdir(), 'chimera-')));
    await prepareHome(home);
    return home;
  } catch (error) {
    throw new CommandFailed(
      `No temporary folder can be made in ${tmpdir()} (${(error as Error).message}): set TMPDIR to a folder that can be written.`,
      { cause: error },
    );
  }
}

/** Takes the folder's inventory; where files change meanwhile, looks again a few times. */
async function takeOnce(
  { folder, baseline }: Pick<HostOptions, 'folder' | 'baseline'>,
  settings: ReturnType<typeof ingestSettings>,
  deps: Dependencies,
  signal: AbortSignal,
): Promise<void> {
  const current = await openCurrent(deps.bus);
  const bucket = folderBucket(folder);
  const readings = createReadings({ workFolder: settings.CHIMERA_HOME });
  const take = async () => {
    const { entries } = await bucket.scan();
    // NATS is this command's own: nobody else takes the folder in.
    for (const listing of divide(entries, 'bucket'))
      await ingestDataset(
        settings,
        deps,
        { current, bucket, readings },
        { ...listing, fence: 1, signal, ...(baseline ? { baseline: { ...baseline, kind: 'given' as const } } : {}) },
      );
  };
  try {
    await onceQuiet(take, { place: folder, purpose: 'there is nothing to report on', clock: deps.clock, signal });
  } finally {
    await readings.close();
  }
}

async function nextReport(bus: NatsBus): Promise<ReportNotice> {
  for await (const message of bus.connection.subscribe(ReportPublished.subjects, { max: 1 }))
    return ReportPublished.schema.parse(message.json());
  throw new CommandFailed('The connection to NATS closed before the report was printed.');
}

/** Passes progress on; ends when a stage says that it failed. */
function failedProgress(bus: NatsBus, teller: ProgressTeller): Promise<never> {
  return new Promise((_, reject) => {
    void hearProgress(bus, (_run, progress) => {
      if (progress.stage === 'failed') reject(new CommandFailed(`${progress.note ?? 'a stage failed'}.`));
      else teller.tell(progress);
    });
  });
}

async function failed(server: NatsServerChild): Promise<never> {
  throw new CommandFailed(`${await server.ended} before the report was printed.`);
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const stop = () => reject(new CommandFailed('Stopped before the report was printed.'));
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}
