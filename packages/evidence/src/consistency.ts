import { type Artifact, counted, type Fact, isCanonical, METRICS } from '@chimera/shared/domain';
import { meanOfSorted, quantileOfSorted } from '@chimera/statistics';
import { countFact, fact, shown } from './fact.ts';
import { groupName } from './group-facts.ts';
import { isMeasured, isOfCampaign, type Member, metricOf, repeatsNumbers, type SampledGroup, sourceOfMember } from './groups.ts';
import type { SampleSet } from './samples.ts';
import { spellingFacts } from './spellings.ts';

/** How far a stated mean may lie from that of the raw values beside it before the two contradict each other. */
const CONFLICT = 0.01;
/** Values this many robust deviations from the median are outliers, where there are enough to tell. */
const OUTLIER_DEVIATIONS = 5;
const LEAST_FOR_OUTLIERS = 8;
/** The deviation of normal values over their median absolute deviation. */
const MAD_TO_SIGMA = 1.4826;

/** A group whose numbers are another's: it counts nowhere. */
export type Twin = { group: SampledGroup; of: SampledGroup };

/**
 * Files may hold the numbers of other files in another shape: a CSV beside its JSON. Of two groups of one metric with the same
 * numbers the first by path counts; the other is its twin.
 */
export function withoutTwins(groups: readonly SampledGroup[]): { groups: SampledGroup[]; twins: Twin[] } {
  const kept: SampledGroup[] = [];
  const twins: Twin[] = [];
  const byNumbers = new Map<string, SampledGroup[]>();
  for (const one of groups) {
    const key = numbersKey(one);
    if (key === null) {
      kept.push(one);
      continue;
    }
    const same = byNumbers.get(key) ?? [];
    byNumbers.set(key, same);
    const of = same.find((other) => other.group.scope !== one.group.scope && sameFiles(one, other));
    if (of) twins.push({ group: one, of });
    else {
      same.push(one);
      kept.push(one);
    }
  }
  const counted = new Set(kept);
  return { groups: groups.filter((one) => counted.has(one)), twins };
}

/** What twins have in common, so that few need be compared; null where a group says too little to be anybody's twin. */
function numbersKey(one: SampledGroup): string | null {
  // A campaign lists its runs, and in another file their calls: with one call a run some numbers are the same, and each says its own.
  if (isOfCampaign(one)) return null;
  const { values, group } = one;
  const times = values.length < LEAST_ALONE ? timesOf(one) : '';
  if (times === null) return null;
  const some = [values[0], values[values.length >> 1], values.at(-1)].map((value) => value?.toPrecision(10));
  return `${group.metric}\0${group.statistic}\0${values.length}\0${some.join()}\0${times}`;
}

/** Fewer numbers than that say it only with the time of the run beside them. */
const LEAST_ALONE = 3;

function sameFiles(a: SampledGroup, b: SampledGroup): boolean {
  if (a.values.length >= LEAST_ALONE) return repeatsNumbers(a.values, b.values);
  return timesOf(a) !== null && timesOf(a) === timesOf(b) && a.values.every((value, i) => value === b.values[i]);
}

/** When the runs of a group began, as their files say; null where one does not. */
function timesOf({ members }: SampledGroup): string | null {
  const times = members.map(({ set }) => set.labels.timestamp);
  return times.some((time) => time === undefined) ? null : times.sort().join();
}

/** What does not fit together in the groups: repeated numbers, stated means that raw values contradict, outliers. */
export function consistencyFacts(groups: readonly SampledGroup[], twins: readonly Twin[]): Fact[] {
  return [...repeatFacts(groups, twins), ...conflictFacts(groups), ...spellingFacts(groups), ...groups.flatMap(outlierFacts)];
}

