import type { Chance } from '../../test/simulator/chance.ts';
import { type Draft, type FaultKind, type Marked, marked, target } from './draft.ts';
import { isSaidSomewhere, withinRounding } from './oracle.ts';
import { digitSwapped, plainValue, show } from './shown.ts';
import { type Spoken, shownUnit, spokenFacts } from './values.ts';
import { capital, configuration, fileWords, metricWords } from './words.ts';
import type { World } from './worlds.ts';

type Fault = { kind: FaultKind; wrong: Marked };

/** True sentences with two numbers of one configuration, least and greatest or mean and deviation, and with n; false ones made of each. */
export function spanDrafts(world: World, chance: Chance): Draft[] {
  const spoken = spokenFacts(world);
  const beside = (one: Spoken, statistic: string) =>
    spoken.find(
      (other) =>
        other.statistic === statistic &&
        other.fact.metric === one.fact.metric &&
        other.fact.scope === one.fact.scope &&
        JSON.stringify(other.labels) === JSON.stringify(one.labels),
    );
  return spoken.flatMap((one) => {
    if (one.statistic === 'min') {
      const most = beside(one, 'max');
      return most && chance.of(0.5) ? [rangeDraft(world, one, most, chance)] : [];
    }
    if (one.statistic === 'mean') {
      const deviation = beside(one, 'stddev');
      return deviation && chance.of(0.5) ? [spreadDraft(world, one, deviation, chance)] : [];
    }
    return one.statistic === 'median' && (one.fact.n ?? 0) > 1 && chance.of(0.4) ? [sampleDraft(world, one, chance)] : [];
  });
}

function common(world: World, { fact, labels, unit: own }: Spoken, chance: Chance) {
  const unit = shownUnit(fact.value, own, chance);
  const by = own.by / unit.by;
  return {
    unit,
    by,
    who: configuration(labels, chance),
    file: fileWords(world, fact.scope, chance),
    metric: metricWords(world, fact.metric, fact.scope, chance),
  };
}

function rangeDraft(world: World, least: Spoken, most: Spoken, chance: Chance): Draft {
  const { unit, by, who, file, metric } = common(world, least, chance);
  const [low, high] = [show(least.fact.value * by, 4), show(most.fact.value * by, 4)];
  const form = chance.below(3);
  const page = (a: string, b: string, u = unit.name) =>
    marked(
      form === 0
        ? `In ${file}, the ${metric.words} of ${who} ranges from ${target(`${a} to ${b} ${u}`)}.`
        : form === 1
          ? `The ${metric.words} of ${who} lies between ${target(`${a} ${u} and ${b} ${u}`)} (${file}).`
          : `${capital(who)} has a ${metric.words} of ${target(`${a}–${b} ${u}`)} in ${file}.`,
    );
  const faults: Fault[] = [];
  const isEnd = (value: number, step: number, statistic: string) => {
    const { low: from, high: to } = withinRounding(value, step);
    return isSaidSomewhere(
      world,
      { metrics: metric.metrics, statistic, labels: least.labels, file: least.fact.scope },
      unit.dimension,
      from * unit.by,
      to * unit.by,
    );
  };
  const swapped = digitSwapped(high, chance);
  if (swapped && plainValue(swapped.to) > low.value && !isEnd(plainValue(swapped.to), high.step, 'max'))
    faults.push({ kind: 'digit swap', wrong: page(low.text, swapped.to) });
  faults.push({ kind: '×10', wrong: page(low.text, show(high.value * 10, 4).text) });
  const wrong = show((low.value + high.value) / 2, 4);
  if (!isEnd(wrong.value, wrong.step, 'min') && low.value < wrong.value)
    faults.push({ kind: 'min for max', wrong: page(wrong.text, high.text) });
  const twin = { ms: 's', s: 'ms', MB: 'MiB', MiB: 'MB', GB: 'GiB', GiB: 'GB', 'tok/s': 'req/s', W: 'J', J: 'W' }[unit.name];
  const kind: FaultKind =
    unit.dimension === 'time'
      ? 'unit: ms ↔ s'
      : unit.dimension === 'bytes'
        ? 'unit: decimal ↔ binary'
        : unit.dimension === 'rate'
          ? 'unit: tok/s ↔ req/s'
          : 'unit: W ↔ J';
  if (twin !== undefined) faults.push({ kind, wrong: page(low.text, high.text, twin) });
  return { world, template: `range, form ${form + 1}`, right: page(low.text, high.text), faults };
}

function spreadDraft(world: World, mean: Spoken, deviation: Spoken, chance: Chance): Draft {
  const { unit, by, who, file, metric } = common(world, mean, chance);
  const value = show(mean.fact.value * by, 4);
  // Both with the same last digit, as is usual, but with two digits of the deviation at least.
  const spread = show(deviation.fact.value * by, 3);
  const page = (a: string, b: string) => marked(`The mean ${metric.words} of ${who} in ${file} is ${target(`${a} ± ${b} ${unit.name}`)}.`);
  const faults: Fault[] = [];
  const isSaid = (v: number, step: number, statistic: string) => {
    const { low, high } = withinRounding(v, step);
    return isSaidSomewhere(
      world,
      { metrics: metric.metrics, statistic, labels: mean.labels, file: mean.fact.scope },
      unit.dimension,
      low * unit.by,
      high * unit.by,
    );
  };
  const [first, second] = [digitSwapped(value, chance), digitSwapped(spread, chance)];
  if (first && !isSaid(plainValue(first.to), value.step, 'mean')) faults.push({ kind: 'digit swap', wrong: page(first.to, spread.text) });
  if (second && !isSaid(plainValue(second.to), spread.step, 'stddev'))
    faults.push({ kind: 'digit swap', wrong: page(value.text, second.to) });
  faults.push({ kind: '×10', wrong: page(value.text, show(spread.value * 10, 3).text) });
  return { world, template: 'mean ± deviation', right: page(value.text, spread.text), faults };
}

function sampleDraft(world: World, one: Spoken, chance: Chance): Draft {
  const { unit, by, who, file, metric } = common(world, one, chance);
  const n = one.fact.n ?? 0;
  const value = show(one.fact.value * by, 4).text;
  const form = chance.below(2);
  const page = (count: number) =>
    marked(
      form === 0
        ? `The median ${metric.words} of ${who} in ${file} is ${value} ${unit.name} (${target(`n = ${count}`)}).`
        : `The median ${metric.words} of ${who} in ${file} is ${value} ${unit.name} over ${target(String(count))} samples.`,
    );
  const faults: Fault[] = [
    { kind: 'off-by-one count', wrong: page(n + chance.pick([-1, 1])) },
    { kind: '×10', wrong: page(n * 10) },
  ];
  return { world, template: `n, form ${form + 1}`, right: page(n), faults };
}
