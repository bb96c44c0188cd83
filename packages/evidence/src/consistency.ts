import { type Artifact, counted, type Fact, isCanonical, METRICS } from '@chimera/shared/domain';
import { meanOfSorted, quantileOfSorted, sortFinite } from '@chimera/statistics';
import { countFact, fact, shown } from './fact.ts';
import { groupName } from './group-facts.ts';
import { isMeasured, type Member, metricOf, type SampledGroup, sourceOfMember } from './groups.ts';
import type { SampleSet } from './samples.ts';
import type { Twin } from './twins.ts';

/** How far a stated mean may lie from that of the raw values beside it before the two contradict each other. */
const CONFLICT = 0.01;
/** Values this many robust deviations from the median are outliers, where there are enough to tell. */
const OUTLIER_DEVIATIONS = 5;
const LEAST_FOR_OUTLIERS = 8;
/** Metrics without which an artifact's results tell little. */
export const WANTED_METRICS = ['output_token_throughput', 'time_to_first_token'] as const;
/** The deviation of normal values over their median absolute deviation. */
const MAD_TO_SIGMA = 1.4826;

/** One fact for each pair of files that hold the same numbers, however many metrics they share. */
export function repeatFacts(groups: readonly SampledGroup[], twins: readonly Twin[]): Fact[] {
  const pairs = new Map<string, { member: Member; of: Member; name: string; metrics: Set<string>; hasDigest: boolean }>();
  const note = (member: Member, of: Member, metric: string, name = of.path) => {
    const key = `${member.path}\0${name}`;
    const known = pairs.get(key) ?? { member, of, name, metrics: new Set(), hasDigest: false };
    known.metrics.add(metric);
    known.hasDigest ||= member.set.digest !== undefined || of.set.digest !== undefined;
    pairs.set(key, known);
  };
  for (const { repeats, group } of groups) for (const { member, of } of repeats) note(member, of, group.metric);
  for (const { group, of } of twins) {
    const [member, other] = [group.members[0], of.members[0]];
    // A summary of several runs repeats all of them.
    if (member && other) note(member, other, group.group.metric, of.group.scope);
  }
  return [...pairs.values()].map(({ member, of, name, metrics, hasDigest }) =>
    fact({
      kind: 'duplicate',
      metric: 'repeated_numbers',
      statistic: 'count',
      value: metrics.size,
      unit: null,
      labels: { repeats: name },
      scope: member.path,
      claim: `${member.path} holds the same numbers as ${name} (${counted(metrics.size, 'metric')}): they are the same runs and counted once.`,
      formula: hasDigest
        ? 'metrics whose samples agree in number and, to twelve digits, in extent, mean and the quantiles that are known of both'
        : 'metrics whose samples agree to twelve digits, in number and order',
      sources: [sourceOfMember(member), sourceOfMember(of)],
    }),
  );
}

/** A mean that a file states beside the raw values that it should be of. */
export function conflictFacts(groups: readonly SampledGroup[]): Fact[] {
  const raw = new Map(groups.filter(({ group }) => group.statistic === 'value' && group.samples > 1).map((one) => [placeOf(one), one]));
  return groups.flatMap((stated): Fact[] => {
    const { group, values, members } = stated;
    const beside = group.statistic === 'mean' && group.samples === 1 ? raw.get(placeOf(stated)) : undefined;
    const metric = metricOf(group);
    const [own] = values;
    const n = members[0]?.set.n ?? null;
    if (beside === undefined || metric === null || own === undefined || (n !== null && n !== beside.group.samples)) return [];
    const mean = beside.digest?.mean ?? meanOfSorted(beside.values);
    if (mean === 0 || Math.abs(own / mean - 1) <= CONFLICT) return [];
    const { unit } = METRICS[metric];
    return [
      fact({
        kind: 'conflict',
        metric,
        statistic: 'stated mean over mean of the values',
        value: own / mean,
        unit: 'times',
        n: beside.group.samples,
        labels: group.labels,
        scope: group.scope,
        claim: `The mean that is stated for ${groupName(stated)} is ${shown({ value: own, unit })}, and that of the ${beside.group.samples} values beside it ${shown({ value: mean, unit })}: it cannot be told which holds.`,
        formula: 'the stated mean over the sum of the values over n',
        sources: [...group.sources, ...beside.group.sources],
      }),
    ];
  });
}

