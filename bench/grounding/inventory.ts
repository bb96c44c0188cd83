import type { Artifact, ArtifactKind } from '@chimera/shared/domain';
import type { Chance } from '../../test/simulator/chance.ts';
import { type Draft, type FaultKind, type Marked, marked, target } from './draft.ts';
import { digitSwapped, plainValue, type SpelledUnit, show, UNITS } from './shown.ts';
import type { World } from './worlds.ts';

const KIND_WORDS: Readonly<Partial<Record<ArtifactKind, readonly string[]>>> = {
  csv: ['CSV'],
  json: ['JSON'],
  jsonl: ['JSON Lines', 'JSONL'],
  markdown: ['Markdown'],
  text: ['text'],
};

const ONES =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty'.split(
    ' ',
  );

type Fault = { kind: FaultKind; wrong: Marked };

function countWord(n: number): string {
  return ONES[n] ?? String(n);
}

function files(n: number): string {
  return n === 1 ? 'file' : 'files';
}

function are(n: number): string {
  return n === 1 ? 'is' : 'are';
}

/** True sentences about which files there are, how large and how old, each with false ones made of it. */
export function inventoryDrafts(world: World, chance: Chance): Draft[] {
  return [...countDrafts(world, chance), ...shareDrafts(world, chance), ...recordDrafts(world, chance), ...sizeDrafts(world, chance)];
}

type CountTemplate = { name: string; render: (n: string, count: number, what: string, total: string) => string; whole?: true };

const COUNTS: readonly CountTemplate[] = [
  { name: 'there are N', render: (n, count, what) => `There ${are(count)} ${n} ${what} ${files(count)}.` },
  { name: 'the dataset comprises N', render: (n, count, what) => `The dataset comprises ${n} ${what} ${files(count)}.` },
  { name: 'bullet of a kind', render: (n, _, what) => `The files by type:\n\n- **${what}:** ${n} files` },
  { name: 'row of a kind', render: (n, _, what) => `| File type | Count |\n| --- | --- |\n| ${what} | ${n} |` },
  {
    name: 'N of M are',
    whole: true,
    render: (n, count, what, total) => `${n} of the ${total} artifacts ${are(count)} ${what} ${files(count)}.`,
  },
  { name: 'out of M', whole: true, render: (n, _, what, total) => `Out of ${total} files, ${n} are ${what} files.` },
];

function countDrafts(world: World, chance: Chance): Draft[] {
  const total = world.artifacts.length;
  const drafts: Draft[] = [];
  for (const [kind, words] of Object.entries(KIND_WORDS)) {
    const count = world.artifacts.filter((artifact) => artifact.kind === kind).length;
    if (count === 0) continue;
    for (const template of COUNTS) {
      const what = chance.pick(words);
      drafts.push(counted(world, template, count, total, what, chance));
    }
  }
  for (const folder of foldersOf(world.artifacts)) {
    const count = world.artifacts.filter(({ path }) => path.startsWith(`${folder}/`)).length;
    const templates: CountTemplate[] = [
      { name: 'folder holds N', render: (n, one) => `\`${folder}/\` holds ${n} ${files(one)}.` },
      { name: 'N in a folder', render: (n, one) => `There ${are(one)} ${n} artifact${one === 1 ? '' : 's'} in \`${folder}/\`.` },
    ];
    for (const template of templates) drafts.push(counted(world, template, count, total, '', chance));
  }
  return drafts;
}

function foldersOf(artifacts: readonly Artifact[]): string[] {
  return [...new Set(artifacts.flatMap(({ path }) => (path.includes('/') ? [path.slice(0, path.indexOf('/'))] : [])))];
}

