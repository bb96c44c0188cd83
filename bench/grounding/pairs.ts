import { type Fact, isCanonical, METRICS } from '@chimera/shared/domain';
import type { Chance } from '../../test/simulator/chance.ts';
import { type Draft, type FaultKind, type Marked, marked, target } from './draft.ts';
import { digitSwapped, plainValue, type Shown, show, unitNamed } from './shown.ts';
import { shownUnit } from './values.ts';
import { capital, configuration, fileWords, isSpoken, metricWords } from './words.ts';
import type { World } from './worlds.ts';

type Compared = Fact & { value: number; comparison: NonNullable<Fact['comparison']> };

/** What a comparing sentence is made of; `higher` says whether the first is higher in value, `percent` and `ratio` are marked. */
type Pieces = {
  metric: string;
  A: string;
  B: string;
  of: string;
  to: string;
  file: string;
  word: string;
  better: string;
  verb: string;
  ratio: string;
  percent: string;
  first: string;
  second: string;
};

type Template = {
  name: string;
  shows: 'ratio' | 'percent' | 'words' | 'values';
  render: (pieces: Pieces) => string;
};

const TEMPLATES: readonly Template[] = [
  {
    name: 'A has r times the M of B',
    shows: 'ratio',
    render: ({ A, to, metric, ratio, file }) => `${A} has ${ratio} the ${metric} of ${to} (${file}).`,
  },
  {
    name: 'the M of A is r that of B',
    shows: 'ratio',
    render: ({ of, to, metric, ratio, file }) => `In ${file}, the median ${metric} of ${of} is ${ratio} that of ${to}.`,
  },
  {
    name: 'M is p % higher with A than with B',
    shows: 'percent',
    render: ({ of, to, metric, word, percent, file }) =>
      `In ${file}, the median ${metric} is ${percent} ${word} with ${of} than with ${to}.`,
  },
  {
    name: 'A has a p % higher M than B',
    shows: 'percent',
    render: ({ A, to, metric, word, percent, file }) => `${A} has a ${percent} ${word} ${metric} than ${to}, as ${file} shows.`,
  },
  {
    name: 'A is better than B in M',
    shows: 'words',
    render: ({ A, to, metric, better, file }) => `${A} is ${better} than ${to} in ${metric} (${file}).`,
  },
  {
    name: 'A has a higher M than B',
    shows: 'words',
    render: ({ A, to, metric, word, file }) => `In ${file}, ${A} has a ${word} ${metric} than ${to}.`,
  },
  { name: 'A beats B', shows: 'words', render: ({ A, to, metric, verb, file }) => `${A} ${verb} ${to} in ${metric}, by ${file}.` },
  {
    name: 'compared with B',
    shows: 'words',
    render: ({ of, B, metric, word, file }) => `Compared with ${B}, the ${metric} of ${of} is ${word} in ${file}.`,
  },
  {
    name: 'V with A against V with B',
    shows: 'values',
    render: ({ of, to, metric, first, second, file }) =>
      `In ${file}, the median ${metric} is ${first} with ${of}, against ${second} with ${to}.`,
  },
  {
    name: 'from V with B to V with A',
    shows: 'values',
    render: ({ of, to, metric, first, second, file }) =>
      `${capital(metric)} (median) was ${second} for ${to} and ${first} for ${of} in ${file}.`,
  },
  {
    name: 'A is word: V vs. V',
    shows: 'values',
    render: ({ A, to, metric, word, first, second, file }) =>
      `${A} has a ${word} median ${metric} than ${to}: ${first} vs. ${second} (${file}).`,
  },
];

/** True sentences that set two configurations against each other, each with false ones made of it. */
export function pairDrafts(world: World, chance: Chance): Draft[] {
  const paths = new Set(world.artifacts.map(({ path }) => path));
  return world.facts.flatMap((fact) => {
    const { comparison, value } = fact;
    if (
      fact.kind !== 'comparison' ||
      comparison === undefined ||
      typeof value !== 'number' ||
      !isSpoken(fact.metric) ||
      !paths.has(fact.scope)
    )
      return [];
    if (comparison.verdict !== 'better' && comparison.verdict !== 'worse') return [];
    const shared = sharedLabels(fact, world);
    if (shared === null) return [];
    const compared = { ...fact, value, comparison };
    return [0, 1, 2, 3, 4, 5].map(() => draftOf(world, compared, shared, chance.pick(TEMPLATES), chance));
  });
}

/** The labels that tell this comparison from others of the same two in the same file; null where they are too many to speak of. */
function sharedLabels(fact: Fact, world: World): Record<string, string> | null {
  const others = world.facts.filter(
    (other) => other.comparison?.label === fact.comparison?.label && other.metric === fact.metric && other.scope === fact.scope,
  );
  const telling = Object.entries(fact.labels).filter(
    ([key, value]) => value.length <= 40 && (key === 'model' || others.some((other) => other.labels[key] !== value)),
  );
  return telling.length > 4 ? null : Object.fromEntries(telling);
}

