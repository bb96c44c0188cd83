import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { METRIC_TABLE, type MetricName } from '@chimera/shared/service';
import { describe, expect, it } from 'vitest';
import { SERVICES } from '../../packages/cli/src/services.ts';
import { ROOT } from '../support/seed.ts';
import { baseImage, composeServices, panels, scrapeJobs } from './deployed.ts';
import { readPromql } from './promql.ts';

const services = composeServices();
const own = Object.entries(SERVICES);
// A histogram's edges, and what every service and Prometheus itself add.
const LABELS_OF_ALL = ['le', 'service', 'job', 'instance'];

/** The row of the table that a series belongs to; null where there is none. */
function rowOf(series: string): (typeof METRIC_TABLE)[MetricName] | null {
  const whole = METRIC_TABLE[series as MetricName];
  if (whole) return whole.type === 'histogram' ? null : whole;
  const part = METRIC_TABLE[series.replace(/_(bucket|sum|count)$/, '') as MetricName];
  return part?.type === 'histogram' ? part : null;
}

describe('docker-compose.yml', () => {
  it('runs the four services, each on its own port, each from the one image', () => {
    for (const [name, { port }] of own) {
      expect(services[name], name).toMatchObject({ build: '.', command: [name], environment: { CHIMERA_HTTP_PORT: port } });
    }
    expect(new Set(own.map(([name]) => services[name]?.image)).size).toBe(1);
  });

  it('gives all services the same home, and the bucket to ingest alone, to read', () => {
    for (const [name] of own) expect(services[name]?.volumes, name).toContain('chimera:/var/lib/chimera');
    const withBucket = Object.entries(services).filter(([, { volumes }]) => volumes?.some((volume) => volume.includes(':/bucket')));
    expect(withBucket.map(([name]) => name)).toEqual(['ingest']);
    expect(withBucket[0]?.[1].volumes?.find((volume) => volume.includes(':/bucket'))).toMatch(/:ro$/);
  });

  it('hazard 41: publishes nothing beyond loopback', () => {
    const published = Object.values(services).flatMap(({ ports }) => ports ?? []);
    expect(published.length).toBeGreaterThan(0);
    for (const port of published) expect(port).toMatch(/^127\.0\.0\.1:/);
  });

  it('pins each image to one version', () => {
    const images = Object.values(services).flatMap(({ image, build }) => (build ? [] : [image]));
    for (const image of [...images, baseImage()]) expect(image).toMatch(/:v?\d+\.\d+\.\d+/);
  });

  it('starts nothing before what it needs is healthy, and that has a health check', () => {
    for (const [name, { depends_on = {} }] of Object.entries(services)) {
      for (const [needed, { condition }] of Object.entries(depends_on)) {
        expect(condition, `${name} on ${needed}`).toBe('service_healthy');
        expect(services[needed]?.healthcheck ?? services[needed]?.build, needed).toBeDefined();
      }
    }
  });

  it('mounts only files that are there', () => {
    const mounted = Object.values(services)
      .flatMap(({ volumes }) => volumes ?? [])
      .flatMap((volume) => /^(\.\/deploy[^:]*):/.exec(volume)?.[1] ?? []);
    expect(mounted.length).toBeGreaterThan(0);
    for (const path of mounted) expect(existsSync(join(ROOT, path)), path).toBe(true);
  });
});

describe('prometheus.yml', () => {
  it('scrapes the four services on the ports on which compose runs them, and nothing else', () => {
    expect(
      scrapeJobs()
        .map(({ job_name, dns_sd_configs }) => ({ job_name, dns_sd_configs: dns_sd_configs.map(({ names, port }) => ({ names, port })) }))
        .sort((a, b) => (a.job_name < b.job_name ? -1 : 1)),
    ).toEqual(
      own
        .map(([name]) => ({ job_name: name, dns_sd_configs: [{ names: [name], port: services[name]?.environment?.CHIMERA_HTTP_PORT }] }))
        .sort((a, b) => (a.job_name < b.job_name ? -1 : 1)),
    );
  });
});

describe('the pipeline dashboard', () => {
  it.each(panels().map((panel) => [panel.title, panel] as const))('“%s” says what it shows', (_, panel) => {
    expect(panel.description?.length ?? 0).toBeGreaterThan(30);
    expect(panel.targets?.length ?? 0).toBeGreaterThan(0);
  });

  const queries = panels().flatMap(({ title, targets = [] }) => targets.map(({ expr }) => [title, expr] as const));

  it.each(queries)('“%s” asks only for metrics and labels of the table: %s', (_, expr) => {
    const { selections, groupings } = readPromql(expr);
    expect(selections.length).toBeGreaterThan(0);
    for (const { metric, labels } of selections) {
      const row = rowOf(metric);
      expect(row, `${metric} is in no row of METRIC_TABLE`).not.toBeNull();
      const known = [...LABELS_OF_ALL, ...(row?.labels ?? [])];
      for (const label of [...labels, ...groupings]) expect(known, `${metric} has no label ${label}`).toContain(label);
    }
  });

  it('shows drop to report by stage, tokens per second, every kind of failure, and the lag of the queues', () => {
    const asked = new Set(queries.flatMap(([, expr]) => readPromql(expr).selections.map(({ metric }) => metric)));
    for (const metric of [
      'chimera_run_stage_duration_seconds_bucket',
      'chimera_output_tokens_per_second_bucket',
      'chimera_dead_letters_total',
      'messaging_client_consumed_messages_total',
      'chimera_artifacts_total',
      'chimera_sentences_total',
      'chimera_queue_pending_messages',
    ])
      expect(asked).toContain(metric);
  });
});

describe('readPromql', () => {
  it('finds metrics, filters and groupings, and takes no function, variable or duration for one', () => {
    expect(
      readPromql(
        'histogram_quantile(0.95, sum by (le, stage) (rate(a_bucket{x="y",z!~"b"}[$__rate_interval]))) / on (q) c_total > bool 1e3',
      ),
    ).toEqual({
      selections: [
        { metric: 'a_bucket', labels: ['x', 'z'] },
        { metric: 'c_total', labels: [] },
      ],
      groupings: ['le', 'stage', 'q'],
    });
  });
});
