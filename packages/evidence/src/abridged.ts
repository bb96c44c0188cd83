import { byCodeUnit, CAMPAIGN_PROFILE, counted, type Fact } from '@chimera/shared/domain';
import { fact } from './fact.ts';
import type { SampledArtifact } from './groups.ts';
import type { SampleSet } from './samples.ts';

/** A file whose numbers are those of another, rounded: it tells of the same run, and counts nowhere. */
export type Abridged = { artifact: SampledArtifact; of: SampledArtifact; shared: number };

/** Fewest numbers that must agree: two runs may well agree in some, to the digits that a console prints. */
const LEAST_SHARED = 6;
/** By which files are looked up, and within what: no console rounds more. */
const LOOKED_UP = 'output_token_throughput\0value';
const NEAR = 0.06;
/** Files as near as that which are looked at, so that a thousand equal ones stay cheap. */
const MOST_NEAR = 40;

/** What a file states once each, by metric and statistic, and the decimals to which it states the numbers of each metric. */
export type Summary = {
  artifact: SampledArtifact;
  stated: Map<string, SampleSet>;
  decimals: Map<string, number>;
  /** decimals of its metrics, on average */
  digits: number;
  throughput: number;
};

/**
 * Finds, of files that sum up one run, those that hold the same numbers as another with fewer digits: a console's block beside the
 * JSON of its run. Of two that say the same the one with more digits counts, then the one with more numbers, then the first by path.
 * The order of the summaries does not matter.
 */
export function abridgedAmong(summaries: readonly Summary[]): ReadonlyMap<SampledArtifact, Abridged> {
  const sorted = [...summaries].sort((a, b) => a.throughput - b.throughput || byCodeUnit(a.artifact.path, b.artifact.path));
  const found = new Map<SampledArtifact, Abridged>();
  for (const [i, one] of sorted.entries()) {
    const last = Math.min(sorted.length - 1, i + MOST_NEAR);
    for (let j = i + 1; j <= last; j++) {
      const other = sorted[j];
      if (other === undefined || other.throughput - one.throughput > NEAR) break;
      const [full, short] = inOrder(one, other);
      if (found.has(short.artifact) || found.has(full.artifact)) continue;
      const shared = agreeing(full, short);
      if (shared >= LEAST_SHARED) found.set(short.artifact, { artifact: short.artifact, of: full.artifact, shared });
    }
  }
  return found;
}

/** What a file sums up of one run; null where it is of several, or says too little to be another's. */
export function summaryOf(artifact: SampledArtifact): Summary | null {
  const stated = new Map<string, SampleSet>();
  const decimals = new Map<string, number>();
  for (const set of artifact.samples) {
    // A campaign of one run sums up nothing.
    if (set.labels[CAMPAIGN_PROFILE] !== undefined) return null;
    const [value] = set.values;
    if (set.values.length !== 1 || value === undefined) continue;
    const key = `${set.metric}\0${set.statistic}`;
    // Two runs in one file: it would have to be told which is which.
    if (stated.has(key)) return null;
    stated.set(key, set);
    decimals.set(set.metric, Math.max(decimals.get(set.metric) ?? 0, decimalsOf(value)));
  }
  const throughput = stated.get(LOOKED_UP)?.values[0];
  if (throughput === undefined || throughput === 0 || stated.size < LEAST_SHARED) return null;
  const digits = [...decimals.values()].reduce((sum, n) => sum + n, 0) / decimals.size;
  return { artifact, stated, decimals, digits, throughput };
}

function decimalsOf(value: number): number {
  // What became of milliseconds when they were made seconds may differ in the last digit of a double.
  const [digits = '', exponent = '0'] = String(Number(value.toPrecision(12))).split('e');
  return Math.max(0, (digits.split('.')[1]?.length ?? 0) - Number(exponent));
}

function inOrder(a: Summary, b: Summary): [full: Summary, short: Summary] {
  const first = b.digits - a.digits || b.stated.size - a.stated.size || byCodeUnit(a.artifact.path, b.artifact.path);
  return first <= 0 ? [a, b] : [b, a];
}

/** How many numbers of the shorter the other has too; none where it has one otherwise. */
function agreeing(full: Summary, short: Summary): number {
  let shared = 0;
  for (const [key, { metric, values }] of short.stated) {
    const [own, other] = [values[0] ?? 0, full.stated.get(key)?.values[0]];
    if (other === undefined) continue;
    const half = 0.5 * 10 ** -(short.decimals.get(metric) ?? 0);
    if (Math.abs(own - other) > half * (1 + 1e-6) + Math.abs(other) * 1e-12) return 0;
    // A number of one digit agrees with many.
    if (own !== 0 && half <= 0.005 * Math.abs(own)) shared++;
  }
  return shared;
}

export function abridgedFacts(abridged: readonly Abridged[]): Fact[] {
  return abridged.map(({ artifact, of, shared }) =>
    fact({
      kind: 'duplicate',
      metric: 'repeated_numbers',
      statistic: 'count',
      value: shared,
      unit: null,
      labels: { repeats: of.path },
      scope: artifact.path,
      claim: `${artifact.path} holds the numbers of ${of.path} to fewer digits (${counted(shared, 'number')} agree): they are of the same run, which counts once.`,
      formula: 'numbers that agree to the digits that the shorter file states',
      sources: [artifact, of].map(({ path, sha256, samples }) => ({ path, pointer: samples[0]?.first ?? '', sha256 })),
    }),
  );
}
