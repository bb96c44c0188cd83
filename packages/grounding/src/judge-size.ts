import { valueText } from '@chimera/shared/domain';
import { contradicted, factsOf, type Judgement, supported } from './judgement.ts';
import type { Place } from './place.ts';
import { boundsOf } from './stated-value.ts';
import { entriesBetween } from './truth.ts';

/** Judges the size of the artifacts: together, of a kind, on average; null where the sentence speaks of something else. */
export function judgeSize({ claim, own, around, stretch, truth }: Place): Judgement | null {
  if (claim.kind !== 'number' || claim.unit === null) return null;
  const settings = [own, ...around];
  const words = [own.text, stretch.column, ...stretch.parents].join(' ');
  if (
    !/\b(?:sizes?|volume|bytes|footprint|artifacts?|files?|data(?:set)?)\b/i.test(`${words} ${stretch.row}`) ||
    /(?<![a-z])(?:memory|vram|ram|model size|parameters|weights|buffer|kernel|cache)(?![a-z])/i.test(
      `${words} ${stretch.row.split(' | ')[0] ?? ''}`,
    )
  )
    return null;
  const index = truth.metricNumbers.get('artifact_size') ?? -1;
  if (index < 0) return null;
  const kinds = new Set(settings.find((setting) => setting.mentions.kinds.length > 0)?.mentions.kinds.map(({ kind }) => kind) ?? []);
  const files = settings.flatMap((setting) => setting.mentions.files.flatMap((file) => [...file.paths]));
  const bounds = boundsOf(claim);
  const inside = (bytes: number) => bytes >= bounds.low * (claim.unit?.factor ?? 1) && bytes <= bounds.high * (claim.unit?.factor ?? 1);
  if (files.length > 0) {
    const sizes = truth.artifacts.filter(({ path }) => files.includes(path));
    if (sizes.some(({ bytes }) => inside(bytes))) return supported(`${sizes[0]?.path ?? ''} has that size`, []);
    return sizes[0] ? contradicted(`${sizes[0].path} has ${sizes[0].bytes} bytes`, [], [], `${sizes[0].bytes} bytes`) : null;
  }
  const average = /\b(?:average|mean|avg|per file|each)\b/i.test(words);
  const sizes = (truth.byMetric[index] ?? []).filter(
    ({ fact }) => fact !== null && (kinds.size === 1 ? kinds.has(fact.labels.kind as never) : fact.labels.kind === undefined),
  );
  if (average) {
    const of = truth.artifacts.filter(({ kind }) => kinds.size === 0 || kinds.has(kind));
    const mean = of.reduce((sum, { bytes }) => sum + bytes, 0) / Math.max(1, of.length);
    const facts = factsOf(sizes.filter(({ statistics }) => statistics.has('sum')));
    return inside(mean)
      ? supported(`the average is ${mean.toFixed(0)} bytes`, facts)
      : contradicted(`the average is ${mean.toFixed(0)} bytes`, facts, [], `${mean.toFixed(0)} bytes`);
  }
  const said =
    own.mentions.statistics
      .map(({ statistic }) => statistic)
      .find((s) => s === 'max' || s === 'min' || s === 'median' || s.startsWith('p')) ?? 'sum';
  const right = sizes.find((entry) => entry.statistics.has(said) && inside(entry.value));
  if (right) return supported(right.fact?.claim ?? '', factsOf([right]), [right]);
  if (
    entriesBetween(truth, 'bytes', bounds.low * claim.unit.factor, bounds.high * claim.unit.factor).some((entry) => entry.metric !== index)
  )
    return null;
  const total = sizes.find(({ statistics }) => statistics.has(said));
  if (!total || !/\b(?:total|overall|volume|dataset|data size|together|altogether|combined|file sizes?|size)\b/i.test(words)) return null;
  return contradicted(total.fact?.claim ?? '', factsOf([total]), [total], valueText(total.value, 'bytes'));
}
