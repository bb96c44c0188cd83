import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startReplayServer } from '@chimera/ollama';
import { METRIC_TABLE } from '@chimera/shared/service';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { layFiles, SMALL } from '../support/dataset.ts';
import { killAllUps, startUp, type Up } from '../support/up.ts';

const SERVICES = ['ingest', 'collector', 'insight', 'reporter'] as const;

/** Four real processes, a real NATS, a real HTTP server in Ollama's place. */
describe('every service', () => {
  const work = mkdtempSync(join(tmpdir(), 'chimera-probes-'));
  let up: Up;
  let replay: Awaited<ReturnType<typeof startReplayServer>>;

  beforeAll(async () => {
    replay = await startReplayServer();
    up = startUp(work, { CHIMERA_MODEL: 'gemma3:latest', CHIMERA_OLLAMA_URLS: replay.url, CHIMERA_METRICS_TOKEN: 'scrape-me' });
    await up.line(/watching/);
    layFiles(SMALL, up.bucket);
    await up.line(/^chimera: report: /);
  }, 90_000);
  afterAll(async () => {
    await up.interrupt();
    killAllUps();
    await replay.close();
    rmSync(work, { recursive: true, force: true });
  }, 60_000);

  const logOf = (service: string) =>
    readFileSync(join(up.home, 'logs', `${service}.log`), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  const urlOf = (service: string) => String(logOf(service).find((line) => line.msg === 'started')?.url);
  const metricsOf = async (service: string) =>
    (await fetch(`${urlOf(service)}/metrics`, { headers: { authorization: 'Bearer scrape-me' } })).text();

  it.each(SERVICES)('%s answers /livez and /readyz, and shows /metrics to who has the token', async (service) => {
    for (const probe of ['livez', 'readyz']) {
      const response = await fetch(`${urlOf(service)}/${probe}`);
      const { notes, ...answer } = (await response.json()) as { notes?: string[] };
      expect([response.status, answer]).toEqual([200, { status: 'ok', reasons: [] }]);
      if (service === 'ingest' && probe === 'readyz') expect(notes?.join()).toMatch(/^watching by (events|polling: .+)/);
    }
    expect((await fetch(`${urlOf(service)}/metrics`)).status).toBe(401);
    expect(await metricsOf(service)).toContain('process_resident_memory_bytes');
  });

  it('hazard 15: exposes what the table promises, where it belongs', async () => {
    const calls = (agent: string) => replay.calls.filter(({ request }) => request.messages[0]?.content.includes(`You are ${agent}`)).length;
    const expected: Record<(typeof SERVICES)[number], [name: string, labels: Record<string, string>, value?: number][]> = {
      ingest: [
        ['chimera_artifacts_total', { kind: 'csv', status: 'read' }, 2],
        ['chimera_inventories_total', {}, 1],
        ['chimera_inventory_duration_seconds_count', {}, 1],
      ],
      collector: [
        ['messaging_process_duration_seconds_count', { subject: 'analysis.requested', outcome: 'done' }, 1],
        ['messaging_client_consumed_messages_total', { subject: 'inventory.published', outcome: 'done' }, 1],
        ['chimera_queue_pending_messages', { durable: 'collector_worker_gemma3=3Alatest' }, 0],
        ['gen_ai_client_operation_duration_seconds_count', { gen_ai_request_model: 'gemma3:latest' }, calls('DataCollector-9000')],
        ['gen_ai_client_operation_time_to_first_chunk_seconds_count', { gen_ai_provider_name: 'ollama' }, calls('DataCollector-9000')],
        ['gen_ai_client_token_usage_count', { gen_ai_token_type: 'output' }, calls('DataCollector-9000')],
        ['chimera_analyses_total', { agent: 'collector', narrator: 'model' }, 1],
        ['chimera_sentences_total', { agent: 'collector', fate: 'kept' }],
      ],
      insight: [['chimera_output_tokens_per_second_count', { agent: 'insight' }, calls('InsightAgent')]],
      reporter: [
        ['chimera_reports_total', { status: 'current' }, 1],
        ['chimera_run_stage_duration_seconds_count', { stage: 'total' }, 1],
        ['chimera_run_output_tokens_count', { agent: 'insight' }, 1],
        ['chimera_queue_pending_messages', { durable: 'reporter_analysis' }, 0],
      ],
    };
    for (const service of SERVICES) {
      const text = await metricsOf(service);
      for (const [name, labels, value] of expected[service]) {
        const found = sampleOf(text, name, labels);
        expect([name, found]).toEqual([name, value ?? expect.any(Number)]);
      }
      const own = [...text.matchAll(/^# TYPE ((?:chimera|gen_ai|messaging)\S+)/gm)].map((m) => m[1]);
      expect(own.sort()).toEqual(Object.keys(METRIC_TABLE).sort());
    }
  });

  it('logs JSON with dataset, inventory and run', () => {
    const published = logOf('ingest').find((line) => line.msg === 'inventory published');
    expect(published).toMatchObject({
      service: 'ingest',
      dataset: 'bucket',
      artifacts: 4,
      inventory: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    const printed = logOf('reporter').find((line) => line.msg === 'report printed');
    expect(printed).toMatchObject({ dataset: 'bucket', inventory: published?.inventory, run: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(logOf('insight').find((line) => line.msg === 'analysis completed')).toMatchObject({ run: printed?.run, narrator: 'model' });
  });

  it('hazard 41: serves the reports, and nothing beside them', async () => {
    const page = await (await fetch(`${urlOf('reporter')}/`)).text();
    const link = /href="([^"]+report\.html)"/.exec(page)?.[1] ?? '';
    const report = await fetch(urlOf('reporter') + link);
    expect(report.status).toBe(200);
    expect(report.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await report.text()).toContain('Chimera report');
    for (const path of ['/reports/../blobs', '/reports/%2e%2e/logs/ingest.log', '/blobs', '/reports/bucket/.chimera-output']) {
      expect((await fetch(urlOf('reporter') + path)).status).toBeGreaterThanOrEqual(400);
    }
  });
});

/** The value of the first sample with this name and at least these labels. */
function sampleOf(text: string, name: string, labels: Record<string, string>): number | null {
  const line = text
    .split('\n')
    .find(
      (l) =>
        (l.startsWith(`${name}{`) || l.startsWith(`${name} `)) &&
        Object.entries(labels).every(([key, value]) => l.includes(`${key}="${value}"`)),
    );
  return line === undefined ? null : Number(line.slice(line.lastIndexOf(' ') + 1));
}
