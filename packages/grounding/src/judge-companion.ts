import { valueText } from '@chimera/shared/domain';
import type { Place } from './check.ts';
import { frameOf } from './frame.ts';
import { boundsOf, conflictsOf } from './judge-value.ts';
import { contradicted, factsOf, type Judgement, supported, unsupported } from './judgement.ts';
import { type Entry, entriesBetween } from './truth.ts';
import { wordsOf } from './words.ts';

const NO_VALUE = 'no value of the artifacts stands before it';

/** Whether what is counted are samples behind a value. */
export function isSampleNoun(noun: string): boolean {
  return /^(?:\p{L}+ )?(?:values?|samples?|runs?|measurements?|repetitions?|observations?|iterations?|requests?)\b/u.test(noun);
}

/** Judges what stands beside a value: how many samples are behind it (`n = 5`, `over 5 values`), or a p-value. */
export function judgeSample(place: Place): Judgement {
  const { claim, before, truth } = place;
  if (claim.kind === 'part') return judgeRecords(place);
  if (claim.kind !== 'sample' && claim.kind !== 'number') return unsupported(NO_VALUE);
  const { numeral } = claim;
  if (claim.kind === 'sample' && claim.of === 'p') {
    const { low, high } = boundsOf(claim);
    const found = truth.comparisons.filter(({ comparison }) =>
      [comparison?.p, comparison?.adjusted].some((p) => p !== null && p !== undefined && p >= low && p <= high),
    );
    return found[0] ? supported(found[0].claim, [found[0].id]) : unsupported('no comparison of the artifacts has that p');
  }
  if (claim.kind === 'number' && !isSampleNoun(claim.noun)) return judgeTally(place);
  const last = [...before].reverse().find((other) => other.entries.length > 0);
  const own = last?.entries ?? [];
  const counts = own.filter((entry) => entry.n !== null);
  if (counts.length === 0) return unsupported(NO_VALUE);
  const right = counts.find((entry) => entry.n === numeral.value || entry.fact?.runs === numeral.value);
  if (right) return supported(`n is ${right.n}`, factsOf([right]), [right], String(right.n));
  if (last?.verdict !== 'supported') return unsupported('the value that it belongs to is not supported');
  return contradicted(`n is ${counts[0]?.n ?? ''}`, factsOf(counts.slice(0, 1)), counts.slice(0, 1), String(counts[0]?.n));
}

/** Judges the n of a table's row: that of some value of what the row is of. */
export function judgeRowSample({ claim, around, own, truth, stretch }: Place): Judgement {
  if (claim.kind !== 'number') return unsupported(NO_VALUE);
  const framed = frameOf(claim, null, [own, ...around.filter(({ text }) => text !== stretch.column)], truth);
  const of = (framed.metrics === null ? [] : [...framed.metrics].flatMap((metric) => truth.byMetric[metric] ?? [])).filter(
    (entry) => entry.n !== null && conflictsOf(entry, { ...framed, statistics: [...entry.statistics] }, truth).length === 0,
  );
  const right = of.find((entry) => entry.n === claim.numeral.value);
  if (right) return supported(`n is ${right.n}`, factsOf([right]), [right], String(right.n));
  const [first] = of;
  return first !== undefined && of.every((entry) => entry.n === first.n) && (framed.labels.length > 0 || framed.paths !== null)
    ? contradicted(`n is ${first.n}`, factsOf([first]), [first], String(first.n))
    : unsupported('of which value it is the n cannot be told');
}

const TALLIES: readonly [RegExp, RegExp][] = [
  [/^(?:time )?series\b/, /series/],
  [/^(?:numbers?|measurements?)\b/, /^measurement_count$/],
  [/^(?:failed records?|records? (?:in all )?(?:that )?failed|records?)\b/, /^failed_records$|^succeeded_records$|^records?$/],
  [/^(?:groups? of (?:artifacts|files|duplicates)|duplicate groups?|groups?)\b/, /^duplicate_groups$/],
  [/^configurations?\b/, /./],
];