function draftOf(world: World, fact: Compared, shared: Record<string, string>, template: Template, chance: Chance): Draft {
  const { comparison } = fact;
  const named = (value: string) => configuration({ ...shared, [comparison.label]: value }, chance);
  const higher = comparison.medians[0] > comparison.medians[1];
  const [of, to] = [named(comparison.of), named(comparison.to)];
  const file = fileWords(world, fact.scope, chance);
  const metric = metricWords(world, fact.metric, fact.scope, chance).words;
  const own = unitNamed(isCanonical(fact.metric) ? METRICS[fact.metric].unit : null);
  const unit = own ? shownUnit(comparison.medians[0], own, chance) : null;
  const median = (i: 0 | 1) => show((comparison.medians[i] * (own?.by ?? 1)) / (unit?.by ?? 1), 4);
  const ratio = show(fact.value, 3);
  const percent = show(Math.abs(fact.value - 1) * 100, chance.pick([2, 3, 3]));
  const times = chance.pick(['x', ' times', '×']);
  const sign = chance.pick([' %', '%', ' percent']);
  type Change = { ratio?: string; percent?: string; sign?: string; reversed?: boolean; first?: string; second?: string; swapped?: boolean };
  const word = (reversed: boolean) => (higher !== reversed ? 'higher' : 'lower');
  const isTime = own?.dimension === 'time';
  const better = (reversed: boolean) =>
    (comparison.verdict === 'better') !== reversed
      ? isTime || own?.dimension === 'rate'
        ? 'faster'
        : 'better'
      : isTime || own?.dimension === 'rate'
        ? 'slower'
        : 'worse';
  const verb = (reversed: boolean) => ((comparison.verdict === 'better') !== reversed ? 'outperforms' : 'underperforms');
  const values: [string, string] = [`${median(0).text}${unit?.words[0] ?? ''}`, `${median(1).text}${unit?.words[0] ?? ''}`];
  const render = ({ reversed = false, swapped = false, ...change }: Change): Marked =>
    marked(
      template.render({
        metric,
        A: capital(of),
        B: to,
        of,
        to,
        file,
        word: target(word(reversed)),
        better: target(better(reversed)),
        verb: target(verb(reversed)),
        ratio: target(`${change.ratio ?? ratio.text}${times}`),
        percent: target(`${change.percent ?? percent.text}${change.sign ?? sign}`),
        first: target(swapped ? values[1] : values[0]),
        second: target(swapped ? values[0] : values[1]),
      }),
    );
  return {
    world,
    template: template.name,
    right: render({}),
    faults: faultsOf(fact, template, { ratio, percent, values }, render, chance),
  };
}

type Numbers = { ratio: Shown; percent: Shown; values: [string, string] };

function faultsOf(
  fact: Compared,
  { shows, name }: Template,
  { ratio, percent, values }: Numbers,
  render: (change: { ratio?: string; percent?: string; sign?: string; reversed?: boolean; swapped?: boolean }) => Marked,
  chance: Chance,
): Draft['faults'] {
  const found: { kind: FaultKind; wrong: Marked }[] = [];
  const near = (shown: number, truth: number, step: number) => Math.abs(shown - truth) <= step * 0.5001;
  if (shows === 'words' || shows === 'percent' || name.startsWith('A is word'))
    found.push({ kind: 'reversed comparison', wrong: render({ reversed: true }) });
  if (shows === 'values' && values[0] !== values[1])
    found.push({ kind: "another configuration's value", wrong: render({ swapped: true }) });
  if (shows === 'ratio') {
    const inverse = show(1 / fact.value, 3);
    if (!near(inverse.value, fact.value, inverse.step)) found.push({ kind: 'inverted ratio', wrong: render({ ratio: inverse.text }) });
  }
  if (shows === 'ratio' || shows === 'percent') {
    const [shown, truth, key] =
      shows === 'ratio' ? ([ratio, fact.value, 'ratio'] as const) : ([percent, Math.abs(fact.value - 1) * 100, 'percent'] as const);
    const swapped = digitSwapped(shown, chance);
    if (swapped && !near(plainValue(swapped.to), truth, shown.step))
      found.push({ kind: 'digit swap', wrong: render({ [key]: swapped.to }) });
    found.push({ kind: '×10', wrong: render({ [key]: show(shown.value * 10, 3).text }) });
    const off = shown.value + chance.pick([-2, -1, 1, 2]) * shown.step;
    if (off > 0 && !near(off, truth, shown.step))
      found.push({ kind: 'wrong rounding', wrong: render({ [key]: off.toFixed(shown.text.split('.')[1]?.length ?? 0) }) });
    if (key === 'percent') found.push({ kind: 'unit: % ↔ points', wrong: render({ sign: ' percentage points' }) });
  }
  return found;
}
