import { randomUUID } from 'node:crypto';
import { systemClock } from '../bus/clock.ts';
import { connectBus, type NatsBus } from '../bus/connection.ts';
import { withoutPassword } from '../bus/dial.ts';
import { prepareHome } from '../store/home.ts';
import { openBlobs } from '../store/open-blobs.ts';
import { ConfigurationError } from './config.ts';
import { type HttpOptions, HttpRefused, serveHttp } from './http.ts';
import { createLogger } from './log.ts';
import { createMetrics, sampleQueues } from './metrics.ts';
import { type Dependencies, lifeless, type Service } from './service.ts';

/** What each service's own settings contain at least. */
export type CommonValues = {
  CHIMERA_HOME: string;
  CHIMERA_BLOBS?: string | undefined;
  CHIMERA_NATS_URL: string;
  CHIMERA_NATS_CREDS?: string | undefined;
  CHIMERA_NATS_TOKEN?: string | undefined;
  CHIMERA_HTTP_HOST: string;
  CHIMERA_HTTP_PORT?: number | undefined;
  CHIMERA_HTTP_TOKEN?: string | undefined;
  CHIMERA_METRICS_TOKEN?: string | undefined;
  CHIMERA_END_WITH_STDIN?: '1' | undefined;
  CHIMERA_LOG_LEVEL: string;
};

const SHUTDOWN_MS = 25_000;
const HARD_EXIT_MS = 30_000;

/**
 * The life of a service process: configuration → dependencies → start → stop on SIGTERM or SIGINT, within 30 s.
 * Ends the process with code 1 and a sentence when it cannot start, 2 when its configuration is wrong.
 */
export async function runService<C extends CommonValues>(options: {
  name: string;
  defaultPort: number;
  settings: () => C;
  start: (settings: C, dependencies: Dependencies) => Promise<{ service: Service; routes?: HttpOptions['routes'] }>;
}): Promise<void> {
  let settings: C;
  try {
    settings = options.settings();
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    process.stderr.write(`${options.name}: ${error.message}\n`);
    process.exit(2);
  }
  const logger = createLogger(options.name, settings.CHIMERA_LOG_LEVEL);
  let ending: Promise<void> | null = null;
  let service: Service | null = null;
  let bus: NatsBus | null = null;
  let http: { url: string; close(): Promise<void> } | null = null;

  const end = (why: string) => {
    ending ??= (async () => {
      logger.info({ why }, 'stopping');
      const hard = setTimeout(() => {
        logger.error('not stopped after 30 s; ending hard');
        process.exit(1);
      }, HARD_EXIT_MS);
      await service?.stop(SHUTDOWN_MS);
      await http?.close();
      await bus?.close();
      clearTimeout(hard);
      logger.info('stopped');
    })().catch((error: unknown) => {
      logger.error({ err: error }, 'stopping failed');
      process.exitCode = 1;
    });
    return ending;
  };
  process.once('SIGTERM', () => void end('SIGTERM').then(() => process.exit()));
  process.once('SIGINT', () => void end('SIGINT').then(() => process.exit()));
  if (settings.CHIMERA_END_WITH_STDIN) {
    process.stdin.once('end', () => void end('its supervisor is gone').then(() => process.exit()));
    process.stdin.resume();
  }

  try {
    await prepareHome(settings.CHIMERA_HOME);
    const metrics = await createMetrics(options.name);
    bus = await connectBus({
      url: settings.CHIMERA_NATS_URL,
      credsFile: settings.CHIMERA_NATS_CREDS,
      token: settings.CHIMERA_NATS_TOKEN,
      name: `chimera ${options.name}`,
      connectTimeoutMs: null,
      onEvent: (event) => logger.warn(event),
    });
    const connected = bus;
    const blobs = await openBlobs(settings.CHIMERA_BLOBS, settings.CHIMERA_HOME, bus.connection);
    const started = await options.start(settings, { bus, blobs, logger, metrics, clock: systemClock, instance: randomUUID() });
    service = started.service;
    const running = service;
    http = await serveHttp({
      host: settings.CHIMERA_HTTP_HOST,
      port: settings.CHIMERA_HTTP_PORT ?? options.defaultPort,
      httpToken: settings.CHIMERA_HTTP_TOKEN,
      metricsToken: settings.CHIMERA_METRICS_TOKEN,
      logger,
      metrics,
      alive: () => lifeless(running),
      ready: () => [
        ...(ending ? ['stopping'] : []),
        ...(connected.ready() ? [] : ['not connected to NATS, or its streams are not asserted']),
        ...running.notReady(),
      ],
      notes: () => running.notes?.() ?? [],
      sample: () => sampleQueues(connected, running.consumers, metrics),
      ...(started.routes ? { routes: started.routes } : {}),
    });
    logger.info({ url: http.url, nats: withoutPassword(settings.CHIMERA_NATS_URL) }, 'started');
  } catch (error) {
    logger.fatal({ err: error }, error instanceof Error ? error.message : 'could not start');
    await end('could not start');
    // A refusal to listen is a matter of configuration: starting again would not help.
    process.exit(error instanceof HttpRefused ? 2 : 1);
  }
}
