import { counted, type Fact, METRICS, ownCampaignUnit } from '@chimera/shared/domain';
import { meanOfSorted, medianInterval, quantileOfSorted, stddevOfSorted } from '@chimera/statistics';
import { cellText, isOfRuns, titleOf } from './campaign/words.ts';
import type { PooledDigest } from './digest.ts';
import { fact, shown } from './fact.ts';
import { isOfCampaign, metricOf, type SampledGroup } from './groups.ts';

/** The middle of groups of which the median of all samples is not known. */
export const RUN_MEDIANS = 'median of run medians';

/** With fewer samples a percentile is an interpolation up to the greatest value, and says nothing of its own. */
export const LEAST_FOR_P95 = 20;
export const LEAST_FOR_P99 = 100;

/** What a campaign writes of a run that is no result of it: how often results had been looked at. */
const LOOK = 'look';

/** How many labels a claim names; all of them stand in the fact. */
const NAMED = 8;

/** The configuration in words: `model gemma3:latest (from its path), num_gpu 80`. */
export function configurationText(labels: Readonly<Record<string, string>>, derived: readonly string[] = []): string {
  const named = Object.entries(labels)
    .slice(0, NAMED)
    .map(([name, value]) => `${name} ${value}${derived.includes(name) ? ' (derived)' : ''}`);
  const more = Object.keys(labels).length - named.length;
  return named.join(', ') + (more > 0 ? ` and ${counted(more, 'further label')}` : '');
}

/** `output token throughput of model gemma3:latest, num_gpu 80 in reports/a.csv`. */
export function groupName({ group }: Pick<SampledGroup, 'group'>): string {
  if (isOfRuns(group)) return `${titleOf(group.metric)} of ${cellText(group.labels)}, in ${group.scope}`;
  const metric = metricOf(group);
  const of = configurationText(group.labels, group.derived);
  return `${metric === null ? group.metric : METRICS[metric].title}${of === '' ? '' : ` of ${of}`} in ${group.scope}`;
}

/** The facts of one group: n, median with its interval, extent, p95 and p99 where n allows; one value is just itself. */
export function groupFacts(sampled: SampledGroup): Fact[] {
  const { metric, statistic } = sampled.group;
  const isOwn = isOfCampaign(sampled) && ownCampaignUnit(metric) !== null && metric !== LOOK;
  if (metricOf(sampled.group) === null && !isOwn) return [];
  return statistic === 'value' ? rawFacts(sampled) : statedFacts(sampled);
}

function draftOf({ group }: SampledGroup) {
  const { metric, unit, labels, scope, sources, derived, n, samples } = group;
  return {
    kind: 'group' as const,
    metric,
    unit,
    n: samples,
    labels,
    scope,
    sources,
    ...(derived.length > 0 ? { derivedLabels: derived } : {}),
    ...(n === samples ? {} : { runs: n }),
  };
}

function rawFacts(sampled: SampledGroup): Fact[] {
  if (sampled.digest) return digestFacts(sampled, sampled.digest);
  const { values, group } = sampled;
  const { unit } = group;
  const draft = draftOf(sampled);
  const name = groupName(sampled);
  const one = values[0];
  if (group.samples === 1 && one !== undefined) {
    const claim = `The ${name} is ${shown({ value: one, unit })}: one value.`;
    return [
      fact({ ...draft, statistic: 'value', value: one, class: 'measured', claim, formula: 'the value itself, in the unit of the metric' }),
    ];
  }
  const of = (statistic: string, value: number, formula: string, interval: [number, number] | null = null): Fact => {
    const between =
      interval === null ? '' : `, 95 % interval ${shown({ value: interval[0], unit })} to ${shown({ value: interval[1], unit })}`;
    const claim = `The ${statistic} of ${name} is ${shown({ value, unit })} over ${overText(sampled)}${between}.`;
    return fact({ ...draft, statistic, value, claim, formula, interval });
  };
  const quantile = (p: number) => quantileOfSorted(values, p);
  // Of requests within one run it would claim more than is known: they depend on each other.
  const interval = group.n === group.samples ? medianInterval(values, 0.95) : null;
  const facts = [
    of('median', quantile(0.5), 'type-7 quantile 0.5 of the samples', interval && [interval.low, interval.high]),
    of('min', quantile(0), 'least of the samples'),
    of('max', quantile(1), 'greatest of the samples'),
  ];
  // A file may state anything: what is beyond the range of a double cannot be said.
  const [mean, deviation] = [meanOfSorted(values), stddevOfSorted(values)];
  if (Number.isFinite(mean)) facts.push(of('mean', mean, 'sum of the samples, in ascending order, over n'));
  if (deviation !== null && Number.isFinite(deviation))
    facts.push(of('stddev', deviation, 'sample standard deviation of the samples (n - 1)'));
  if (values.length >= LEAST_FOR_P95) facts.push(of('p95', quantile(0.95), 'type-7 quantile 0.95 of the samples'));
  if (values.length >= LEAST_FOR_P99) facts.push(of('p99', quantile(0.99), 'type-7 quantile 0.99 of the samples'));
  return facts;
}