function counted(world: World, template: CountTemplate, count: number, total: number, what: string, chance: Chance): Draft {
  const inWords = count <= 20 && count > 1 && chance.of(0.3);
  const written = (n: number) => (inWords && n > 1 ? countWord(n) : String(n));
  const render = (n: number, m = total) => {
    const page = template.render(target(written(n)), count, what, template.whole === true ? target(String(m)) : String(m));
    return marked(page.replace(/^(\ue000?)([a-z])/, (_, mark: string, letter: string) => `${mark}${letter.toUpperCase()}`));
  };
  const faults: Fault[] = [];
  const add = (kind: FaultKind, n: number, m = total) => {
    if ((n !== count || m !== total) && n >= 0) faults.push({ kind, wrong: render(n, m) });
  };
  add(template.whole === true ? 'wrong N of M' : 'off-by-one count', count + chance.pick(count > 1 ? [-1, 1] : [1]));
  if (template.whole === true) add('wrong N of M', count, total + chance.pick([-1, 1, 3, 10]));
  add('×10', count * 10);
  const swapped = digitSwapped({ text: String(count), value: count, step: 1 }, chance);
  if (swapped) add('digit swap', plainValue(swapped.to));
  const others = [
    ...new Set(Object.keys(KIND_WORDS).map((kind) => world.artifacts.filter((artifact) => artifact.kind === kind).length)),
  ].filter((n) => n !== count && n > 0);
  if (what !== '' && others.length > 0) add('neighbouring column', chance.pick(others));
  return { world, template: template.name, right: render(count), faults };
}

function shareDrafts(world: World, chance: Chance): Draft[] {
  const total = world.artifacts.length;
  return Object.entries(KIND_WORDS).flatMap(([kind, words]) => {
    const count = world.artifacts.filter((artifact) => artifact.kind === kind).length;
    if (count === 0) return [];
    const share = (100 * count) / total;
    const shown = show(share, chance.pick([2, 3, 4]));
    const what = chance.pick(words);
    const form = chance.below(3);
    const render = (text: string) =>
      marked(
        form === 0
          ? `${what} files make up ${target(`${text} %`)} of the artifacts.`
          : form === 1
            ? `${count} of the artifacts (${target(`${text}%`)}) are ${what} files.`
            : `About the formats: ${target(`${text}%`)} of all files are ${what} files.`,
      );
    const faults: Fault[] = [];
    const isTrue = (value: number, step: number) => Math.abs(value - share) <= step * 0.5001;
    const swapped = digitSwapped(shown, chance);
    if (swapped && !isTrue(plainValue(swapped.to), shown.step)) faults.push({ kind: 'digit swap', wrong: render(swapped.to) });
    const off = shown.value + chance.pick([-2, 2]) * shown.step;
    if (off > 0 && !isTrue(off, shown.step))
      faults.push({ kind: 'wrong rounding', wrong: render(off.toFixed(shown.text.split('.')[1]?.length ?? 0)) });
    faults.push({ kind: '×10', wrong: render(show(shown.value * 10, 3).text) });
    return [{ world, template: `share, form ${form + 1}`, right: render(shown.text), faults }];
  });
}

function recordDrafts(world: World, chance: Chance): Draft[] {
  return world.artifacts.flatMap(({ path, records, failed }) => {
    if (records < 2 || failed.length === 0) return [];
    const file = `\`${path}\``;
    const templates: { name: string; part: number; render: (n: string, m: string) => string }[] = [
      { name: 'N of M records failed', part: failed.length, render: (n, m) => `${n} of ${m} records in ${file} failed.` },
      {
        name: 'N out of M records succeeded',
        part: records - failed.length,
        render: (n, m) => `In ${file}, ${n} out of ${m} records succeeded.`,
      },
      { name: 'F: N of M records failed', part: failed.length, render: (n, m) => `- ${file}: ${n} of ${m} records failed` },
    ];
    return templates.map(({ name, part, render }) => {
      const page = (n: number, m: number) => marked(render(target(String(n)), target(String(m))));
      const faults: Fault[] = [
        { kind: 'wrong N of M', wrong: page(part + 1, records) },
        { kind: 'wrong N of M', wrong: page(part, records + chance.pick([-1, 1, 2, 10])) },
        { kind: 'wrong N of M', wrong: page(records - part, records) },
        { kind: '×10', wrong: page(part, records * 10) },
      ];
      return {
        world,
        template: name,
        right: page(part, records),
        faults: records - part === part ? faults.filter((_, i) => i !== 2) : faults,
      };
    });
  });
}

