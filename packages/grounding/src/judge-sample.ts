import { conflictsOf } from './fit.ts';
import { frameOf } from './frame.ts';
import { judgeTally } from './judge-tally.ts';
import { contradicted, factsOf, type Judgement, supported, unsupported } from './judgement.ts';
import type { Place } from './place.ts';
import { boundsOf } from './stated-value.ts';

/** Why nothing can be said of a companion without its value. */
export const NO_VALUE = 'no value of the artifacts stands before it';

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
