import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { agentSettings, startAgent } from '@chimera/agent';
import { collector } from '@chimera/collector';
import { ingestSettings, startIngest } from '@chimera/ingest';
import { type Behaviour, type ReplayRequest, startReplayServer } from '@chimera/ollama';
import { reporterSettings, startReporter } from '@chimera/reporter';
import { connectBus, listLetters, type NatsBus, systemClock } from '@chimera/shared/bus';
import { Report } from '@chimera/shared/domain';
import { createLogger, type Dependencies, noMetrics, type Service } from '@chimera/shared/service';
import { folderBlobs } from '@chimera/shared/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { layFiles, SMALL } from '../support/dataset.ts';
import { type Nats, natsServers, PATIENT_MS, startNats } from '../support/nats.ts';
import { filesBelow, ROOT } from '../support/seed.ts';
import { recorder, until } from '../support/wait.ts';

const [newest] = await natsServers();
const DURABLE = 'insight_worker_gemma3=3Alatest';
const MOST_DELIVERIES = 5;

/** InsightAgent as a process of its own, which dies whenever its model is asked: whatever it tries is its end. */
describe.skipIf(newest === undefined)('an agent that dies in every delivery', () => {
  const work = mkdtempSync(join(tmpdir(), 'chimera-dying-'));
  const environment = { CHIMERA_HOME: join(work, 'home'), CHIMERA_BUCKET: join(work, 'bucket'), CHIMERA_MODEL: 'gemma3:latest' };
  const deaths = recorder<string | null>();
  const buses: NatsBus[] = [];
  const services: Service[] = [];
  let replay: Awaited<ReturnType<typeof startReplayServer>>;
  let nats: Nats;
  let child: ChildProcess | null = null;
  let stopping = false;

  function spawnInsight(): void {
    child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', join(ROOT, 'services/insight/src/main.ts')], {
      env: {
        ...process.env,
        ...environment,
        CHIMERA_NATS_URL: nats.url,
        CHIMERA_OLLAMA_URLS: `${replay.url}#slots=1`,
        CHIMERA_HTTP_PORT: '0',
        CHIMERA_LOG_LEVEL: 'silent',
      },
      stdio: 'ignore',
    });
    child.once('exit', (_, signal) => {
      deaths.add(signal);
      if (!stopping) spawnInsight();
    });
  }
  function behaviour({ messages }: ReplayRequest): Behaviour {
    if (messages[0]?.content.includes(collector.persona)) return { kind: 'well-behaved' };
    child?.kill('SIGKILL');
    return { kind: 'hang' };
  }
  async function dependencies(name: string): Promise<Dependencies & { bus: NatsBus }> {
    const bus = await connectBus({ url: nats.url, name, connectTimeoutMs: PATIENT_MS });
    buses.push(bus);
    const logger = createLogger(name, process.env.TEST_LOG_LEVEL ?? 'silent');
    return {
      bus,
      blobs: folderBlobs(join(environment.CHIMERA_HOME, 'blobs')),
      logger,
      metrics: noMetrics,
      clock: systemClock,
      instance: randomUUID(),
    };
  }

  beforeAll(async () => {
    if (newest === undefined) throw new Error('There is no nats-server.');
    mkdirSync(environment.CHIMERA_BUCKET);
    nats = await startNats(newest);
    replay = await startReplayServer({ behaviour });
    const env = {
      ...environment,
      CHIMERA_OLLAMA_URLS: `${replay.url}#slots=1`,
      CHIMERA_SETTLE_SECONDS: '0.2',
      CHIMERA_SWEEP_SECONDS: '0.5',
    };
    services.push(await startReporter(reporterSettings(env), await dependencies('reporter')));
    services.push(await startAgent(collector, agentSettings(env), await dependencies('collector')));
    services.push(await startIngest(ingestSettings(env), await dependencies('ingest')));
    spawnInsight();
  }, 60_000);
  afterAll(async () => {
    stopping = true;
    child?.kill('SIGKILL');
    for (const service of services.reverse()) await service.stop(5_000);
    for (const bus of buses) await bus.close();
    await replay?.close();
    await nats?.close();
    rmSync(work, { recursive: true, force: true });
  }, 60_000);

  it('hazard 12: has its work put among the dead letters, and the template speaks in its place', async () => {
    const { bus } = await dependencies('test');
    layFiles(SMALL, environment.CHIMERA_BUCKET);
    for (let death = 1; death <= MOST_DELIVERIES; death++) {
      await deaths.count(death, 60_000);
      // A quarter of a minute is how long NATS waits for a sign of life; the next process sets it anew.
      await bus.manager.consumers.update('chimera_work', DURABLE, { ack_wait: 200_000_000 });
    }
    const [path] = await until(
      'the report',
      () => {
        const found = filesBelow(environment.CHIMERA_HOME).filter((file) => file.endsWith('/report.json'));
        return found.length > 0 && found;
      },
      60_000,
    );
    const report = Report.parse(JSON.parse(readFileSync(join(environment.CHIMERA_HOME, path ?? ''), 'utf8')));
    expect(report.record.agents.collector?.narrator.kind).toBe('model');
    expect(report.record.agents.insight?.narrator).toMatchObject({
      kind: 'template',
      reason: expect.stringMatching(/^the analysis was given up: given up after 5 deliveries: .*its process dies in the middle$/),
    });
    expect(report.record.missing).toEqual([]);
    const { letters } = await until('the letter', async () => {
      const found = await listLetters(bus, 10);
      return found.total > 0 && found;
    });
    expect(letters).toMatchObject([
      { letter: { durable: DURABLE, attempts: MOST_DELIVERIES + 1, reason: expect.stringContaining('given up after 5') } },
    ]);
    await until('the empty queue', async () => (await bus.manager.streams.info('chimera_work')).state.messages === 0);
    // It lives, now that nothing kills it any more.
    expect(deaths.all).toEqual(Array(MOST_DELIVERIES).fill('SIGKILL'));
  }, 120_000);
});
