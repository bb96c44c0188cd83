import {
  CAMPAIGN_PROFILE,
  canonicalValue,
  isCanonical,
  type Measurement,
  type Over,
  ownCampaignUnit,
  unitOfMetric,
} from '@chimera/shared/domain';
import { labelsJson } from '@chimera/shared/store';
import { type Digest, digestOf, isEachARun, MOST_KEPT, thinnedRanks } from './digest.ts';

/** Not in the registry, and no fact of its own but in a campaign: how many tokens a request put out, which throughput depends on. */
export const OUTPUT_TOKENS = 'output_tokens';

const OUTPUT_TOKEN_NAMES =
  /(?:^|\/)(?:eval_count|output_tokens?|completion_tokens|output_sequence_length|generated_tokens|tokens_generated|output_len(?:gth)?s?)(?:\/\*)?$/i;

/**
 * The numbers of one metric, of the registry or a campaign's own, under one set of labels in one artifact, failed records left out. `values` are in the
 * metric's unit, in the artifact's order; `n` is what the file says stands behind a statistic of its own.
 * Of very many values there is a `digest`, and `values` is empty; where each is a run, it holds evenly spaced ones of their order.
 */
export type SampleSet = {
  metric: string;
  statistic: string;
  over: Over | null;
  labels: Readonly<Record<string, string>>;
  values: Float64Array;
  digest?: Digest;
  n: number | null;
  first: string;
  last: string;
};

type Growing = Omit<SampleSet, 'values' | 'digest'> & { values: number[] };

/** Gathers an artifact's samples out of its measurements, which are added one by one in their order. */
export class SampleGathering {
  readonly #sets = new Map<string, Growing>();
  #labels: Measurement['labels'] | null = null;
  #labelsText = '';

  add(measurement: Measurement): void {
    if (measurement.failed || !Number.isFinite(measurement.value)) return;
    const { metric, value } = canonical(measurement);
    if (value === null) return;
    const { statistic, over = null, labels, n, pointer } = measurement;
    const key = `${metric}\0${statistic}\0${over}\0${this.#textOf(labels)}`;
    const set = this.#sets.get(key);
    if (set === undefined) this.#sets.set(key, { metric, statistic, over, labels, values: [value], n, first: pointer, last: pointer });
    else {
      set.values.push(value);
      set.last = pointer;
    }
  }

  sets(): SampleSet[] {
    return Array.from(this.#sets.values(), (set) => {
      const values = new Float64Array(set.values);
      return values.length > MOST_KEPT ? { ...set, ...digested(set, values) } : { ...set, values };
    });
  }

  /** Readers give the numbers of one row the same labels. */
  #textOf(labels: Measurement['labels']): string {
    if (labels !== this.#labels) {
      this.#labels = labels;
      this.#labelsText = labelsJson(labels);
    }
    return this.#labelsText;
  }
}

/** The digest of values in the order of their file, and what is kept of them beside it. */
export function digested(set: Pick<SampleSet, 'statistic' | 'over'>, values: Float64Array): Pick<SampleSet, 'values' | 'digest'> {
  const { digest, ascending } = digestOf(values);
  const runs = isEachARun(set) ? thinnedRanks(values.length) : [];
  return { digest, values: Float64Array.from(runs, (rank) => ascending[rank] ?? Number.NaN) };
}

/** Of which sample set numbers with this name, unit and labels are, and what they are in its unit: null where a number is of none. */
export function conversionOf(of: Pick<Measurement, 'metric' | 'statistic' | 'unit' | 'labels'>): {
  metric: string;
  convert: (value: number) => number | null;
} {
  const { metric, statistic, unit, labels } = of;
  if (!isCanonical(metric)) {
    const one = canonical({ metric, statistic, unit, labels, value: 1 });
    return {
      metric: one.metric,
      convert: one.value === null ? () => null : isOwn(of) ? (value) => (value >= 0 ? value : null) : (value) => value,
    };
  }
  const known = unitOfMetric(metric, unit);
  // As `canonicalValue`, to the last bit, for millions of values of one unit.
  return { metric, convert: known === null ? () => null : (value) => (value < 0 ? null : (value * known.times) / known.over) };
}

/** The metric and the value in its unit; null where the measurement is of none, or its unit says nothing. */
function canonical({ metric, statistic, value, unit, labels }: Pick<Measurement, 'metric' | 'statistic' | 'value' | 'unit' | 'labels'>): {
  metric: string;
  value: number | null;
} {
  // No metric of the registry can be less than nothing: -1 is how tools write that they do not know.
  if (isCanonical(metric)) return { metric, value: value < 0 ? null : canonicalValue(metric, value, unit) };
  if (isOwn({ metric, unit, labels })) return { metric, value: statistic === 'value' && value >= 0 ? value : null };
  const isOutput = (statistic === 'value' || statistic === 'mean') && OUTPUT_TOKEN_NAMES.test(metric.slice(-80));
  return { metric: OUTPUT_TOKENS, value: isOutput ? value : null };
}

/** Whether a number is of a metric that only campaigns have, in its unit. */
export function isOwn({ metric, unit, labels }: Pick<Measurement, 'metric' | 'unit' | 'labels'>): boolean {
  return labels[CAMPAIGN_PROFILE] !== undefined && unit !== null && ownCampaignUnit(metric) === unit;
}

/** All samples of one artifact. */
export function samplesOf(measurements: Iterable<Measurement>): SampleSet[] {
  const gathering = new SampleGathering();
  for (const measurement of measurements) gathering.add(measurement);
  return gathering.sets();
}
