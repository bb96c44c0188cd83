import type { Chance } from '../../test/simulator/chance.ts';
import { type Draft, type FaultKind, type Marked, marked, target } from './draft.ts';
import type { World } from './worlds.ts';

const MONTHS = 'January February March April May June July August September October November December'.split(' ');
const pad = (n: number) => String(n).padStart(2, '0');

type Grain = 'second' | 'day' | 'month';
type DateForm = { grain: Grain; render: (at: Date) => string };

const ordinal = (n: number) =>
  `${n}${n % 10 === 1 && n !== 11 ? 'st' : n % 10 === 2 && n !== 12 ? 'nd' : n % 10 === 3 && n !== 13 ? 'rd' : 'th'}`;
const monthOf = (at: Date) => MONTHS[at.getUTCMonth()] ?? '';

const FORMS: readonly DateForm[] = [
  { grain: 'second', render: (at) => `${at.toISOString().slice(0, 10)} ${at.toISOString().slice(11, 19)} UTC` },
  { grain: 'second', render: (at) => `${at.toISOString().slice(0, 19)}Z` },
  { grain: 'day', render: (at) => at.toISOString().slice(0, 10) },
  { grain: 'day', render: (at) => `${monthOf(at)} ${at.getUTCDate()}, ${at.getUTCFullYear()}` },
  { grain: 'day', render: (at) => `${at.getUTCDate()} ${monthOf(at)} ${at.getUTCFullYear()}` },
  { grain: 'day', render: (at) => `${monthOf(at).slice(0, 3)} ${ordinal(at.getUTCDate())}, ${at.getUTCFullYear()}` },
  { grain: 'day', render: (at) => `${pad(at.getUTCDate())}.${pad(at.getUTCMonth() + 1)}.${at.getUTCFullYear()}` },
  { grain: 'month', render: (at) => `${monthOf(at)} ${at.getUTCFullYear()}` },
];

/** True sentences about when files were last modified, each with false ones made of it. */
export function dateDrafts(world: World, chance: Chance): Draft[] {
  const times = new Map(world.modified.map(({ path, modified }) => [path, Date.parse(modified)]));
  const latest = (paths: readonly string[]) => Math.max(...paths.map((path) => times.get(path) ?? Number.NaN));
  const all = world.artifacts.map(({ path }) => path);
  const subjects: { name: string; at: number; render: (date: string) => string }[] = [
    { name: 'latest of all', at: latest(all), render: (d) => `The latest modification of any artifact is ${d}.` },
    { name: 'most recent', at: latest(all), render: (d) => `The most recent file was modified on ${d}.` },
    { name: 'last modified, bullet', at: latest(all), render: (d) => `- **Latest modification:** ${d}` },
  ];
  for (const [kind, words] of [
    ['csv', 'CSV'],
    ['json', 'JSON'],
    ['markdown', 'Markdown'],
  ] as const) {
    const paths = world.artifacts.filter((artifact) => artifact.kind === kind).map(({ path }) => path);
    if (paths.length === 0) continue;
    subjects.push({ name: 'latest of a kind', at: latest(paths), render: (d) => `The latest modification of a ${words} file is ${d}.` });
    subjects.push({ name: 'most recent of a kind', at: latest(paths), render: (d) => `The most recent ${words} file dates from ${d}.` });
  }
  for (const path of all)
    subjects.push({ name: 'date of a file', at: times.get(path) ?? Number.NaN, render: (d) => `\`${path}\` was last modified on ${d}.` });
  const moments = [...times.values()];
  return subjects.filter(({ at }) => !Number.isNaN(at)).flatMap((subject) => [0, 1].map(() => dated(world, subject, moments, chance)));
}

function dated(
  world: World,
  { name, at, render }: { name: string; at: number; render: (date: string) => string },
  moments: readonly number[],
  chance: Chance,
): Draft {
  const form = chance.pick(FORMS);
  const moment = new Date(at);
  const right = form.render(moment);
  const faults: { kind: FaultKind; wrong: Marked }[] = [];
  const add = (kind: FaultKind, other: Date) => {
    if (form.render(other) !== right) faults.push({ kind, wrong: marked(render(target(form.render(other)))) });
  };
  const changed = (change: (date: Date) => void) => {
    const other = new Date(moment);
    change(other);
    return other;
  };
  if (form.grain !== 'month')
    add(
      'date: day',
      changed((d) => d.setUTCDate(d.getUTCDate() + chance.pick([-9, -2, -1, 1, 2, 10]))),
    );
  add(
    'date: month',
    changed((d) => d.setUTCMonth(d.getUTCMonth() + chance.pick([-2, -1, 1, 2]), Math.min(28, d.getUTCDate()))),
  );
  add(
    'date: year',
    changed((d) => d.setUTCFullYear(d.getUTCFullYear() + chance.pick([-2, -1, 1]), d.getUTCMonth(), Math.min(28, d.getUTCDate()))),
  );
  add('date: of another kind or file', new Date(chance.pick(moments)));
  return { world, template: `date: ${name}`, right: marked(render(target(right))), faults };
}