function placeOf({ key }: SampledGroup): string {
  const [metric, labels, , pattern] = key.split('\0');
  return `${metric}\0${labels}\0${pattern}`;
}

export function outlierFacts(one: SampledGroup): Fact[] {
  const { values, group, digest } = one;
  // Of samples that are in a digest it cannot be told how many lie far out.
  if (!isMeasured(one) || group.statistic !== 'value' || digest || values.length < LEAST_FOR_OUTLIERS) return [];
  const median = quantileOfSorted(values, 0.5);
  const mad = quantileOfSorted(sortFinite(values.map((value) => Math.abs(value - median))), 0.5);
  if (mad === 0) return [];
  let far = 0;
  for (const value of values) if (Math.abs(value - median) > OUTLIER_DEVIATIONS * MAD_TO_SIGMA * mad) far += 1;
  if (far === 0) return [];
  return [
    fact({
      kind: 'doubt',
      metric: group.metric,
      statistic: 'outliers',
      value: far,
      unit: null,
      n: values.length,
      labels: group.labels,
      scope: group.scope,
      claim: `${counted(far, 'value')} of ${values.length} of ${groupName(one)} ${far === 1 ? 'lies' : 'lie'} more than ${OUTLIER_DEVIATIONS} robust deviations from the median.`,
      formula: `count of |value - median| > ${OUTLIER_DEVIATIONS} · ${MAD_TO_SIGMA} · median absolute deviation`,
      sources: group.sources,
    }),
  ];
}

/** Means that an artifact states although some of its records failed: they rest on the others. */
export function meansOfFewFacts({ path, sha256, failed, records }: Artifact, samples: readonly SampleSet[]): Fact[] {
  const succeeded = records - failed.length;
  if (sha256 === null || failed.length === 0 || succeeded <= 0) return [];
  const draft = { kind: 'failure' as const, n: succeeded, scope: path };
  return samples.flatMap(({ metric, statistic, labels, values, first }): Fact[] => {
    const [value] = values;
    if (statistic !== 'mean' || values.length !== 1 || value === undefined || !isCanonical(metric)) return [];
    const { unit, title } = METRICS[metric];
    return [
      fact({
        ...draft,
        ...{ metric, value, unit, labels },
        statistic: 'stated mean of those that succeeded',
        claim: `The mean ${title} that ${path} states, ${shown({ value, unit })}, rests on ${succeeded} of ${counted(records, 'record')}: the others failed.`,
        formula: 'as the file states it; n is the records less the failed ones',
        sources: [{ path, pointer: first, sha256 }],
        class: 'measured',
      }),
    ];
  });
}

/**
 * Metrics that some artifacts of the dataset have and others lack.
 * @param files how many artifacts have metrics of the registry; what the files of a campaign hold is known beforehand, and none lacks anything
 * @param having how many of them have each of WANTED_METRICS
 */
export function partialMetricFacts(files: number, having: readonly number[]): Fact[] {
  if (files < 2) return [];
  return WANTED_METRICS.flatMap((metric, i): Fact[] => {
    const has = having[i] ?? 0;
    const lacking = files - has;
    if (has === 0 || lacking === 0) return [];
    return [
      countFact({
        kind: 'gap',
        metric: 'artifacts_without_metric',
        value: lacking,
        labels: { metric },
        selector: `artifacts with canonical metrics, without ${metric}`,
        claim: `${counted(lacking, 'artifact')} with results ${lacking === 1 ? 'states' : 'state'} no ${METRICS[metric].title}; ${has} ${has === 1 ? 'does' : 'do'}.`,
      }),
    ];
  });
}
