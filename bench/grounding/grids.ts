import type { Chance } from '../../test/simulator/chance.ts';
import { type Draft, type FaultKind, type Marked, marked, target } from './draft.ts';
import { isSaidSomewhere, withinRounding } from './oracle.ts';
import { digitSwapped, plainValue, type Shown, type SpelledUnit, show } from './shown.ts';
import { type Spoken, shownUnit, spokenFacts } from './values.ts';
import { capital, configuration, fileWords, metricWords, statisticWord } from './words.ts';
import type { World } from './worlds.ts';

/** A cell of a grid: what it says, and its value in the unit of its column. */
type Cell = { one: Spoken; shown: Shown };
type Column = { words: string; metrics: readonly string[]; statistic: string | null; unit: SpelledUnit; cells: readonly Cell[] };
type Grid = { world: World; file: string; path: string; who: readonly string[]; columns: readonly Column[] };

type Form = { name: string; columns: number; render: (grid: Grid, text: (row: number, column: number) => string) => string };

const list = (words: readonly string[]) => (words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`);

const FORMS: readonly Form[] = [
  {
    name: 'table, units in its head',
    columns: 3,
    render: ({ file, who, columns }, text) =>
      [
        `Results from ${file}:`,
        '',
        `| Configuration | ${columns.map(({ words, unit }) => `${capital(words)} (${unit.name})`).join(' | ')} |`,
        `| --- |${columns.map(() => ' ---: |').join('')}`,
        ...who.map((name, row) => `| ${name} | ${columns.map((_, column) => text(row, column)).join(' | ')} |`),
      ].join('\n'),
  },
  {
    name: 'table, units in its cells',
    columns: 2,
    render: ({ file, who, columns }, text) =>
      [
        `## What ${file} says`,
        '',
        `| Model | ${columns.map(({ words }) => capital(words)).join(' | ')} |`,
        `|---|${columns.map(() => '---|').join('')}`,
        ...who.map(
          (name, row) => `| **${name}** | ${columns.map(({ unit }, column) => `${text(row, column)} ${unit.name}`).join(' | ')} |`,
        ),
      ].join('\n'),
  },
  {
    name: 'list of configurations',
    columns: 1,
    render: ({ file, who, columns: [column] }, text) =>
      [
        `${capital(column?.words ?? '')} in ${file}:`,
        '',
        ...who.map((name, row) => `- ${name}: ${text(row, 0)} ${column?.unit.name}`),
      ].join('\n'),
  },
  {
    name: 'respectively',
    columns: 1,
    render: ({ file, who, columns: [column] }, text) =>
      `In ${file}, the ${column?.words} of ${list(who)} is ${list(who.map((_, row) => `${text(row, 0)} ${column?.unit.name}`))}, respectively.`,
  },
  {
    name: 'one after the other',
    columns: 1,
    render: ({ file, who, columns: [column] }, text) =>
      `By ${file}, ${who.map((name, row) => `${name} has ${row === 0 ? `a ${column?.words} of ` : ''}${text(row, 0)} ${column?.unit.name}`).join('; ')}.`,
  },
];

/** True tables and lists over several configurations, with one cell at issue, each with false ones made of it. */
export function gridDrafts(world: World, chance: Chance): Draft[] {
  const spoken = spokenFacts(world);
  const files = new Map<string, Spoken[]>();
  for (const one of spoken) files.set(one.fact.scope, [...(files.get(one.fact.scope) ?? []), one]);
  return [...files].flatMap(([path, some]) =>
    FORMS.flatMap((form) =>
      Array.from({ length: 4 }, () => gridOf(world, path, some, form, chance)).flatMap((grid) =>
        grid === null ? [] : [draftOf(grid, form, chance)],
      ),
    ),
  );
}

const keyOf = (labels: Readonly<Record<string, string>>) => JSON.stringify(Object.entries(labels).sort());

/** Two to four configurations of a file that have all of some metrics; null where it has none. */
function gridOf(world: World, path: string, some: readonly Spoken[], form: Form, chance: Chance): Grid | null {
  const quantities = [...new Map(some.map((one) => [`${one.fact.metric} ${one.statistic}`, one])).values()];
  const picked: Spoken[] = [];
  for (let i = 0; i < form.columns; i++) {
    const left = quantities.filter((one) => !picked.some((other) => other.fact.metric === one.fact.metric));
    if (left.length > 0) picked.push(chance.pick(left));
  }
  if (picked.length < form.columns) return null;
  const cellsOf = ({ fact, statistic }: Spoken) =>
    new Map(some.filter((one) => one.fact.metric === fact.metric && one.statistic === statistic).map((one) => [keyOf(one.labels), one]));
  const all = picked.map(cellsOf);
  const rows = [...(all[0]?.entries() ?? [])].filter(([key]) => all.every((cells) => cells.has(key))).slice(0, 2 + chance.below(3));
  if (rows.length < 2) return null;
  const columns = picked.map((one, column): Column => {
    const unit = shownUnit(one.fact.value, one.unit, chance);
    const metric = metricWords(world, one.fact.metric, path, chance);
    const cells = rows.flatMap(([key]) => {
      const of = all[column]?.get(key);
      return of ? [{ one: of, shown: show((of.fact.value * of.unit.by) / unit.by, 4) }] : [];
    });
    return {
      words: `${statisticWord(one.statistic, chance)}${metric.words}`,
      metrics: metric.metrics,
      statistic: one.statistic,
      unit,
      cells,
    };
  });
  return { world, path, file: fileWords(world, path, chance), who: rows.map(([, one]) => configuration(one.labels, chance)), columns };
}

function draftOf(grid: Grid, form: Form, chance: Chance): Draft {
  const [row, column] = [chance.below(grid.who.length), chance.below(grid.columns.length)];
  const here = grid.columns[column];
  const cell = here?.cells[row];
  if (!here || !cell) throw new RangeError('A grid has all of its cells.');
  const page = (change: ReadonlyMap<string, string> = new Map()): Marked =>
    marked(
      form.render(grid, (r, c) => {
        const text = change.get(`${r} ${c}`) ?? grid.columns[c]?.cells[r]?.shown.text ?? '';
        return r === row && c === column ? target(text) : text;
      }),
    );
  const faults: { kind: FaultKind; wrong: Marked }[] = [];
  const add = (kind: FaultKind, other: Shown, more: readonly (readonly [string, string])[] = []) => {
    const { low, high } = withinRounding(other.value, other.step);
    const described = { metrics: here.metrics, statistic: here.statistic, labels: cell.one.labels, file: grid.path };
    if (isSaidSomewhere(grid.world, described, here.unit.dimension, low * here.unit.by, high * here.unit.by)) return;
    faults.push({ kind, wrong: page(new Map([[`${row} ${column}`, other.text], ...more])) });
  };
  const swapped = digitSwapped(cell.shown, chance);
  if (swapped) add('digit swap', { text: swapped.to, value: plainValue(swapped.to), step: cell.shown.step });
  add('×10', show(cell.shown.value * 10, 4));
  const next = (row + 1) % grid.who.length;
  const below = here.cells[next];
  // The two change places.
  if (below) add("another configuration's value", below.shown, [[`${next} ${column}`, cell.shown.text]]);
  const beside = grid.columns[(column + 1) % grid.columns.length]?.cells[row];
  if (beside && grid.columns.length > 1) add('neighbouring column', beside.shown);
  return { world: grid.world, template: form.name, right: page(), faults };
}