/** Judges a count that a fact of the whole dataset, or of the file the sentence names, states: series, failed records, groups. */
function judgeTally(place: Place): Judgement {
  const { claim, truth, own } = place;
  if (claim.kind !== 'number') return unsupported(NO_VALUE);
  const wanted = TALLIES.find(([noun]) => noun.test(claim.noun))?.[1];
  if (!wanted) return unsupported('it is not said of what it is the number');
  const framed = frameOf(claim, null, [own, ...place.around], truth);
  const found: Entry[] = [];
  for (const [i, metric] of truth.metrics.entries()) {
    if (!wanted.test(metric)) continue;
    for (const entry of truth.byMetric[i] ?? [])
      if (
        entry.fact !== null &&
        conflictsOf(entry, { ...framed, metrics: null, statistics: [...entry.statistics], vague: false }, truth).length === 0 &&
        (framed.paths !== null || entry.scope === '/' || metric !== 'failed_records')
      )
        found.push(entry);
  }
  const of = claim.noun.startsWith('configuration') ? found.filter(({ fact }) => fact?.kind === 'choice') : found;
  const value = (entry: Entry) => (claim.noun.startsWith('configuration') ? (entry.n ?? Number.NaN) : entry.value);
  const told = mostAlike(of, own.text);
  if (told === null) return unsupported('no fact counts these');
  const { low, high } = boundsOf(claim);
  const right = of.find(
    (entry) => value(entry) >= low && value(entry) <= high && likeness(entry, own.text) >= LIKE * likeness(told, own.text),
  );
  if (right) return supported(right.fact?.claim ?? '', factsOf([right]), [right]);
  return likeness(told, own.text) >= LIKE
    ? contradicted(told.fact?.claim ?? '', factsOf([told]), [told], String(value(told)))
    : unsupported('which of the facts that count these is meant cannot be told');
}

// So much of a fact's words must stand in a sentence for the fact to be meant.
const LIKE = 0.6;

function mostAlike(entries: readonly Entry[], text: string): Entry | null {
  return entries.reduce<Entry | null>(
    (best, entry) => (best === null || likeness(entry, text) > likeness(best, text) ? entry : best),
    null,
  );
}

/** The share of a fact's words that a text has. */
function likeness({ fact }: Entry, text: string): number {
  const own = new Set(wordsOf(text).map((word) => word.text));
  const words = [...new Set(wordsOf(fact?.claim ?? '').map((word) => word.text))].filter((word) => !/^\d/.test(word));
  return words.length === 0 ? 0 : words.filter((word) => own.has(word)).length / words.length;
}

/** `4 of 5 records failed`, of the file that the sentence names. */
function judgeRecords({ claim, own, around, truth }: Place): Judgement {
  if (claim.kind !== 'part') return unsupported(NO_VALUE);
  const framed = frameOf(claim, null, [own, ...around], truth);
  const metric = /succe/i.test(own.text) ? 'succeeded_records' : 'failed_records';
  const index = truth.metricNumbers.get(metric) ?? -1;
  const paths = framed.paths;
  const of = (truth.byMetric[index] ?? []).filter((entry) => entry.n !== null && (paths === null || paths.has(entry.scope)));
  const right = of.find((entry) => entry.value === claim.part.value && entry.n === claim.whole.value);
  if (right) return supported(right.fact?.claim ?? '', factsOf([right]), [right]);
  const fits = [...(paths ?? [])]
    .flatMap((path) => truth.byScope.get(path) ?? [])
    .find(
      (entry) =>
        entry.fact?.kind === 'doubt' && entry.value === claim.part.value && entry.n === claim.whole.value && paths?.has(entry.scope),
    );
  if (fits) return supported(fits.fact?.claim ?? '', factsOf([fits]), [fits]);
  return paths !== null && of.length > 0 && /\brecords?\b/i.test(own.text)
    ? contradicted(of[0]?.fact?.claim ?? '', factsOf(of.slice(0, 1)), of.slice(0, 1))
    : unsupported('it is not said of what it is a part');
}

/** Judges the ± beside a value: the standard deviation of the same thing. */
export function judgeSpread({ claim, before, truth }: Place): Judgement {
  if (claim.kind !== 'spread') return unsupported(NO_VALUE);
  const value = before.at(-1);
  const [entry] = value?.entries ?? [];
  if (entry === undefined || value?.verdict !== 'supported') return unsupported('the value that it belongs to is not supported');
  const spreads = (truth.byScope.get(entry.scope) ?? []).filter(
    (other) => other.metric === entry.metric && other.statistics.has('stddev') && sameLabels(other.labels, entry.labels),
  );
  const { low, high } = boundsOf({ numeral: claim.numeral, hedge: null });
  const factor = claim.unit?.factor ?? null;
  const right = spreads.find((other) => {
    const own = factor === null ? other.value : (other.value * (other.unit?.factor ?? 1)) / factor;
    return own >= low && own <= high;
  });
  if (right) return supported(right.fact?.claim ?? 'it is the standard deviation', factsOf([right]), [right]);
  const [other] = spreads;
  return other
    ? contradicted(other.fact?.claim ?? `the standard deviation is ${valueText(other.value, other.unit?.name ?? null)}`, factsOf([other]), [
        other,
      ])
    : unsupported('no deviation of that value is known');
}

function sameLabels(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}

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
