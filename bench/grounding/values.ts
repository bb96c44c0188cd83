import type { Fact } from '@chimera/shared/domain';
import type { Chance } from '../../test/simulator/chance.ts';
import { type Draft, marked, target } from './draft.ts';
import { type Described, statisticWords, tellingLabels } from './oracle.ts';
import { anySpelling, type Shown, type SpelledUnit, type Spelling, show, UNITS, unitNamed } from './shown.ts';
import { type ValueCase, valueFaults } from './value-faults.ts';
import { VALUE_TEMPLATES } from './value-templates.ts';
import { capital, configuration, fileWords, isSpoken, metricWords, statisticWord } from './words.ts';
import type { World } from './worlds.ts';

/** A measured value that the bench can put in words: a number of one configuration in one file, in a unit that it knows. */
export type Spoken = { fact: Fact & { value: number }; unit: SpelledUnit; statistic: string | null; labels: Record<string, string> };

/** The facts of a world that can be put in words, with what tells them apart. */
export function spokenFacts(world: World): Spoken[] {
  const paths = new Set(world.artifacts.map(({ path }) => path));
  return world.facts.flatMap((fact) => {
    const unit = unitNamed(fact.unit);
    if (typeof fact.value !== 'number' || fact.value <= 0 || unit === null || fact.unit === null) return [];
    if ((fact.kind !== 'group' && fact.kind !== 'series') || !isSpoken(fact.metric) || !paths.has(fact.scope)) return [];
    const words = [...statisticWords(fact.statistic)];
    const [statistic] = words;
    if (words.length !== 1 || statistic === undefined) return [];
    const labels = tellingLabels(world, fact, false);
    if (labels === null || Object.keys(labels).length === 0) return [];
    return [{ fact: { ...fact, value: fact.value }, unit, statistic: statistic === 'value' ? null : statistic, labels }];
  });
}

/** The unit in which a value is shown: its own, or another of its dimension in which it is neither tiny nor huge. */
export function shownUnit(value: number, unit: SpelledUnit, chance: Chance): SpelledUnit {
  const all = UNITS.filter((other) => other.dimension === unit.dimension && other.name !== 'ratio');
  const fitting = all.filter((other) => (value * unit.by) / other.by >= 0.05 && (value * unit.by) / other.by < 60_000);
  return fitting.length === 0 ? unit : chance.pick(fitting);
}

/** True sentences about single values, each with false ones made of it. */
export function valueDrafts(world: World, chance: Chance): Draft[] {
  const spoken = spokenFacts(world);
  return spoken.flatMap((one) => {
    const template = chance.pick(VALUE_TEMPLATES);
    const everywhere = template.fileless === true ? tellingLabels(world, one.fact, true) : null;
    if (template.fileless === true && (everywhere === null || one.labels.model === undefined)) return [];
    if (template.needsN === true && (one.fact.n ?? 0) < 2) return [];
    const other = template.needsOther === true ? companion(one, spoken, chance) : null;
    if (template.needsOther === true && other === null) return [];
    return [draftOf(world, one, everywhere ?? one.labels, template, other, chance)];
  });
}

function companion({ fact, labels, statistic }: Spoken, spoken: readonly Spoken[], chance: Chance): Spoken | null {
  const keys = Object.keys(labels);
  const some = spoken.filter(
    (other) =>
      other.fact.scope === fact.scope &&
      other.fact.metric !== fact.metric &&
      other.statistic === statistic &&
      keys.every((key) => other.fact.labels[key] === labels[key]),
  );
  return some.length === 0 ? null : chance.pick(some);
}

function draftOf(
  world: World,
  one: Spoken,
  labels: Record<string, string>,
  template: (typeof VALUE_TEMPLATES)[number],
  other: Spoken | null,
  chance: Chance,
): Draft {
  const { fact, statistic } = one;
  const unit = shownUnit(fact.value, one.unit, chance);
  const value = (fact.value * one.unit.by) / unit.by;
  const { hedge = null } = template;
  const shown = hedge === null ? exact(value, unit, chance) : hedged(value, hedge);
  const metric = metricWords(world, fact.metric, template.fileless === true ? '' : fact.scope, chance);
  const described: Described = { metrics: metric.metrics, statistic, labels, file: template.fileless === true ? null : fact.scope };
  const [who, file] = [configuration(labels, chance), fileWords(world, fact.scope, chance)];
  const stat = statisticWord(statistic, chance);
  const spelling = chance.pick(unit.words);
  const said = template.bareUnit === true ? (_: SpelledUnit) => '' : (u: SpelledUnit) => (u === unit ? spelling : (u.words[0] ?? ''));
  const beside = other === null ? '' : besides(world, other, chance);
  const render = (change: { number?: string; unit?: SpelledUnit; statistic?: string }) => {
    const u = change.unit ?? unit;
    const word = change.statistic === undefined ? stat : statisticWord(change.statistic, chance);
    return marked(
      template.render({
        metric: metric.words,
        quantity: `${word}${metric.words}`,
        statistic: word.trim() === '' ? 'value' : word.replace(/ of the\s*$/, '').trim(),
        who,
        Who: capital(who),
        file,
        number: target(change.number ?? shown.text),
        unit: u.name,
        value: target(`${change.number ?? shown.text}${said(u)}`),
        n: fact.n ?? 0,
        beside,
      }),
    );
  };
  const here: ValueCase = { world, one: { ...one, labels }, described, unit, shown, hedge, render };
  return { world, template: template.name, right: render({}), faults: valueFaults(here, chance) };
}

function exact(value: number, unit: SpelledUnit, chance: Chance): Shown {
  const any = anySpelling(value, chance);
  // Nobody writes `2.3k ms`.
  const spelling: Spelling = any === 'k' && unit.dimension !== 'rate' && unit.dimension !== 'energy' ? 'grouped' : any;
  return show(value, chance.pick([2, 3, 3, 3, 4, 4, 4, 5, 6]), spelling);
}

function hedged(value: number, hedge: 'about' | 'over'): Shown {
  if (hedge === 'about') return show(value, 2);
  // Just below, in two digits.
  const size = 10 ** (Math.floor(Math.log10(value)) - 1);
  return show(Math.floor(value / size) * size, 2);
}

/** Another true value of the same configuration, to stand beside. */
function besides(world: World, other: Spoken, chance: Chance): string {
  const unit = shownUnit(other.fact.value, other.unit, chance);
  const { text } = show((other.fact.value * other.unit.by) / unit.by, 4);
  return `${statisticWord(other.statistic, chance)}${metricWords(world, other.fact.metric, other.fact.scope, chance).words} of ${text}${unit.words[0]}`;
}
