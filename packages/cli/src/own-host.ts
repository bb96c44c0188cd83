import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type IngestSettings, ingestSettings } from '@chimera/ingest';
import { type NatsBus, systemClock } from '@chimera/shared/bus';
import { createLogger, type Dependencies, noMetrics, noTracer, openTracer, VERSION } from '@chimera/shared/service';
import { type Blobs, folderBlobs, prepareHome } from '@chimera/shared/store';
import { findNatsServer } from '../provision/nats-server.mjs';
import { connectOrFail } from './connect.ts';
import { type NatsServerChild, startNatsServer } from './nats-server.ts';
import { ROOT } from './root.ts';
import { CommandFailed } from './usage-error.ts';

// What a collector of traces does not take in this time is lost.
const LAST_SPANS_MS = 2_000;

// The server is ours and was just started; where the disk is busy a request for a stream may take longer than a client waits, and is asked again.
const OWN_SERVER_MS = 30_000;

export type OwnHostOptions = {
  /** the folder of artifacts */
  folder: string;
  /** settings that win over the environment */
  environment: Readonly<Record<string, string | undefined>>;
  /** whose host it is: `analyze` */
  command: string;
  /** where blobs lie; otherwise they go with the host */
  blobs?: Blobs;
  onFault: (sentence: string) => void;
};

/** What a command that hosts services has: settings for its folder alone, and the means of its services. */
export type OwnHost = {
  environment: Readonly<Record<string, string | undefined>>;
  settings: IngestSettings;
  bus: NatsBus;
  deps: Dependencies;
  /** resolves when its nats-server has ended, with a sentence that says how */
  natsEnded: Promise<string>;
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
 * Does work over a nats-server of this process's own, on a free port, with its state in a temporary folder; both are gone afterwards.
 * Throws CommandFailed with the reason where there is none, and what the work throws.
 */
export async function withOwnHost<T>(options: OwnHostOptions, work: (host: OwnHost) => Promise<T>): Promise<T> {
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
  let server: NatsServerChild | null = null;
  let bus: NatsBus | null = null;
  let tracer = noTracer;
  const instance = randomUUID();
  try {
    const settings = ingestSettings(environment);
    const onFault = (sentence: string) => options.onFault(`chimera: ${sentence}`);
    const traced = { service: `chimera-${options.command}`, instance, version: VERSION, timeoutMs: LAST_SPANS_MS, onFault };
    tracer = await openTracer(settings, traced);
    server = await startNatsServer({ binary, folder: join(home, 'nats'), port: 0, token, removeAfterwards: home });
    bus = await connectOrFail({ url: server.url, token, name: `chimera ${options.command}`, connectTimeoutMs: OWN_SERVER_MS, tracer });
    const deps: Dependencies = {
      bus,
      blobs: options.blobs ?? folderBlobs(join(home, 'blobs')),
      logger: createLogger(options.command, settings.CHIMERA_LOG_LEVEL, () => tracer.logged()),
      metrics: noMetrics,
      clock: systemClock,
      instance,
      tracer,
    };
    return await work({ environment, settings, bus, deps, natsEnded: server.ended });
  } finally {
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
