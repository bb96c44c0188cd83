import type { Hedge } from './claim.ts';
import { type Entry, entryText } from './entry.ts';
import type { Frame } from './frame.ts';
import { judgeValue } from './judge-value.ts';
import { contradicted, factsOf, type Judgement, supported, unsupported } from './judgement.ts';
import type { Numeral } from './numeral.ts';
import { boundsOf } from './stated-value.ts';
import { targetsOf } from './targets.ts';
import type { Truth } from './truth.ts';
import type { Unit } from './units.ts';

/** Judges `cut it from 2.0 s to 0.5 s`: two values, each of which must be one of what the sentence speaks of. What is no fact may be an average of some. */
export function judgeChange(
  { low, high, unit, hedge }: { low: Numeral; high: Numeral; unit: Unit | null; hedge: Hedge | null },
  frame: Frame,
  truth: Truth,
): Judgement {
  const free = { ...frame, labels: [], general: false };
  const ends = [low, high].map((numeral) => judgeValue({ numeral, unit, hedge }, free, truth));
  const [first, second] = ends;
  return first?.verdict === 'supported' && second?.verdict === 'supported'
    ? supported(`${first.why} ${second.why}`, [...first.facts, ...second.facts], [...first.entries, ...second.entries])
    : unsupported('which two values are meant cannot be told');
}

/** Judges the interval beside a value: that of the fact which has the value. */
export function judgeInterval(
  { low, high, hedge }: { low: Numeral; high: Numeral; hedge: Hedge | null },
  before: readonly Entry[],
): Judgement {
  const facts = before.flatMap(({ fact }) => (fact !== null && fact.interval !== null ? [fact] : []));
  const [from, to] = [boundsOf({ numeral: low, hedge }), boundsOf({ numeral: high, hedge })];
  const right = facts.find(
    ({ interval }) =>
      interval !== null && interval[0] >= from.low && interval[0] <= from.high && interval[1] >= to.low && interval[1] <= to.high,
  );
  if (right) return supported(right.claim, [right.id]);
  const [other] = facts;
  return other ? contradicted(other.claim, [other.id]) : unsupported('it is not known of which value it is the interval');
}

/** Judges `from … to …`: the least and the greatest value of what the sentence speaks of. */
export function judgeRange(
  { low, high, unit, hedge }: { low: Numeral; high: Numeral; unit: Unit | null; hedge: Hedge | null },
  frame: Frame,
  truth: Truth,
): Judgement {
  if (![low.value, high.value].every(Number.isFinite)) return unsupported('it is too large to be read');
  const ends = [low, high].map((numeral) => judgeValue({ numeral, unit, hedge }, { ...frame, general: false, statistics: [] }, truth));
  const targets = frame.vague
    ? []
    : targetsOf({ unit }, { ...frame, statistics: [] }, truth).filter(
        (entry) =>
          entry.fact?.kind !== 'choice' && entry.fact?.kind !== 'comparison' && (unit === null || entry.unit?.dimension === unit.dimension),
      );
  if (targets.length === 0)
    return ends.find((end) => end.verdict !== 'supported') ?? unsupported('its sentence names no metric that the artifacts have');
  const factor = unit?.factor ?? null;
  const inUnit = targets
    .map((entry) => ({ entry, value: factor === null ? entry.value : (entry.value * (entry.unit?.factor ?? 1)) / factor }))
    .sort((a, b) => a.value - b.value);
  const [least, most] = [inUnit[0], inUnit.at(-1)];
  if (!least || !most) return unsupported('its sentence names no metric that the artifacts have');
  const [from, to] = [boundsOf({ numeral: low, hedge }), boundsOf({ numeral: high, hedge })];
  const some = [least.entry, most.entry];
  if (least.value >= from.low && least.value <= from.high && most.value >= to.low && most.value <= to.high)
    return supported(`they lie there: ${entryText(least.entry, truth.metrics)}`, factsOf(some), some);
  const inside = inUnit.filter(({ value }) => value >= from.low && value <= to.high).length;
  if (inside === inUnit.length) return unsupported('all values lie within, and none at its ends');
  return contradicted(
    `${inUnit.length - inside} of ${inUnit.length} values lie outside, such as ${entryText(least.value < from.low ? least.entry : most.entry, truth.metrics)}`,
    factsOf(some),
    some,
  );
}
