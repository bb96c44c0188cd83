import type { Chance } from '../../test/simulator/chance.ts';
import type { FaultKind, Marked } from './draft.ts';
import { type Described, isSaidSomewhere, statisticWords, withinRounding } from './oracle.ts';
import { digitSwapped, plainValue, type Shown, type SpelledUnit, show, UNITS, unitNamed } from './shown.ts';
import type { Spoken } from './values.ts';
import type { World } from './worlds.ts';

export type ValueCase = {
  world: World;
  one: Spoken;
  described: Described;
  unit: SpelledUnit;
  shown: Shown;
  hedge: 'about' | 'over' | null;
  render: (change: { number?: string; unit?: SpelledUnit; statistic?: string }) => Marked;
};

type Fault = { kind: FaultKind; wrong: Marked };

/** False sentences made of a true one; what is still true of some number of the artifacts is left out. */
export function valueFaults(here: ValueCase, chance: Chance): Fault[] {
  return [...digitFaults(here, chance), ...unitFaults(here), ...bindingFaults(here, chance)];
}

/** Whether a number in a unit is false of all that the sentence may speak of. */
function isFalse(
  { world, described, hedge }: ValueCase,
  shown: Pick<Shown, 'value' | 'step'>,
  unit: SpelledUnit,
  statistic = described.statistic,
): boolean {
  const { low, high } = withinRounding(shown.value, shown.step);
  const room = hedge === 'about' ? Math.abs(shown.value) * 0.1 : 0;
  const top = hedge === 'over' ? Number.POSITIVE_INFINITY : high + room;
  return !isSaidSomewhere(world, { ...described, statistic }, unit.dimension, (low - room) * unit.by, top * unit.by);
}

function digitFaults(here: ValueCase, chance: Chance): Fault[] {
  const { shown, unit, hedge, render } = here;
  const found: Fault[] = [];
  const add = (kind: FaultKind, other: Shown) => {
    if (isFalse(here, other, unit)) found.push({ kind, wrong: render({ number: other.text }) });
  };
  const swapped = digitSwapped(shown, chance);
  if (swapped) add('digit swap', { text: swapped.to, value: plainValue(swapped.to), step: shown.step });
  const digits = Math.max(2, significant(shown.text));
  add('×10', show(shown.value * 10, digits));
  add('×1000', show(shown.value * 1_000, digits));
  if (hedge !== 'over') add('÷1000', show(shown.value / 1_000, digits));
  if (hedge === null && /^[\d.,]+$/.test(shown.text)) {
    add('sign', { text: `-${shown.text}`, value: -shown.value, step: shown.step });
    const off = chance.pick([-2, -1, 1, 2]) * shown.step;
    const wrong = shown.value + off;
    const decimals = shown.text.split('.')[1]?.length ?? 0;
    if (wrong > 0) add('wrong rounding', { text: wrong.toFixed(decimals), value: Number(wrong.toFixed(decimals)), step: shown.step });
  }
  return found;
}

function significant(text: string): number {
  return text.replace(/[^\d]/g, '').replace(/^0+/, '').length;
}

const OTHER_UNITS: readonly (readonly [kind: FaultKind, one: string, other: string])[] = [
  ['unit: ms ↔ s', 'ms', 's'],
  ['unit: decimal ↔ binary', 'KB', 'KiB'],
  ['unit: decimal ↔ binary', 'MB', 'MiB'],
  ['unit: decimal ↔ binary', 'GB', 'GiB'],
  ['unit: tok/s ↔ req/s', 'tok/s', 'req/s'],
  ['unit: % ↔ points', '%', 'percentage points'],
  ['unit: W ↔ J', 'W', 'J'],
];

function unitFaults(here: ValueCase): Fault[] {
  const { unit, shown, hedge, render } = here;
  return OTHER_UNITS.flatMap(([kind, a, b]) => {
    const name = unit.name === a ? b : unit.name === b ? a : null;
    const other = UNITS.find((one) => one.name === name);
    // "Over 0.2 ms" is true of 0.2 s.
    if (!other || (hedge === 'over' && other.by < unit.by)) return [];
    return isFalse(here, shown, other) ? [{ kind, wrong: render({ unit: other }) }] : [];
  });
}

const SWAPS: readonly (readonly [FaultKind, string, string])[] = [
  ['min for max', 'min', 'max'],
  ['mean for median', 'mean', 'median'],
  ['another percentile', 'p95', 'median'],
  ['another percentile', 'p99', 'median'],
];

function bindingFaults(here: ValueCase, chance: Chance): Fault[] {
  const { world, one, unit, shown, hedge, render } = here;
  const { fact, statistic, labels } = one;
  if (hedge === 'over') return [];
  const digits = Math.max(3, significant(shown.text));
  const found: Fault[] = [];
  const addValue = (kind: FaultKind, other: { value: number | string; unit: string | null } | undefined) => {
    const own = unitNamed(other?.unit ?? null);
    if (other === undefined || typeof other.value !== 'number' || own === null || other.value <= 0) return;
    const value = own.dimension === unit.dimension ? (other.value * own.by) / unit.by : other.value;
    const text = show(value, hedge === 'about' ? 2 : digits);
    if (isFalse(here, text, unit)) found.push({ kind, wrong: render({ number: text.text }) });
  };
  const keys = Object.keys(labels);
  const alike = (other: { labels: Readonly<Record<string, string>> }) => keys.every((key) => other.labels[key] === labels[key]);
  const sameStatistic = (other: { statistic: string }) =>
    statisticWords(other.statistic).has(statistic ?? 'value') && statisticWords(other.statistic).size === 1;
  const pick = <T>(some: readonly T[]): T | undefined => (some.length === 0 ? undefined : chance.pick(some));
  const inFile = world.facts.filter((other) => other.scope === fact.scope && (other.kind === 'group' || other.kind === 'series'));
  const columns = inFile.filter((other) => other.metric !== fact.metric && alike(other) && sameStatistic(other));
  const near = columns.filter((other) => unitNamed(other.unit)?.dimension === unit.dimension);
  addValue('neighbouring column', pick(near.length > 0 ? near : columns));
  addValue(
    "another configuration's value",
    pick(inFile.filter((other) => other.metric === fact.metric && !alike(other) && sameStatistic(other))),
  );
  addValue(
    'stale run',
    world.former.find(
      (other) => other.metric === fact.metric && other.scope === fact.scope && alike(other) && other.statistic === fact.statistic,
    ),
  );
  for (const [kind, a, b] of SWAPS) {
    const wanted = statistic === a ? b : statistic === b ? a : null;
    if (wanted === null) continue;
    if (chance.of(0.5))
      addValue(
        kind,
        inFile.find(
          (other) =>
            other.metric === fact.metric &&
            alike(other) &&
            statisticWords(other.statistic).has(wanted) &&
            statisticWords(other.statistic).size === 1,
        ),
      );
    else if (isFalse(here, shown, unit, wanted)) found.push({ kind, wrong: render({ statistic: wanted }) });
  }
  return found;
}
