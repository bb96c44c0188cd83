import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CONTRACTS } from '../bus/contracts.ts';
import { OUTCOMES } from '../bus/outcome.ts';
import { createLogger } from './log.ts';
import { METRIC_TABLE } from './metric-names.ts';
import { createMetrics, deliveryObserver, noMetrics } from './metrics.ts';
import { VERSION } from './version.ts';

const table = Object.entries(METRIC_TABLE) as [
  string,
  { type: 'counter' | 'gauge' | 'histogram'; help: string; labels: readonly string[]; buckets?: readonly number[] },
][];

/** The value of one sample in Prometheus' text, whatever the order of its labels. */
function sampled(text: string, name: string, labels: Record<string, string>): number | null {
  for (const line of text.split('\n')) {
    const [, found, inside = '', value] = /^(\w+)\{(.*)\} (\S+)$/.exec(line) ?? [];
    if (found !== name) continue;
    const pairs = [...inside.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, given]) => [key, given]);
    const has = Object.fromEntries(pairs);
    if (pairs.length === Object.keys(labels).length && Object.entries(labels).every(([key, given]) => has[key] === given))
      return Number(value);
  }
  return null;
}

describe.each(table)('%s', (name, { type, help, labels, buckets }) => {
  it('is named as Prometheus asks', () => {
    expect(name).toMatch(/^(chimera|gen_ai|messaging)(_[a-z0-9]+)+$/);
    // Counters end with _total and nothing else does; base units only.
    expect(name.endsWith('_total')).toBe(type === 'counter');
    expect(name).not.toMatch(/_(ms|milliseconds|millis|minutes|kb|mb|kilobytes|megabytes|percent)(_|$)/);
    // What is measured ends with its unit; tokens are counted, not measured.
    if (type === 'histogram') expect(name).toMatch(/_(seconds|bytes|joules|tokens|token_usage|tokens_per_second)$/);
    expect(help).toMatch(/^[A-Z].*\.$/);
  });

  it('hazard 44: has bounded labels: nothing that names a file, an id or a moment', () => {
    for (const label of labels) {
      expect(label).toMatch(/^[a-z][a-z0-9_]*$/);
      expect(label).not.toMatch(/(^|_)(id|path|file|run|inventory|dataset|sha256|time|date|reason|message)$/);
      expect(['service', 'le', 'quantile']).not.toContain(label);
    }
    expect(new Set(labels).size).toBe(labels.length);
  });

  it('has rising buckets where it is a histogram, and none elsewhere', () => {
    expect(buckets !== undefined).toBe(type === 'histogram');
    expect([...(buckets ?? [])].sort((a, b) => a - b)).toEqual(buckets ?? []);
    expect(new Set(buckets).size).toBe(buckets?.length ?? 0);
  });
});

