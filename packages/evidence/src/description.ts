import { type Artifact, CAMPAIGN_PROFILE, canonicalValue, type Fact, isCanonical, isPooled } from '@chimera/shared/domain';
import { labelsJson } from '@chimera/shared/store';
import type { Series } from './artifact-series.ts';
import { doubtFacts } from './doubts.ts';
import { ordered } from './fact-order.ts';
import { failureFacts } from './failures.ts';
import { isOwn, type SampleSet } from './samples.ts';
import { seriesFacts } from './series.ts';
import type { Steps } from './steps.ts';
import { NOTHING, type Tally, tallyOf } from './tally.ts';

/** All that evidence says of one artifact by itself: it is the same in each inventory in which the artifact is and counts, or does not. */
export type Description = {
  artifact: Artifact;
  /** false for the second and later of exact duplicates, of whose numbers there are no facts */
  counted: boolean;
  /** those of which the artifact is the scope, in the order of evidence */
  facts: readonly Fact[];
  tally: Tally;
  /** its numbers of canonical metrics, out of which groups are made; none where it does not count or is prose */
  samples: readonly SampleSet[];
};

/** Describes an artifact; `series` and `samples` are those of its content, in any order. */
export function* describe(
  artifact: Artifact,
  series: readonly Series[],
  counted: boolean,
  found: readonly SampleSet[] = [],
): Steps<Description> {
  const samples = counted && !isProse(artifact) ? found : [];
  const facts = counted ? yield* ownFacts(artifact, series, samples) : [];
  if (!counted || series.length === 0) return { artifact, counted, facts, tally: NOTHING, samples };
  const tally = yield* tallyOf(series);
  return { artifact, counted, facts, tally: isProse(artifact) ? { ...tally, unitless: 0 } : tally, samples };
}

/** Tables in Markdown are prose about results, save those that a tool writes: what they repeat or round is no reason to doubt a measurement. */
function isProse({ kind, format }: Artifact): boolean {
  return kind === 'markdown' && format === 'generic';
}

/** Numbers of canonical metrics, and a campaign's own, are in groups, over all artifacts. */
function isGrouped({ metric, unit, labels }: Series, samples: readonly SampleSet[]): boolean {
  if (isCanonical(metric)) return canonicalValue(metric, 1, unit) !== null;
  // What is pooled of several profiles has none of their labels.
  if (!isPooled({ labels })) return isOwn({ metric, unit, labels });
  return samples.some((set) => set.metric === metric && isOwn({ metric, unit, labels: set.labels }));
}

/** That no run of a campaign waited for its model to load, or all alike, is a result and no doubt: warm starts are meant to. */
function isLoadOfCampaign({ metric }: Series, samples: readonly SampleSet[]): boolean {
  return metric === 'load_duration' && samples.some((set) => set.metric === metric && set.labels[CAMPAIGN_PROFILE] !== undefined);
}

/** The facts of which the artifact is the scope. */
function* ownFacts(artifact: Artifact, series: readonly Series[], samples: readonly SampleSet[]): Steps<readonly Fact[]> {
  const { path, sha256 } = artifact;
  if (sha256 === null) return [];
  const facts: Fact[] = failureFacts(artifact);
  for (const row of tellApart(series)) {
    if (isProse(artifact) || !isGrouped(row, samples)) for (const fact of seriesFacts(row, { path, sha256 })) facts.push(fact);
    if (!isProse(artifact) && !isLoadOfCampaign(row, samples)) for (const fact of doubtFacts(row, { path, sha256 })) facts.push(fact);
    yield;
  }
  return facts.length === 0 ? NO_FACTS : ordered(facts);
}

const NO_FACTS: readonly Fact[] = [];

/**
 * What one metric of an artifact is called where its facts would share an id, which knows neither unit nor who computed: a mean that
 * the file states beside the values of which one is computed is a stated one, and of several units each becomes a label.
 */
function tellApart(series: readonly Series[]): readonly Series[] {
  return byUnit(statedApart(series));
}

function statedApart(series: readonly Series[]): readonly Series[] {
  const keyOf = ({ metric, labels }: Series) => JSON.stringify([metric, labelsJson(labels)]);
  const computed = new Set(series.filter(({ statistic, n }) => statistic === 'value' && n > 1).map(keyOf));
  const isStated = (row: Series) => row.statistic !== 'value' && row.n === 1 && computed.has(keyOf(row));
  return series.some(isStated) ? series.map((row) => (isStated(row) ? { ...row, statistic: `stated ${row.statistic}` } : row)) : series;
}

function byUnit(series: readonly Series[]): readonly Series[] {
  const keyOf = (row: Series) => JSON.stringify([row.metric, row.statistic, labelsJson(row.labels)]);
  const seen = new Set<string>();
  const shared = new Set<string>();
  for (const row of series) {
    const key = keyOf(row);
    if (seen.has(key)) shared.add(key);
    seen.add(key);
  }
  if (shared.size === 0) return series;
  return series.map((row) => (shared.has(keyOf(row)) ? { ...row, labels: { ...row.labels, unit: row.unit ?? 'not stated' } } : row));
}
