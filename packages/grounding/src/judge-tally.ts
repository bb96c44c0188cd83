import type { Entry } from './entry.ts';
import { conflictsOf } from './fit.ts';
import { frameOf } from './frame.ts';
import { NO_VALUE } from './judge-sample.ts';
import { contradicted, factsOf, type Judgement, supported, unsupported } from './judgement.ts';
import type { Place } from './place.ts';
import { boundsOf } from './stated-value.ts';
import { wordsOf } from './words.ts';

const TALLIES: readonly [RegExp, RegExp][] = [
  [/^(?:time )?series\b/, /series/],
  [/^(?:numbers?|measurements?)\b/, /^measurement_count$/],
  [/^(?:failed records?|records? (?:in all )?(?:that )?failed|records?)\b/, /^failed_records$|^succeeded_records$|^records?$/],
  [/^(?:groups? of (?:artifacts|files|duplicates)|duplicate groups?|groups?)\b/, /^duplicate_groups$/],
  [/^configurations?\b/, /./],
];

/** Judges a count that a fact of the whole dataset, or of the file the sentence names, states: series, failed records, groups. */
export function judgeTally(place: Place): Judgement {
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