const SIZE_UNITS = UNITS.filter(({ dimension }) => dimension === 'bytes');

/** The bytes of the artifacts: of one, of a kind, of all, of the largest. */
function sizeDrafts(world: World, chance: Chance): Draft[] {
  const sum = (some: readonly Artifact[]) => some.reduce((bytes, artifact) => bytes + artifact.bytes, 0);
  const cases: { name: string; bytes: number; render: (value: string) => string }[] = [
    { name: 'size of all', bytes: sum(world.artifacts), render: (v) => `The total size of the dataset is ${v}.` },
    { name: 'size of all, bullet', bytes: sum(world.artifacts), render: (v) => `- **Total size of all artifacts:** ${v}` },
    {
      name: 'size of the largest',
      bytes: Math.max(...world.artifacts.map(({ bytes }) => bytes)),
      render: (v) => `The largest artifact has a size of ${v}.`,
    },
  ];
  for (const [kind, words] of Object.entries(KIND_WORDS)) {
    const some = world.artifacts.filter((artifact) => artifact.kind === kind);
    if (some.length > 0)
      cases.push({ name: 'size of a kind', bytes: sum(some), render: (v) => `The ${words[0]} files together have ${v}.` });
  }
  for (const { path, bytes } of world.artifacts)
    if (bytes > 0)
      cases.push({
        name: 'size of a file',
        bytes,
        render: (v) => (bytes % 2 === 0 ? `\`${path}\` has a size of ${v}.` : `The file \`${path}\` is ${v} in size.`),
      });
  const all = cases.map(({ bytes }) => bytes);
  return cases.flatMap((one) => sized(world, one, all, chance));
}

function sized(
  world: World,
  { name, bytes, render }: { name: string; bytes: number; render: (value: string) => string },
  all: readonly number[],
  chance: Chance,
): Draft[] {
  const unit = chance.pick(SIZE_UNITS.filter(({ by }) => bytes / by >= 0.5 && bytes / by < 100_000));
  const shown = unit.by === 1 ? show(bytes, String(bytes).length, 'grouped') : show(bytes / unit.by, chance.pick([3, 4]));
  const page = (text: string, of: SpelledUnit = unit) => marked(render(target(`${text} ${of.name}`)));
  const isTrue = (value: number, step: number, of: SpelledUnit) => Math.abs(value * of.by - bytes) <= step * of.by * 0.5001;
  const faults: Fault[] = [];
  const add = (kind: FaultKind, text: string, step = shown.step, of = unit) => {
    if (!isTrue(plainValue(text), step, of)) faults.push({ kind, wrong: page(text, of) });
  };
  const swapped = digitSwapped(shown, chance);
  if (swapped) add('digit swap', swapped.to);
  add('×1000', show(shown.value * 1_000, 4, 'grouped').text, shown.step * 1_000);
  const off = shown.value + chance.pick([-2, -1, 1, 2]) * shown.step;
  if (off > 0) add(unit.by === 1 ? 'off-by-one count' : 'wrong rounding', off.toFixed(shown.text.split('.')[1]?.length ?? 0));
  const twin = SIZE_UNITS.find((other) => other !== unit && other.by !== 1 && Math.abs(Math.log(other.by / unit.by)) < 0.1);
  if (twin) add('unit: decimal ↔ binary', shown.text, shown.step, twin);
  const other = chance.pick(all);
  if (other / unit.by >= 0.5) add('neighbouring column', show(other / unit.by, unit.by === 1 ? String(other).length : 4).text, 0);
  return [{ world, template: name, right: page(shown.text), faults }];
}
