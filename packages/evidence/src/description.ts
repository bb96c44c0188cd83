import type { Artifact, Fact } from '@chimera/shared/domain';
import { canonicalJson, labelsJson } from '@chimera/shared/store';
import type { Series } from './artifact-series.ts';
import { doubtFacts } from './doubts.ts';
import { ordered } from './fact-order.ts';
import { failureFacts } from './failures.ts';
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
};

/** Describes an artifact; `series` are those of its content, in any order. */
export function* describe(artifact: Artifact, series: readonly Series[], counted: boolean): Steps<Description> {
  const json = encode([canonicalJson(artifact)]);
  if (!counted || artifact.sha256 === null) return { artifact, json, counted, groups: [], tally: NOTHING };
  const place = { path: artifact.path, sha256: artifact.sha256 };
  // Tables in Markdown are prose about results: what they repeat or round is no reason to doubt a measurement.
  const isProse = artifact.kind === 'markdown';
  const facts: Fact[] = [];
  const doubts: Fact[] = [];
  for (const row of tellApart(series)) {
    for (const fact of seriesFacts(row, place)) facts.push(fact);
    if (!isProse) for (const fact of doubtFacts(row, place)) doubts.push(fact);
    yield;
  }
  const groups: FactGroup[] = [];
  for (const some of [failureFacts(artifact), facts, doubts]) if (some.length > 0) groups.push(yield* groupOf(some));
  const tally = series.length === 0 ? NOTHING : yield* tallyOf(series);
  return { artifact, json, counted, groups, tally: isProse ? { ...tally, unitless: 0 } : tally };
}

/** Puts facts of one kind and scope in order. There must be at least one. */
export function* groupOf(some: readonly Fact[]): Steps<FactGroup> {
  const facts = ordered(some);
  const [first] = facts;
  if (!first) throw new RangeError('A group of facts needs at least one.');
  const texts: string[] = [];
  for (const fact of facts) {
    texts.push(canonicalJson(fact));
    yield;
  }
  return { kind: first.kind, scope: first.scope, facts, json: encode(texts) };
}

/** A fact's id knows no unit: where one metric of an artifact stands in several, the unit becomes a label. */
function tellApart(series: readonly Series[]): readonly Series[] {
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

/** Texts as UTF-8 with commas between them. Not from the common pool, of which one small piece would hold the whole. */
function encode(texts: readonly string[]): Uint8Array {
  let size = texts.length - 1;
  for (const text of texts) size += Buffer.byteLength(text);
  const bytes = Buffer.allocUnsafeSlow(size);
  let at = 0;
  for (const text of texts) {
    if (at > 0) at += bytes.write(',', at);
    at += bytes.write(text, at);
  }
  return bytes;
}
