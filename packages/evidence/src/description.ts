import { type Artifact, CAMPAIGN_PROFILE, canonicalValue, type Fact, isCanonical, isPooled } from '@chimera/shared/domain';
import { canonicalJson, labelsJson } from '@chimera/shared/store';
import type { Series } from './artifact-series.ts';
import { doubtFacts } from './doubts.ts';
import { ordered } from './fact-order.ts';
import { failureFacts } from './failures.ts';
import { isOwn, type SampleSet } from './samples.ts';
import { seriesFacts } from './series.ts';
import type { Steps } from './steps.ts';
import { NOTHING, type Tally, tallyOf } from './tally.ts';

/** Facts of one kind and scope, in order, and their canonical JSON with commas between them. */
export type FactGroup = { kind: Fact['kind']; scope: string; facts: readonly Fact[]; json: Uint8Array };

/** All that evidence says of one artifact by itself: it is the same in each inventory in which the artifact is and counts, or does not. */
export type Description = {
  artifact: Artifact;
  /** the artifact's canonical JSON */
  json: Uint8Array;
  /** false for the second and later of exact duplicates, of whose numbers there are no facts */
  counted: boolean;
  groups: readonly FactGroup[];
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
  const own = counted ? yield* ownFacts(artifact, series, samples) : [];
  const texts = [[canonicalJson(artifact)]];
  for (const { facts } of own) texts.push(yield* textsOf(facts));
  const [json = NO_BYTES, ...jsons] = encode(texts);
  const groups = own.map((group, i) => ({ ...group, json: jsons[i] ?? NO_BYTES }));
  if (!counted || series.length === 0) return { artifact, json, counted, groups, tally: NOTHING, samples };
  const tally = yield* tallyOf(series);
  return { artifact, json, counted, groups, tally: isProse(artifact) ? { ...tally, unitless: 0 } : tally, samples };
}

/** The group that a single fact is. */
export function groupOf(fact: Fact): FactGroup {
  const [json = NO_BYTES] = encode([[canonicalJson(fact)]]);
  return { kind: fact.kind, scope: fact.scope, facts: [fact], json };
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

/** The facts of which the artifact is the scope, each kind in order. */
function* ownFacts(artifact: Artifact, series: readonly Series[], samples: readonly SampleSet[]): Steps<Omit<FactGroup, 'json'>[]> {
  const { path, sha256 } = artifact;
  if (sha256 === null) return [];
  const facts: Fact[] = [];
  const doubts: Fact[] = [];
  for (const row of tellApart(series)) {
    if (isProse(artifact) || !isGrouped(row, samples)) for (const fact of seriesFacts(row, { path, sha256 })) facts.push(fact);
    if (!isProse(artifact) && !isLoadOfCampaign(row, samples)) for (const fact of doubtFacts(row, { path, sha256 })) doubts.push(fact);
    yield;
  }
  return [
    { kind: 'failure' as const, scope: path, facts: ordered(failureFacts(artifact)) },
    { kind: 'series' as const, scope: path, facts: ordered(facts) },
    { kind: 'doubt' as const, scope: path, facts: ordered(doubts) },
  ].filter((group) => group.facts.length > 0);
}

function* textsOf(facts: readonly Fact[]): Steps<string[]> {
  const texts: string[] = [];
  for (const fact of facts) {
    texts.push(canonicalJson(fact));
    yield;
  }
  return texts;
}

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

const NO_BYTES = new Uint8Array();

/**
 * Each list's texts as UTF-8 with commas between them. All lie in one piece of memory of their own: out of the common
 * pool, one small text would hold all others.
 */
function encode(lists: readonly (readonly string[])[]): Uint8Array[] {
  let size = 0;
  for (const texts of lists) for (const text of texts) size += Buffer.byteLength(text) + 1;
  const bytes = Buffer.allocUnsafeSlow(size);
  let at = 0;
  return lists.map((texts) => {
    const start = at;
    for (const text of texts) {
      if (at > start) at += bytes.write(',', at);
      at += bytes.write(text, at);
    }
    return bytes.subarray(start, at);
  });
}
