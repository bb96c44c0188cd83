import { type Artifact, byCodeUnit, counted, EVIDENCE_SCHEMA, type Evidence, FACT_KINDS, type Fact } from '@chimera/shared/domain';
import { labelsJson, type SeriesRow } from '@chimera/shared/store';
import { countFacts } from './counts.ts';
import { doubtFacts } from './doubts.ts';
import { duplicateFacts } from './duplicates.ts';
import { countFact } from './fact.ts';
import { failureFacts } from './failures.ts';
import { gapFacts } from './gaps.ts';
import { seriesFacts } from './series.ts';
import { sizeFacts } from './sizes.ts';
import { telemetryFacts } from './telemetry.ts';

export type EvidenceInput = {
  dataset: string;
  inventory: string;
  title: string | null;
  artifacts: readonly Artifact[];
  series: readonly SeriesRow[];
  /** from `chimera.yaml`; `folders` null: the conventional layout */
  expected: { folders: readonly string[] | null; kinds: readonly string[] };
};

export class EmptyInventory extends Error {
  override name = 'EmptyInventory';
}

/**
 * Computes what an inventory supports. Does not depend on the order of its input, on time or on place: the same
 * names and bytes give the same evidence byte for byte. Throws EmptyInventory for no artifacts.
 */
export function computeEvidence(input: EvidenceInput): Evidence {
  if (input.artifacts.length === 0) throw new EmptyInventory(`Dataset ${input.dataset} has no artifact: there is nothing to report on.`);
  const artifacts = [...input.artifacts].sort((a, b) => byCodeUnit(a.path, b.path));
  const series = tellApart(input.series);
  // Tables in Markdown are prose about results: what they repeat or round is no reason to doubt a measurement.
  const kinds = new Map(artifacts.map((a) => [a.path, a.kind]));
  const facts = [
    ...countFacts(artifacts),
    ...sizeFacts(artifacts),
    ...duplicateFacts(artifacts),
    ...gapFacts(artifacts, input.expected),
    ...failureFacts(artifacts),
    ...measurementCounts(series),
    ...telemetryFacts(series),
    ...seriesFacts(series),
    ...doubtFacts(series.filter((row) => kinds.get(row.path) !== 'markdown')),
  ];
  const ids = new Set(facts.map((f) => f.id));
  if (ids.size !== facts.length) {
    throw new Error(
      'Two facts share an id, so what one says could be printed for the other: this is a fault of Chimera; please report it.',
    );
  }
  return {
    schema: EVIDENCE_SCHEMA,
    dataset: input.dataset,
    inventory: input.inventory,
    title: input.title,
    artifacts,
    facts: ordered(facts),
  };
}

/** How many numbers stand behind the series: those of failed records and of repeated files are in none of them. */
function measurementCounts(series: readonly SeriesRow[]): Fact[] {
  const wholes = new Map<string, number>();
  for (const row of series) {
    const key = JSON.stringify([row.path, row.metric, row.statistic, row.unit]);
    wholes.set(key, Math.max(row.n, wholes.get(key) ?? 0));
  }
  const numbers = [...wholes.values()].reduce((sum, n) => sum + n, 0);
  return [
    countFact({
      kind: 'count',
      metric: 'measurement_count',
      value: numbers,
      selector: 'measurements[counted][not failed]',
      claim: `${counted(numbers, 'number')} stand in the series; those of failed records and of repeated files do not.`,
    }),
    countFact({
      kind: 'count',
      metric: 'series_count',
      value: wholes.size,
      selector: 'measurements[counted][not failed] by artifact, metric, statistic and unit',
      claim: `The numbers form ${wholes.size} series: a column, or JSON numbers at one place.`,
    }),
  ];
}

/** A fact's id knows no unit: where one metric of an artifact stands in several, the unit becomes a label. */
function tellApart(series: readonly SeriesRow[]): SeriesRow[] {
  const keyOf = (row: SeriesRow) => JSON.stringify([row.path, row.metric, row.statistic, labelsJson(row.labels)]);
  const seen = new Map<string, number>();
  for (const row of series) seen.set(keyOf(row), (seen.get(keyOf(row)) ?? 0) + 1);
  return series.map((row) =>
    (seen.get(keyOf(row)) ?? 0) > 1 ? { ...row, labels: { ...row.labels, unit: row.unit ?? 'not stated' } } : row,
  );
}

/** By kind, then scope, metric, labels and statistic. */
function ordered(facts: readonly Fact[]): Fact[] {
  const keyed = facts.map((fact) => ({
    fact,
    key: [FACT_KINDS.indexOf(fact.kind), fact.scope, fact.metric, labelsJson(fact.labels), fact.statistic, fact.unit ?? ''] as const,
  }));
  keyed.sort((a, b) => {
    for (let i = 0; i < a.key.length; i++) {
      const [x, y] = [a.key[i] ?? '', b.key[i] ?? ''];
      if (x !== y) return x < y ? -1 : 1;
    }
    return 0;
  });
  return keyed.map(({ fact }) => fact);
}
