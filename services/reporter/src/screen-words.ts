import { workLabels } from '@chimera/evidence';
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

/** The labels that say of which work a change is, and those that set it apart from the other changes in `all`; where these are none, the file does. */
export function tellingLabels({ labels }: Fact, all: readonly Fact[]): [string, string][] {
  const work = workLabels(labels);
  const told = new Set(work.map(([name]) => name));
  const apart = Object.entries(labels).filter(([name, value]) => !told.has(name) && all.some((other) => other.labels[name] !== value));
  // The lengths of a test stand in its name.
  return [...work, ...apart.filter(([name]) => labels.test === undefined || !/_length$|^depth$/.test(name))];
}