/** One fact for each pair of files that hold the same numbers, however many metrics they share. */
function repeatFacts(groups: readonly SampledGroup[], twins: readonly Twin[]): Fact[] {
  const pairs = new Map<string, { member: Member; of: Member; name: string; metrics: Set<string> }>();
  const note = (member: Member, of: Member, metric: string, name = of.path) => {
    const key = `${member.path}\0${name}`;
    const known = pairs.get(key) ?? { member, of, name, metrics: new Set() };
    known.metrics.add(metric);
    pairs.set(key, known);
  };
  for (const { repeats, group } of groups) for (const { member, of } of repeats) note(member, of, group.metric);
  for (const { group, of } of twins) {
    const [member, other] = [group.members[0], of.members[0]];
    // A summary of several runs repeats all of them.
    if (member && other) note(member, other, group.group.metric, of.group.scope);
  }
  return [...pairs.values()].map(({ member, of, name, metrics }) =>
    fact({
      kind: 'duplicate',
      metric: 'repeated_numbers',
      statistic: 'count',
      value: metrics.size,
      unit: null,
      labels: { repeats: name },
      scope: member.path,
      claim: `${member.path} holds the same numbers as ${name} (${counted(metrics.size, 'metric')}): they are the same runs and counted once.`,
      formula: 'metrics whose samples agree to twelve digits, in number and order',
      sources: [sourceOfMember(member), sourceOfMember(of)],
    }),
  );
}

/** A mean that a file states beside the raw values that it should be of. */
function conflictFacts(groups: readonly SampledGroup[]): Fact[] {
  const raw = new Map(groups.filter(({ group }) => group.statistic === 'value' && group.samples > 1).map((one) => [placeOf(one), one]));
  return groups.flatMap((stated): Fact[] => {
    const { group, values, members } = stated;
    const beside = group.statistic === 'mean' && values.length === 1 ? raw.get(placeOf(stated)) : undefined;
    const metric = metricOf(group);
    const [own] = values;
    const n = members[0]?.set.n ?? null;
    if (beside === undefined || metric === null || own === undefined || (n !== null && n !== beside.values.length)) return [];
    const mean = meanOfSorted(beside.values);
    if (mean === 0 || Math.abs(own / mean - 1) <= CONFLICT) return [];
    const { unit } = METRICS[metric];
    return [
      fact({
        kind: 'conflict',
        metric,
        statistic: 'stated mean over mean of the values',
        value: own / mean,
        unit: 'times',
        n: beside.values.length,
        labels: group.labels,
        scope: group.scope,
        claim: `The mean that is stated for ${groupName(stated)} is ${shown({ value: own, unit })}, and that of the ${beside.values.length} values beside it ${shown({ value: mean, unit })}: it cannot be told which holds.`,
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

function outlierFacts(one: SampledGroup): Fact[] {
  const { values, group } = one;
  if (!isMeasured(one) || group.statistic !== 'value' || values.length < LEAST_FOR_OUTLIERS) return [];
  const median = quantileOfSorted(values, 0.5);
  const mad = quantileOfSorted(values.map((value) => Math.abs(value - median)).sort(), 0.5);
  if (mad === 0) return [];
  const far = values.filter((value) => Math.abs(value - median) > OUTLIER_DEVIATIONS * MAD_TO_SIGMA * mad).length;
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
        sources: [{ path, sha256, pointer: first }],
        class: 'measured',
      }),
    ];
  });
}

/** Metrics that some configurations of the dataset have and others lack. */
export function partialMetricFacts(groups: readonly SampledGroup[], artifacts: readonly Artifact[]): Fact[] {
  const wanted = ['output_token_throughput', 'time_to_first_token'] as const;
  // What the files of a campaign hold is known beforehand: none lacks what another has.
  const measured = groups.filter((one) => isMeasured(one) && !isOfCampaign(one));
  const files = new Set(measured.flatMap(({ members }) => members.map(({ path }) => path)));
  if (files.size < 2) return [];
  return wanted.flatMap((metric): Fact[] => {
    const having = new Set(
      measured.filter(({ group }) => group.metric === metric).flatMap(({ members }) => members.map(({ path }) => path)),
    );
    const lacking = artifacts.filter(({ path }) => files.has(path) && !having.has(path)).length;
    if (having.size === 0 || lacking === 0) return [];
    return [
      countFact({
        kind: 'gap',
        metric: 'artifacts_without_metric',
        value: lacking,
        labels: { metric },
        selector: `artifacts with canonical metrics, without ${metric}`,
        claim: `${counted(lacking, 'artifact')} with results ${lacking === 1 ? 'states' : 'state'} no ${METRICS[metric].title}; ${having.size} ${having.size === 1 ? 'does' : 'do'}.`,
      }),
    ];
  });
}
