import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { agentSettings, startAgent } from '@chimera/agent';
import { collector } from '@chimera/collector';
import { ingestSettings, startIngest } from '@chimera/ingest';
import { insight } from '@chimera/insight';
import { reporterSettings, startReporter } from '@chimera/reporter';
import { connectBus, type NatsBus, type ReportNotice, ReportPublished, systemClock } from '@chimera/shared/bus';
import { createLogger, type Dependencies, noMetrics, type Service } from '@chimera/shared/service';
import { folderBlobs } from '@chimera/shared/store';
import { PATIENT_MS } from './nats.ts';
import { type Recorder, recorder } from './wait.ts';

export type System = { home: string; bucket: string; reports: Recorder<ReportNotice>; stop(): Promise<void> };

/** The four services in this process, each with its own connection to a real nats-server, as `up` has them. */
export async function startSystem(natsUrl: string, folder: string, env: Record<string, string> = {}): Promise<System> {
  const home = join(folder, 'home');
  const bucket = join(folder, 'bucket');
  mkdirSync(bucket, { recursive: true });
  const environment = {
    CHIMERA_HOME: home,
    CHIMERA_BUCKET: bucket,
    CHIMERA_MODEL: 'none',
    CHIMERA_SETTLE_SECONDS: '0.2',
    CHIMERA_SCAN_SECONDS: '0.1',
    CHIMERA_SWEEP_SECONDS: '0.5',
    ...env,
  };
  const buses: NatsBus[] = [];
  const dependencies = async (name: string): Promise<Dependencies & { bus: NatsBus }> => {
    const bus = await connectBus({ url: natsUrl, name, connectTimeoutMs: PATIENT_MS });
    buses.push(bus);
    return {
      bus,
      blobs: folderBlobs(join(home, 'blobs')),
      logger: createLogger(name, process.env.TEST_LOG_LEVEL ?? 'silent'),
      metrics: noMetrics,
      clock: systemClock,
      instance: randomUUID(),
    };
  };
  const reports = recorder<ReportNotice>();
  const watcher = (await dependencies('watcher')).bus;
  void (async () => {
    for await (const message of watcher.connection.subscribe(ReportPublished.subjects))
      reports.add(ReportPublished.schema.parse(message.json()));
  })();
  // The server knows of the listener before anybody can publish.
  await watcher.connection.flush();
  const services: Service[] = [
    await startReporter(reporterSettings(environment), await dependencies('reporter')),
    await startAgent(collector, agentSettings(environment), await dependencies('collector')),
    await startAgent(insight, agentSettings(environment), await dependencies('insight')),
    await startIngest(ingestSettings(environment), await dependencies('ingest')),
  ];
  return {
    home,
    bucket,
    reports,
    async stop() {
      for (const service of [...services].reverse()) await service.stop(5_000);
      for (const bus of buses) await bus.close();
    },
  };
}
