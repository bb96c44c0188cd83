/** One question of a panel: what Prometheus is asked, and what its series are called. */
export type Query = {
  expr: string;
  /** Grafana's template, such as `{{stage}} p95` */
  legend: string;
};

/** How far back a panel looks where events are rare: a report comes every few minutes, and a quantile of none is none. */
export const HOUR = '1h';
export const TEN_MINUTES = '10m';

/**
 * A quantile (0 to 1) of a histogram over the time `over`, one for each combination of the labels `by`. `metric` is its name without
 * `_bucket`; `matchers` filters it, with its braces.
 */
export function quantile(q: number, metric: string, by: readonly string[], matchers = '', over = HOUR): string {
  return `histogram_quantile(${q}, sum by (${[...by, 'le'].join(', ')}) (rate(${metric}_bucket${matchers}[${over}])))`;
}

/** The mean of a histogram over the time `over`, one for each combination of the labels `by`. */
export function mean(metric: string, by: readonly string[], matchers = '', over = HOUR): string {
  const rate = (part: string) => `sum by (${by.join(', ')}) (rate(${metric}_${part}${matchers}[${over}]))`;
  return `${rate('sum')} / ${rate('count')}`;
}

/** Median and 95th percentile of a histogram, their series named by `legend`. */
export function spread(metric: string, by: readonly string[], legend: string, matchers = ''): Query[] {
  return [
    { expr: quantile(0.5, metric, by, matchers), legend: `${legend} p50`.trim() },
    { expr: quantile(0.95, metric, by, matchers), legend: `${legend} p95`.trim() },
  ];
}

/** How much a counter grew in the ten minutes before, by labels. */
export function grown(metric: string, by: readonly string[], matchers = ''): string {
  return `sum by (${by.join(', ')}) (increase(${metric}${matchers}[${TEN_MINUTES}]))`;
}

/** A value that is zero, and not absent, as long as nothing was counted. */
export const orZero = (expr: string): string => `${expr} or vector(0)`;
