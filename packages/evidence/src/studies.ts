import { type CanonicalMetric, isCanonical } from '@chimera/shared/domain';
import { canonicalJson } from '@chimera/shared/store';
import type { SampledGroup } from './groups.ts';
import { OUTPUT_TOKENS } from './samples.ts';

/**
 * One configuration: its labels without `start`, and the group of each metric by which it is compared. Of a latency that cold
 * starts set apart it is the warm one.
 */
export type MeasuredConfiguration = {
  /** the key of its first group, by which configurations are in order */
  key: string;
  labels: Readonly<Record<string, string>>;
  derived: readonly string[];
  scope: string;
  metrics: ReadonlyMap<CanonicalMetric, SampledGroup>;
  /** tokens that a request put out, where files say so */
  outputTokens: SampledGroup | null;
};

/** Configurations that did the same work, and may be compared with each other and chosen from. */
export type Study = {
  /** the labels that say which work it was: model, prompt length, … */
  work: Readonly<Record<string, string>>;
  /** the pattern of the artifact, or null where each of several holds one configuration */
  scope: string | null;
  configurations: readonly MeasuredConfiguration[];
};

/** Labels that say which work was done: configurations that differ in one of them answer different questions. */
const WORK = new Set([
  ...['model', 'parameters', 'prompt_length', 'output_length', 'depth', 'dataset', 'test', 'num_prompts', 'place', 'name'],
  ...['tool', 'tool_version', 'embeddings', 'step', 'gpu_index', 'phase'],
  ...['task', 'task_version', 'score', 'filter', 'num_fewshot', 'limit', 'split', 'sub_split', 'perturbation', 'aggregate'],
  ...['scenario', 'package', 'method', 'url', 'script', 'tags'],
]);

/** Which of a file's own statistics is compared, where there are no raw values. */
const PREFERRED = ['value', 'median', 'mean'];

/** Tells the work of a configuration, and the labels by which it is told apart, from those of others: they are the same within one study. */
export function workKey({ labels }: MeasuredConfiguration): string {
  return canonicalJson([workOf({ labels }), Object.keys(labels).sort()]);
}

/** The labels that say which work was done. */
export function workOf({ labels }: Pick<MeasuredConfiguration, 'labels'>): Study['work'] {
  const names = Object.keys(labels).filter((name) => WORK.has(name));
  return Object.fromEntries(names.sort().map((name) => [name, labels[name] ?? '']));
}

/**
 * Files that hold one configuration each are in one study if this is the same. Those that state no label at all are compared only with
 * files of their own sort: in one folder, of one extension, with the same metrics.
 */
export function sortOf({ labels, scope, metrics }: MeasuredConfiguration): string {
  if (Object.keys(labels).length > 0) return '';
  const folder = scope.slice(0, scope.lastIndexOf('/') + 1);
  const extension = scope.slice(scope.lastIndexOf('.') + 1);
  return `\0${folder}\0${extension}\0${[...metrics.keys()].sort().join()}`;
}

/** The configurations that groups speak of, in the order of the groups. */
export function configurationsIn(groups: readonly SampledGroup[]): MeasuredConfiguration[] {
  const found = new Map<
    string,
    { key: string; labels: Record<string, string>; derived: readonly string[]; scope: string; groups: SampledGroup[] }
  >();
  for (const one of groups) {
    const { start, ...others } = one.group.labels;
    if (start === 'cold') continue;
    const labels = start === undefined ? one.group.labels : others;
    const there = found.get(one.configuration);
    if (there) there.groups.push(one);
    else found.set(one.configuration, { key: one.key, labels, derived: one.group.derived, scope: one.group.scope, groups: [one] });
  }
  return [...found.values()].map(({ groups: own, ...rest }) => {
    const metrics = new Map<CanonicalMetric, SampledGroup>();
    let outputTokens: SampledGroup | null = null;
    for (const one of own) {
      const { metric } = one.group;
      if (metric === OUTPUT_TOKENS) outputTokens ??= one;
      else if (isCanonical(metric)) metrics.set(metric, preferred(metrics.get(metric), one));
    }
    for (const [metric, { group }] of metrics) if (!PREFERRED.includes(group.statistic)) metrics.delete(metric);
    return { ...rest, metrics, outputTokens };
  });
}

function preferred(known: SampledGroup | undefined, other: SampledGroup): SampledGroup {
  return known === undefined || rank(other) < rank(known) ? other : known;
}

/** Raw values first; of two raw ones, that with more runs. */
function rank({ group }: SampledGroup): number {
  const at = PREFERRED.indexOf(group.statistic);
  return (at < 0 ? PREFERRED.length : at) - group.n / (group.n + 1);
}

/** Labels that change with another: a build's number with its commit, and the file of a model with how its weights are stored. */
export const CHANGES_WITH: Readonly<Record<string, string>> = { engine_version: 'engine_commit', model_filename: 'quantization' };

/** The labels in which two configurations differ, without those that change with one of them; null where one has a label that the other lacks. */
export function differingLabels(a: MeasuredConfiguration, b: MeasuredConfiguration): string[] | null {
  const names = Object.keys(a.labels);
  if (names.length !== Object.keys(b.labels).length || names.some((name) => b.labels[name] === undefined)) return null;
  const differing = names.filter((name) => a.labels[name] !== b.labels[name]).sort();
  return differing.filter((name) => !differing.includes(CHANGES_WITH[name] ?? ''));
}

// It is asked for again and again, and a study may have many thousand configurations.
const VARYING = new WeakMap<Study['configurations'], readonly string[]>();

/** The labels that are not the same in all configurations of a study, in alphabetical order. The configurations must not be changed afterwards. */
export function varyingLabels({ configurations }: Pick<Study, 'configurations'>): readonly string[] {
  const known = VARYING.get(configurations) ?? varyingAmong(configurations, () => configurations);
  VARYING.set(configurations, known);
  return known;
}

/** Finds out the varying labels of a study to which some configurations came, and from which others went, by those that it had `before`. */
export function inferVarying({ configurations }: Study, before: Study, come: ReadonlySet<MeasuredConfiguration>): void {
  const varied = varyingLabels(before);
  const stayed = configurations.find((one) => !come.has(one));
  // In what did not vary, one of those that stayed stands for all of them.
  const few = stayed === undefined ? configurations : [stayed, ...come];
  VARYING.set(
    configurations,
    varyingAmong(configurations, (name) => (varied.includes(name) ? configurations : few)),
  );
}

/** All configurations of a study have the same labels. */
function varyingAmong(configurations: Study['configurations'], among: (name: string) => Study['configurations']): string[] {
  const [first] = configurations;
  const names = Object.keys(first?.labels ?? {});
  return names.filter((name) => among(name).some(({ labels }) => labels[name] !== first?.labels[name])).sort();
}
