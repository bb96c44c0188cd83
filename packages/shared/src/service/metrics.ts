import type { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { ConsumerSpec } from '../bus/consumer.ts';
import type { Bus } from '../bus/port.ts';
import type { WorkerOptions } from '../bus/worker.ts';
import type { Logger } from './log.ts';
import { METRIC_TABLE, type MetricName } from './metric-names.ts';

type Of<K extends 'counter' | 'gauge' | 'histogram'> = {
  [M in MetricName]: (typeof METRIC_TABLE)[M]['type'] extends K ? M : never;
}[MetricName];
type Labels = Readonly<Record<string, string>>;

/** Where a service counts; names come from the one table. */
export type Metrics = {
  count(name: Of<'counter'>, labels?: Labels, by?: number): void;
  set(name: Of<'gauge'>, labels: Labels, value: number): void;
  observe(name: Of<'histogram'>, labels: Labels, value: number): void;
  /** the text that Prometheus reads, and its content type */
  expose(): Promise<{ text: string; contentType: string }>;
};

/** Counts nothing: for the command line, which nobody scrapes. */
export const noMetrics: Metrics = {
  count() {},
  set() {},
  observe() {},
  expose: async () => ({ text: '', contentType: 'text/plain' }),
};

/** Metrics of a service, with those of its Node process. */
export async function createMetrics(service: string): Promise<Metrics> {
  const prometheus = await import('prom-client');
  const registry: Registry = new prometheus.Registry();
  registry.setDefaultLabels({ service });
  prometheus.collectDefaultMetrics({ register: registry });
  const made = new Map<string, Counter | Gauge | Histogram>();
  for (const [name, row] of Object.entries(METRIC_TABLE)) {
    const common = { name, help: row.help, labelNames: [...row.labels], registers: [registry] };
    if (row.type === 'counter') made.set(name, new prometheus.Counter(common));
    else if (row.type === 'gauge') made.set(name, new prometheus.Gauge(common));
    else made.set(name, new prometheus.Histogram({ ...common, buckets: [...row.buckets] }));
  }
  return {
    count: (name, labels = {}, by = 1) => (made.get(name) as Counter).inc(labels, by),
    set: (name, labels, value) => (made.get(name) as Gauge).set(labels, value),
    observe: (name, labels, value) => (made.get(name) as Histogram).observe(labels, value),
    expose: async () => ({ text: await registry.metrics(), contentType: registry.contentType }),
  };
}

/** The observer that every worker reports its deliveries to: counted, and what was not done said in the log with its reason. */
export function deliveryObserver(metrics: Metrics, logger: Logger): NonNullable<WorkerOptions<unknown>['observe']> {
  return ({ subject, outcome, seconds, deliveries, reason }) => {
    metrics.observe('messaging_process_duration_seconds', { subject, outcome }, seconds);
    metrics.count('messaging_client_consumed_messages_total', { subject, outcome });
    if (outcome === 'dead') metrics.count('chimera_dead_letters_total', { subject });
    if (outcome !== 'done')
      logger[outcome === 'dead' ? 'error' : 'warn']({ subject, outcome, deliveries, reason }, `a message was not done: ${outcome}`);
  };
}

/** Asks the server how long the queues are; called when somebody scrapes. */
export async function sampleQueues(bus: Bus, specs: readonly ConsumerSpec[], metrics: Metrics): Promise<void> {
  for (const spec of specs) {
    const { pending, unacknowledged } = await bus.queue(spec);
    metrics.set('chimera_queue_pending_messages', { durable: spec.durable }, pending);
    metrics.set('chimera_queue_unacknowledged_messages', { durable: spec.durable }, unacknowledged);
  }
}
