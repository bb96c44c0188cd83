import { DATASET_SCOPE, type Fact, valueText } from '@chimera/shared/domain';
import { factId } from '@chimera/shared/store';

/** A fact before its id and the fields that most facts leave empty. */
export type FactDraft = Omit<Fact, 'id' | 'interval' | 'inputs' | 'labels' | 'n' | 'class'> &
  Partial<Pick<Fact, 'interval' | 'inputs' | 'labels' | 'n' | 'class'>>;

/** Completes a fact: its id follows from metric, labels, statistic and scope. */
export function fact(draft: FactDraft): Fact {
  const { metric, labels = {}, statistic, scope } = draft;
  // In the order of canonical JSON, which the engine can so write itself.
  return {
    ...(draft.change === undefined ? {} : { change: draft.change }),
    claim: draft.claim,
    class: draft.class ?? 'derived',
    ...(draft.comparison === undefined ? {} : { comparison: draft.comparison }),
    ...(draft.derivedLabels === undefined ? {} : { derivedLabels: draft.derivedLabels }),
    formula: draft.formula,
    id: factId({ metric, labels, statistic, scope }),
    inputs: draft.inputs ?? [],
    interval: draft.interval ?? null,
    kind: draft.kind,
    labels,
    metric,
    n: draft.n ?? null,
    ...(draft.runs === undefined ? {} : { runs: draft.runs }),
    scope,
    sources: draft.sources,
    statistic,
    unit: draft.unit,
    value: draft.value,
  };
}

/** A count over the inventory's list of artifacts; `selector` says which of them were counted. */
export function countFact(draft: {
  kind: Fact['kind'];
  metric: string;
  value: number;
  labels?: Record<string, string>;
  scope?: string;
  claim: string;
  selector: string;
  unit?: string;
  inputs?: string[];
  formula?: string;
}): Fact {
  return fact({
    kind: draft.kind,
    claim: draft.claim,
    metric: draft.metric,
    statistic: 'count',
    value: draft.value,
    unit: draft.unit ?? null,
    labels: draft.labels ?? {},
    scope: draft.scope ?? DATASET_SCOPE,
    formula: draft.formula ?? `count of ${draft.selector}`,
    inputs: draft.inputs ?? [],
    sources: [{ inventory: draft.selector }],
  });
}

/** The value of a fact as it is printed, for claims that speak of other facts. */
export function shown(of: Pick<Fact, 'value' | 'unit'>): string {
  return valueText(of.value, of.unit);
}
