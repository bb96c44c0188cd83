import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { agentSettings, startAgent } from '@chimera/agent';
import { collector } from '@chimera/collector';
import { ingestSettings, startIngest } from '@chimera/ingest';
import { insight } from '@chimera/insight';
import { reporterSettings, startReporter } from '@chimera/reporter';
import { connectBus, type NatsBus, systemClock } from '@chimera/shared/bus';
import { Report } from '@chimera/shared/domain';
import { createLogger, type Dependencies, noMetrics, openTracer, type Service } from '@chimera/shared/service';
import { CURRENT_BUCKET, Current, folderBlobs, JOINS_BUCKET, Join } from '@chimera/shared/store';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { layFiles, SMALL } from '../support/dataset.ts';
import { describeOnEachNats, type Nats, PATIENT_MS, startNats } from '../support/nats.ts';
import { type Collector, startCollector } from '../support/otlp.ts';
import { SpanTree, serviceOf } from '../support/span-tree.ts';
import { until } from '../support/wait.ts';

const GUARD_MS = 60_000;

describeOnEachNats(
  'a trace whose messages are gone',
  (binary) => {
    const work = mkdtempSync(join(tmpdir(), 'chimera-traces-'));
    const home = join(work, 'home');
    const environment = {
      CHIMERA_HOME: home,
      CHIMERA_BUCKET: join(work, 'bucket'),
      CHIMERA_MODEL: 'none',
      CHIMERA_SETTLE_SECONDS: '0.2',
      CHIMERA_SCAN_SECONDS: '0.1',
      CHIMERA_SWEEP_SECONDS: '0.2',
    };
    const running: { service: Service; bus: NatsBus; deps: Dependencies }[] = [];
    let nats: Nats;
    let target: Collector;
    let watcher: NatsBus;

    async function run(name: string, start: (deps: Dependencies) => Promise<Service>): Promise<void> {
      const onFault = (sentence: string) => expect.fail(sentence);
      const described = { service: `chimera-${name}`, instance: randomUUID(), version: '1', onFault };
      const tracer = await openTracer({ OTEL_EXPORTER_OTLP_ENDPOINT: target.url }, described);
      const bus = await connectBus({ url: nats.url, name, connectTimeoutMs: PATIENT_MS, tracer });
      const blobs = folderBlobs(join(home, 'blobs'));
      const logger = createLogger(name, process.env.TEST_LOG_LEVEL ?? 'silent');
      const deps = { bus, blobs, logger, metrics: noMetrics, clock: systemClock, instance: randomUUID(), tracer };
      running.push({ service: await start(deps), bus, deps });
    }
    async function stop(): Promise<void> {
      for (const { service, bus, deps } of running.splice(0)) {
        await service.stop(5_000);
        await deps.tracer?.close(GUARD_MS);
        await bus.close();
      }
    }
    beforeAll(async () => {
      nats = await startNats(binary);
      target = await startCollector();
      watcher = await connectBus({ url: nats.url, name: 'watcher', connectTimeoutMs: PATIENT_MS });
      mkdirSync(environment.CHIMERA_BUCKET, { recursive: true });
    });
    afterAll(async () => {
      await stop();
      await watcher.close();
      await target.close();
      await nats.close();
      rmSync(work, { recursive: true, force: true });
    });

    it('is continued by a reporter that knows of the run from memory alone', { timeout: 3 * GUARD_MS }, async () => {
      const joins = await watcher.documents(JOINS_BUCKET, Join);
      await run('collector', (deps) => startAgent(collector, agentSettings(environment), deps));
      await run('insight', (deps) => startAgent(insight, agentSettings(environment), deps));
      await run('ingest', (deps) => startIngest(ingestSettings(environment), deps));
      layFiles(SMALL, environment.CHIMERA_BUCKET);
      const joined = await until(
        'both analyses',
        async () => {
          const [key] = await joins.keys();
          const one = key === undefined ? null : await joins.get(key);
          return one && Object.values(one.parts).every(({ state }) => state === 'done') && one;
        },
        GUARD_MS,
      );
      // All processes stop, and the stream forgets what was told: what is left is in documents and blobs.
      await stop();
      await watcher.manager.streams.purge('chimera_events');

      await run('reporter', (deps) => startReporter(reporterSettings(environment), deps));
      const printed = await until('the report', async () => (await joins.get(joined.run.id))?.printed.report ?? false, GUARD_MS);
      const report = Report.parse(JSON.parse(readFileSync(join(home, 'blobs', printed.slice(0, 2), printed), 'utf8')));
      await stop();

      const tree = new SpanTree(target.spans.filter(({ trace }) => trace === report.record.trace));
      const current = await (await watcher.documents(CURRENT_BUCKET, Current)).get('bucket');
      expect(report.record.trace).toBe(current?.inventory.traceparent?.split('-')[1]);
      expect(tree.orphans()).toEqual([]);
      const print = tree.one('print report');
      expect(tree.pathTo(print).map(({ name }) => name)).toEqual(['take inventory', 'print report']);
      const linked = print.links.map(({ id }) => tree.byId(id)).filter((span) => span !== undefined);
      expect(linked.map((span) => `${serviceOf(span)}: ${span.name}`).sort()).toEqual([
        'chimera-collector: write analysis',
        'chimera-insight: write analysis',
      ]);
      expect(tree.pathTo(tree.one('send chimera.report.v1.published.*'))[0]?.name).toBe('take inventory');
    });

    it('is kept by an ingest that starts anew and finds the inventory as it is', { timeout: 3 * GUARD_MS }, async () => {
      const documents = await watcher.documents(CURRENT_BUCKET, Current);
      const before = await documents.get('bucket');
      await watcher.manager.streams.purge('chimera_events');
      await run('ingest', (deps) => startIngest(ingestSettings(environment), deps));
      const again = () => target.spans.filter(({ name, trace }) => name === 'take inventory' && trace !== traceOf(before));
      await target.until('another taking', () => again().length > 0, GUARD_MS);
      await stop();
      expect(await documents.get('bucket')).toMatchObject({ inventory: before?.inventory });
      // Whoever hears of it once more continues the trace in which it was first taken.
      const sent = target.spans.filter(({ name }) => name === 'send chimera.inventory.v1.published.*');
      expect(new Set(sent.map(({ trace }) => trace))).toEqual(new Set([traceOf(before)]));
      expect(sent.length).toBeGreaterThan(1);
    });
  },
  { newest: true },
);

const traceOf = (current: Current | null) => current?.inventory.traceparent?.split('-')[1];
