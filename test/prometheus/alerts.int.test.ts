import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectBus, listLetters, type NatsBus } from '@chimera/shared/bus';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findTestTool } from '../../packages/cli/provision/test-tools.mjs';
import { SERVICES, type ServiceName } from '../../packages/cli/src/services.ts';
import { type Prometheus, startPrometheus } from '../grafana/prometheus.ts';
import { chimera } from '../support/chimera.ts';
import { layFiles, SMALL } from '../support/dataset.ts';
import { type Nats, natsServers, PATIENT_MS, startNats } from '../support/nats.ts';
import { ROOT } from '../support/seed.ts';
import { until } from '../support/wait.ts';
import { type ServiceProcess, startService } from './service-process.ts';

const NAMES = Object.keys(SERVICES) as ServiceName[];
const GUARD_MS = 120_000;
/** Half an hour, as long as a test has. */
const SHORTENED = [['> 1800', '> 3']] as const;

const tool = await findTestTool({ root: ROOT, name: 'prometheus' });
const [newest] = await natsServers();
const absent =
  tool === null
    ? 'there is no prometheus: "node scripts/setup.mjs --for-tests" brings one'
    : newest === undefined
      ? 'there is no nats-server'
      : null;

type Firing = { alertname: string; [label: string]: string };

describe.skipIf(absent)(`alerts over services that fail${absent ? ` (left out: ${absent})` : ''}`, { timeout: GUARD_MS }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'chimera-alerts-'));
  const bucket = join(folder, 'bucket');
  const services = new Map<ServiceName, ServiceProcess>();
  let nats: Nats;
  let bus: NatsBus;
  let prometheus: Prometheus;

  const service = (name: ServiceName): ServiceProcess => {
    const one = services.get(name);
    if (one === undefined) throw new Error(`There is no ${name}.`);
    return one;
  };
  /** What fires just now, without what every alert has. */
  const firing = async (): Promise<Firing[]> =>
    (await prometheus.ask('ALERTS{alertstate="firing"}', true)).map(({ metric }) => {
      const { __name__: _, alertstate: __, severity: ___, instance: ____, ...rest } = metric;
      return { alertname: '', ...rest };
    });
  const fires = (alert: Firing) =>
    until(
      `${alert.alertname}, firing`,
      async () => (await firing()).some((one) => Object.entries(alert).every(([label, value]) => one[label] === value)),
      GUARD_MS,
    );
  const cleared = () => until('No alert', async () => (await firing()).length === 0, GUARD_MS);
  const value = async (expr: string) => Number((await prometheus.ask(expr, true))[0]?.values[0]?.[1] ?? Number.NaN);

  beforeAll(async () => {
    if (tool === null || newest === undefined) throw new Error('A program is missing.');
    mkdirSync(bucket);
    nats = await startNats(newest);
    bus = await connectBus({ url: nats.url, name: 'test', connectTimeoutMs: PATIENT_MS });
    const environment = {
      CHIMERA_HOME: join(folder, 'home'),
      CHIMERA_BUCKET: bucket,
      CHIMERA_NATS_URL: nats.url,
      CHIMERA_MODEL: 'none',
      CHIMERA_SETTLE_SECONDS: '0.2',
      CHIMERA_SCAN_SECONDS: '0.2',
      CHIMERA_RECONCILE_SECONDS: '1',
      CHIMERA_LOG_LEVEL: 'info',
    };
    for (const name of NAMES) services.set(name, await startService(name, folder, environment));
    const home = join(folder, 'prometheus');
    const targets = Object.fromEntries(NAMES.map((name) => [name, [service(name).address]]));
    prometheus = await startPrometheus(tool.path, home, { ...targets, 'dcgm-exporter': [] });
    const rules = join(home, 'alerts.rules.yml');
    for (const [from, to] of SHORTENED) {
      const text = readFileSync(rules, 'utf8');
      expect(text).toContain(from);
      writeFileSync(rules, text.replaceAll(from, to));
    }
    expect((await fetch(`${prometheus.url}/-/reload`, { method: 'POST' })).ok).toBe(true);
    await until('Four services that are ready', async () => (await value('sum(chimera_ready)')) === NAMES.length, GUARD_MS);
    await cleared();
  }, GUARD_MS);

  afterAll(async () => {
    await prometheus?.close();
    for (const one of services.values()) await one.kill();
    await bus?.close();
    await nats?.close();
    rmSync(folder, { recursive: true, force: true });
  }, GUARD_MS);

  it('ChimeraServiceDown fires for a service that is killed, and clears when it is started again', async () => {
    await service('insight').kill();
    await fires({ alertname: 'ChimeraServiceDown', job: 'insight' });
    service('insight').start();
    await cleared();
  });

  it('ChimeraServiceNotReady fires while the bucket is not there, and clears when it is', async () => {
    renameSync(bucket, `${bucket}-away`);
    await fires({ alertname: 'ChimeraServiceNotReady', job: 'ingest', service: 'ingest' });
    renameSync(`${bucket}-away`, bucket);
    await cleared();
  });

  it('hazard 11: ChimeraDeadLetters fires for a message that nobody understands, and clears when its letters are removed', async () => {
    await bus.jetstream.publish('chimera.inventory.v1.published.x', 'not JSON');
    await fires({ alertname: 'ChimeraDeadLetters' });
    // One for each durable that reads inventories.
    await until('All letters', async () => (await value('max(chimera_stream_messages{stream="chimera_dead"})')) === 3, GUARD_MS);
    const { letters } = await listLetters(bus, 10);
    const { code } = await chimera(['dead', 'remove', ...letters.map(({ sequence }) => String(sequence))], {
      env: { CHIMERA_NATS_URL: nats.url },
    });
    expect(code).toBe(0);
    await cleared();
  });

  it('ChimeraReportMissing fires for a drop while the reporter hangs, and clears when the report has come', async () => {
    service('reporter').signal('SIGSTOP');
    try {
      layFiles(SMALL, bucket);
      await fires({ alertname: 'ChimeraReportMissing', missing: 'report' });
      // Who does not answer is down as well.
      await fires({ alertname: 'ChimeraServiceDown', job: 'reporter' });
    } finally {
      service('reporter').signal('SIGCONT');
    }
    await until('The report', async () => (await value('sum(chimera_reports_total{status="current"})')) === 1, GUARD_MS);
    await cleared();
    expect(await value('max(chimera_report_lag_seconds)')).toBe(0);
  });

  it('ChimeraReportMissing fires for a drop that cannot be taken in, and clears when it is', async () => {
    // Blobs go where nobody may write: a file stands where their folder was.
    const blobs = join(folder, 'home/blobs');
    renameSync(blobs, `${blobs}-away`);
    writeFileSync(blobs, '');
    layFiles({ 'runs/late.csv': 'model,tokens_s\nlate:1b,10.5\nlate:1b,11.5\nlate:1b,12.5\n' }, bucket);
    await fires({ alertname: 'ChimeraReportMissing', missing: 'inventory' });
    rmSync(blobs);
    renameSync(`${blobs}-away`, blobs);
    await cleared();
    expect(await value('max(chimera_drop_lag_seconds)')).toBe(0);
  });
});