describe('createMetrics', () => {
  it('exposes what was counted, with the name of the service', async () => {
    const metrics = await createMetrics('ingest');
    metrics.count('chimera_artifacts_total', { kind: 'csv', status: 'read' }, 3);
    metrics.count('chimera_artifacts_total', { kind: 'csv', status: 'read' });
    metrics.set('chimera_queue_pending_messages', { durable: 'd' }, 7);
    metrics.observe('chimera_run_stage_duration_seconds', { stage: 'total' }, 0.03);
    const { text, contentType } = await metrics.expose();
    expect(contentType).toMatch(/^text\/plain/);
    const service = 'ingest';
    expect(sampled(text, 'chimera_artifacts_total', { kind: 'csv', status: 'read', service })).toBe(4);
    expect(sampled(text, 'chimera_queue_pending_messages', { durable: 'd', service })).toBe(7);
    expect(sampled(text, 'chimera_run_stage_duration_seconds_count', { stage: 'total', service })).toBe(1);
    expect(sampled(text, 'chimera_run_stage_duration_seconds_bucket', { stage: 'total', service, le: '0.02' })).toBe(0);
    expect(sampled(text, 'chimera_run_stage_duration_seconds_bucket', { stage: 'total', service, le: '0.04' })).toBe(1);
    expect(text).toMatch(/process_cpu_seconds_total/);
    for (const [name] of table) expect(text).toContain(`# HELP ${name} `);
  });

  it('hazard 44: refuses a label that is not in the table', async () => {
    const metrics = await createMetrics('ingest');
    expect(() => metrics.count('chimera_reports_total', { path: '/x' })).toThrow();
  });

  it('hazard 44: keeps few values for each label and shortens them, whatever is named, so that the text can be read', async () => {
    const weird = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('a"b', 'a\\', 'a\nb 1', '{}', '\ud800', 'x'.repeat(5_000), ''));
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(weird, { minLength: 1, maxLength: 200 }), async (names) => {
        const metrics = await createMetrics('insight');
        for (const name of names) {
          const of = { agent: 'insight', gen_ai_request_model: name, server_address: name };
          metrics.count('chimera_model_answers_stored_total', of);
          metrics.set('chimera_gpu_power_watts', { server_address: name }, 1);
          metrics.observe('chimera_output_tokens_per_second', of, 1);
        }
        const { text } = await metrics.expose();
        const lines = text
          .split('\n')
          .filter((line) => /^chimera_(model_answers_stored_total|gpu_power_watts|output_tokens_per_second_count)/.test(line));
        // 64 values, and all others together.
        expect(lines.length).toBeLessThanOrEqual(3 * 65);
        for (const line of lines) expect(line).toMatch(/^\w+\{(\w+="([^"\\\n]|\\["\\n])*",?)+\} \d+$/u);
        for (const line of lines) expect(line.length).toBeLessThan(1_000);
        const stored = lines.filter((line) => line.startsWith('chimera_model_answers_stored_total'));
        expect(stored.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0)).toBe(names.length);
      }),
      { numRuns: 20 },
    );
  });

  it('does not expose what was not set, nor what is unset', async () => {
    const metrics = await createMetrics('reporter');
    const exposed = async () => (await metrics.expose()).text;
    expect(await exposed()).not.toMatch(/^chimera_(nats_storage|ready|report_lag|stream)\w*[ {]/m);
    metrics.set('chimera_nats_storage_limit_bytes', {}, 7);
    metrics.set('chimera_stream_bytes', { stream: 'chimera_dead' }, 8);
    expect(sampled(await exposed(), 'chimera_nats_storage_limit_bytes', { service: 'reporter' })).toBe(7);
    expect(sampled(await exposed(), 'chimera_stream_bytes', { stream: 'chimera_dead', service: 'reporter' })).toBe(8);
    metrics.unset('chimera_nats_storage_limit_bytes');
    metrics.unset('chimera_stream_bytes');
    expect(await exposed()).not.toMatch(/^chimera_(nats_storage|stream)\w*[ {]/m);
  });

  it('tells the version, and begins the counters of dead letters at 0', async () => {
    const { text } = await (await createMetrics('ingest')).expose();
    expect(sampled(text, 'chimera_build_info', { version: VERSION, service: 'ingest' })).toBe(1);
    for (const { name } of CONTRACTS) expect(sampled(text, 'chimera_dead_letters_total', { subject: name, service: 'ingest' })).toBe(0);
  });

  it('keeps the metrics of two services in one process apart', async () => {
    const [one, two] = await Promise.all([createMetrics('one'), createMetrics('two')]);
    one.count('chimera_inventories_total');
    expect((await two.expose()).text).not.toMatch(/chimera_inventories_total\{.*\} 1/);
  });
});

describe('deliveryObserver', () => {
  it('hazard 11: counts each delivery by its outcome, and dead letters apart', async () => {
    const metrics = await createMetrics('insight');
    const observe = deliveryObserver(metrics, createLogger('test', 'silent'));
    for (const outcome of OUTCOMES) observe({ subject: 'analysis.requested', outcome, seconds: 0.5, deliveries: 1 });
    const { text } = await metrics.expose();
    const labels = { subject: 'analysis.requested', service: 'insight' };
    for (const outcome of OUTCOMES) expect(sampled(text, 'messaging_client_consumed_messages_total', { ...labels, outcome })).toBe(1);
    expect(sampled(text, 'chimera_dead_letters_total', labels)).toBe(1);
    expect(sampled(text, 'messaging_process_duration_seconds_sum', { ...labels, outcome: 'done' })).toBe(0.5);
  });
});

describe('noMetrics', () => {
  it('counts nothing', async () => {
    noMetrics.count('chimera_inventories_total');
    expect((await noMetrics.expose()).text).toBe('');
  });
});
