import { type Fact, type Inline, METRICS } from '@chimera/shared/domain';
import { code, labelName } from './inline.ts';

/** Labels in words: `model m, num_gpu 80`. */
export function names(labels: readonly (readonly [string, string])[]): Inline[] {
  return labels.flatMap(([name, value], i) => [...labelName(i === 0 ? '' : ', ', name), code(value)]);
}

/** How a metric is called; one that is none of the registry by its own name. */
export function titleOf(metric: string): string {
  return Object.hasOwn(METRICS, metric) ? METRICS[metric as keyof typeof METRICS].title : metric;
}

/** The artifact that a fact is of, with the labels that set it apart there. */
export function where(fact: Fact): Inline[] {
  const labels = Object.entries(fact.labels).flatMap(([key, value]) => [...labelName(', ', key), code(value)]);
  return [code(fact.scope), ...labels];
}
