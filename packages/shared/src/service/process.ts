import { randomUUID } from 'node:crypto';
import { systemClock } from '../bus/clock.ts';
import { connectBus, type NatsBus, onceThere } from '../bus/connection.ts';
import { withoutPassword } from '../bus/dial.ts';
import { prepareHome } from '../store/home.ts';
import { openBlobs } from '../store/open-blobs.ts';
import type { S3Values } from '../store/s3-settings.ts';
import { openTracer } from '../trace/open-tracer.ts';
import type { TraceValues } from '../trace/settings.ts';
import { noTracer, type Tracer } from '../trace/tracer.ts';
import { ConfigurationError, natsLogin } from './config.ts';
import { type HttpOptions, HttpRefused, serveHttp } from './http.ts';
import { createLogger } from './log.ts';
import { createMetrics, sampleQueues } from './metrics.ts';
import { natsSample } from './nats-samples.ts';
import { createSampling } from './sampling.ts';
import { shownSettings } from './secrets.ts';
import { type Dependencies, lifeless, type Service } from './service.ts';
import { VERSION } from './version.ts';

/** What each service's own settings contain at least. */
export type CommonValues = S3Values &
  TraceValues & {
    CHIMERA_HOME: string;
    CHIMERA_BLOBS?: string | undefined;
    CHIMERA_NATS_URL: string;
    CHIMERA_NATS_CREDS?: string | undefined;
    CHIMERA_NATS_TOKEN?: string | undefined;
    CHIMERA_NATS_TLS_CA?: string | undefined;
    CHIMERA_NATS_TLS_CERT?: string | undefined;
    CHIMERA_NATS_TLS_KEY?: string | undefined;
    CHIMERA_HTTP_HOST: string;
    CHIMERA_HTTP_PORT?: number | undefined;
    CHIMERA_HTTP_TOKEN?: string | undefined;
    CHIMERA_METRICS_TOKEN?: string | undefined;
    CHIMERA_HTTP_HOSTS?: string | undefined;
    CHIMERA_HTTP_RATE_PER_MINUTE: number;
    CHIMERA_HTTP_FAILURES_PER_MINUTE: number;
    CHIMERA_HTTP_TRUST_PROXY: number;
    CHIMERA_END_WITH_STDIN?: '1' | undefined;
    CHIMERA_LOG_LEVEL: string;
  };

const SHUTDOWN_MS = 25_000;
const HARD_EXIT_MS = 30_000;
// What a collector does not take in this time is lost.
const LAST_SPANS_MS = 2_000;

/**
 * The life of a service process: configuration → dependencies → start → stop on SIGTERM or SIGINT, within 30 s.
 * Ends the process with code 1 and a sentence when it cannot start, 2 when its configuration is wrong.
 */
export async function runService<C extends CommonValues>(options: {
  name: string;
  defaultPort: number;
  settings: () => C;
  /** whether it is this service that tells what NATS holds: one is enough */
  tellsStorage?: boolean;
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
  let tracer: Tracer = noTracer;
  const logger = createLogger(options.name, settings.CHIMERA_LOG_LEVEL, () => tracer.logged());
  const instance = randomUUID();
  logger.info({ settings: shownSettings(settings) }, 'configuration');
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
      const sent = tracer.close(LAST_SPANS_MS);
      await http?.close();
      await bus?.close();
      await sent;
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
    tracer = await openTracer(settings, {
      service: `chimera-${options.name}`,
      instance,
      version: VERSION,
      onFault: (sentence) => logger.warn(sentence),
    });
    bus = await connectBus({
      url: settings.CHIMERA_NATS_URL,
      ...natsLogin(settings, options.name),
      name: `chimera ${options.name}`,
      connectTimeoutMs: null,
      tracer,
      onEvent: (event) => logger.warn(event),
      onFault: (fault) => logger.error(fault),
      onLink: (state) => metrics.count(state === 'lost' ? 'chimera_nats_disconnects_total' : 'chimera_nats_reconnects_total'),
    });
    const connected = bus;
    const blobs = await onceThere(
      () => openBlobs(settings.CHIMERA_BLOBS, settings.CHIMERA_HOME, connected.connection, settings),
      systemClock,
      (sentence) => logger.warn(sentence),
    );
    const started = await options.start(settings, { bus, blobs, logger, metrics, clock: systemClock, instance, tracer });
    service = started.service;
    const running = service;
    const ready = () => [
      ...(ending ? ['stopping'] : []),
      ...(connected.ready() ? [] : ['not connected to NATS, or its streams are not asserted']),
      ...running.notReady(),
    ];
    const samples = createSampling(
      systemClock,
      metrics,
      [
        {
          what: 'the queues',
          sets: ['chimera_queue_pending_messages', 'chimera_queue_unacknowledged_messages'],
          take: () => sampleQueues(connected, running.consumers, metrics),
        },
        { what: 'the state of the service', sets: [], take: async () => running.sample?.() },
        ...(options.tellsStorage ? [natsSample(connected.manager, metrics)] : []),
      ],
      (sentence) => logger.warn(sentence),
    );
    http = await serveHttp({
      host: settings.CHIMERA_HTTP_HOST,
      port: settings.CHIMERA_HTTP_PORT ?? options.defaultPort,
      httpToken: settings.CHIMERA_HTTP_TOKEN,
      metricsToken: settings.CHIMERA_METRICS_TOKEN,
      hosts: (settings.CHIMERA_HTTP_HOSTS ?? '').split(',').map((name) => name.trim()),
      trustedProxies: settings.CHIMERA_HTTP_TRUST_PROXY,
      limits: {
        requestsPerMinute: settings.CHIMERA_HTTP_RATE_PER_MINUTE,
        failuresPerMinute: settings.CHIMERA_HTTP_FAILURES_PER_MINUTE,
      },
      logger,
      metrics,
      alive: () => lifeless(running),
      ready,
      notes: () => running.notes?.() ?? [],
      async sample() {
        const reasons = ready();
        metrics.set('chimera_ready', {}, reasons.length === 0 ? 1 : 0);
        metrics.set('chimera_not_ready_reasons', {}, reasons.length);
        await samples();
      },
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
