import type { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { ConsumerSpec } from '../bus/consumer.ts';
import { CONTRACTS } from '../bus/contracts.ts';
import type { Bus } from '../bus/port.ts';
import type { WorkerOptions } from '../bus/worker.ts';
import type { Logger } from './log.ts';
import { METRIC_TABLE, type MetricName } from './metric-names.ts';
import { VERSION } from './version.ts';

type Of<K extends 'counter' | 'gauge' | 'histogram'> = {
  [M in MetricName]: (typeof METRIC_TABLE)[M]['type'] extends K ? M : never;
}[MetricName];
type Labels = Readonly<Record<string, string>>;
export type GaugeName = Of<'gauge'>;

/** How many values one label of one metric takes; what comes beyond is counted together, as OTHER. */
const MOST_VALUES = 64;
const LONGEST_VALUE = 128;
export const OTHER = 'other';

/** Where a service counts; names come from the one table. */
export type Metrics = {
  count(name: Of<'counter'>, labels?: Labels, by?: number): void;
  set(name: GaugeName, labels: Labels, value: number): void;
  /** Forgets all that was set: what is not known is not exposed, and an old value would pass for it. */
  unset(name: GaugeName): void;
  observe(name: Of<'histogram'>, labels: Labels, value: number): void;
  /** the text that Prometheus reads, and its content type */
  expose(): Promise<{ text: string; contentType: string }>;
};

/** Counts nothing: for the command line, which nobody scrapes. */
export const noMetrics: Metrics = {
  count() {},
  set() {},
  unset() {},
  observe() {},
  expose: async () => ({ text: '', contentType: 'text/plain' }),
};

/**
 * Metrics of a service, with those of its Node process. What is not yet known is not there, but for counters of bounded
 * labels, which begin at 0: the first increase of one that was not there is seen by nobody.
 */
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
  const bounded = boundedLabels();
  const metrics: Metrics = {
    count: (name, labels = {}, by = 1) => (made.get(name) as Counter).inc(bounded(name, labels), by),
    set: (name, labels, value) => (made.get(name) as Gauge).set(bounded(name, labels), value),
    unset(name) {
      const gauge = made.get(name) as Gauge;
      gauge.reset();
      // One without labels would be 0 now.
      if (METRIC_TABLE[name].labels.length === 0) gauge.remove();
    },
    observe: (name, labels, value) => (made.get(name) as Histogram).observe(bounded(name, labels), value),
    expose: async () => ({ text: await registry.metrics(), contentType: registry.contentType }),
  };
  for (const [name, row] of Object.entries(METRIC_TABLE)) if (row.type === 'gauge') metrics.unset(name as GaugeName);
  for (const { name } of CONTRACTS) metrics.count('chimera_dead_letters_total', { subject: name }, 0);
  metrics.set('chimera_build_info', { version: VERSION }, 1);
  return metrics;
}

/** Whatever a message or a server may have named: a label takes so many values, none of them long, and no more. */
function boundedLabels(): (metric: string, labels: Labels) => Labels {
  const seen = new Map<string, Set<string>>();
  return (metric, labels) => {
    const within: Record<string, string> = {};
    for (const [label, value] of Object.entries(labels)) {
      const key = `${metric} ${label}`;
      const values = seen.get(key) ?? new Set();
      seen.set(key, values);
      const short = value.slice(0, LONGEST_VALUE).toWellFormed();
      if (values.size < MOST_VALUES) values.add(short);
      within[label] = values.has(short) ? short : OTHER;
    }
    return within;
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
  const found = await Promise.all(specs.map(async (spec) => ({ durable: spec.durable, ...(await bus.queue(spec)) })));
  for (const { durable, pending, unacknowledged } of found) {
    metrics.set('chimera_queue_pending_messages', { durable }, pending);
    metrics.set('chimera_queue_unacknowledged_messages', { durable }, unacknowledged);
  }
}