/** `30 requests of 3 runs`. */
function overText({ group }: SampledGroup): string {
  const runs = group.n === group.samples ? '' : ` of ${counted(group.n, 'run')}`;
  return `${counted(group.samples, group.over === 'requests' ? 'request' : 'sample')}${runs}`;
}

/** The facts of so many samples that only their digest is known: of several runs no quantile of all, but the median of their medians. */
function digestFacts(sampled: SampledGroup, digest: PooledDigest): Fact[] {
  const { values, group } = sampled;
  const { unit } = group;
  const draft = draftOf(sampled);
  const name = groupName(sampled);
  const over = overText(sampled);
  const of = (statistic: string, value: number | null | undefined, formula: string): Fact[] => {
    if (value === null || value === undefined || !Number.isFinite(value)) return [];
    const claim = `The ${statistic} of ${name} is ${shown({ value, unit })} over ${over}.`;
    return [fact({ ...draft, statistic, value, claim, formula })];
  };
  const isOfOne = digest.median !== undefined;
  return [
    ...(isOfOne
      ? of('median', digest.median, 'type-7 quantile 0.5 of the samples')
      : of(RUN_MEDIANS, quantileOfSorted(values, 0.5), 'type-7 quantile 0.5 of the medians of the runs, each over its own samples')),
    ...of('min', digest.min, 'least of the samples'),
    ...of('max', digest.max, 'greatest of the samples'),
    ...of(
      'mean',
      digest.mean,
      isOfOne ? 'compensated sum of the samples over n' : 'sum of n times mean of each run over n, each mean a compensated sum over n',
    ),
    ...of('stddev', digest.stddev, 'sample standard deviation of the samples (n - 1), in two passes'),
    ...(digest.n >= LEAST_FOR_P95 ? of('p95', digest.p95, 'type-7 quantile 0.95 of the samples') : []),
    ...(digest.n >= LEAST_FOR_P99 ? of('p99', digest.p99, 'type-7 quantile 0.99 of the samples') : []),
  ];
}

/** What the files state as mean, p99 and the like: of several runs their extent, and never a mean of percentiles. */
function statedFacts(sampled: SampledGroup): Fact[] {
  const { values, group, members, digest } = sampled;
  const { statistic, unit } = group;
  const draft = draftOf(sampled);
  const name = groupName(sampled);
  const [one] = values;
  if (group.samples === 1 && one !== undefined) {
    const n = members[0]?.set.n ?? null;
    const behind = n === null ? '' : ` over ${counted(n, group.over === 'requests' ? 'request' : 'sample')}`;
    const claim = `The ${statistic} of ${name}, as the file states it, is ${shown({ value: one, unit })}${behind}.`;
    return [
      fact({
        ...draft,
        n,
        statistic: `stated ${statistic}`,
        value: one,
        class: 'measured',
        claim,
        formula: 'as the file states it, in the unit of the metric',
      }),
    ];
  }
  const of = (which: 'min' | 'median' | 'max', value: number): Fact =>
    fact({
      ...draft,
      statistic: `${which} of stated ${statistic}`,
      value,
      claim: `The ${which} of the ${statistic} of ${name}, as its ${group.samples} runs state it, is ${shown({ value, unit })}.`,
      formula: `${which} over the runs of the ${statistic} that each states`,
    });
  const least = of('min', digest?.min ?? values[0] ?? Number.NaN);
  const greatest = of('max', digest?.max ?? values.at(-1) ?? Number.NaN);
  // Of several digests the median of all is not known.
  const median = digest ? digest.median : quantileOfSorted(values, 0.5);
  return median !== undefined && (statistic === 'mean' || statistic === 'median')
    ? [of('median', median), least, greatest]
    : [least, greatest];
}
