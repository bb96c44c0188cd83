import { valueText } from '@chimera/shared/domain';
import { sameLabels } from './entry-words.ts';
import { NO_VALUE } from './judge-sample.ts';
import { contradicted, factsOf, type Judgement, supported, unsupported } from './judgement.ts';
import type { Place } from './place.ts';
import { boundsOf } from './stated-value.ts';

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
