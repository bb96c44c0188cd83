import {
  type Choice,
  changed,
  choices,
  chosenLabels,
  coldStarts,
  fewestSuccesses,
  isByLoad,
  isInOneFile,
  type Subject,
  spreads,
  workLabels,
} from '@chimera/evidence';
import { type Artifact, type Fact, type Inline, METRICS, type Report } from '@chimera/shared/domain';
import type { Citations } from './citations.ts';
import { code, strong, text } from './inline.ts';

type Row = Report['summary'][number];

/** Studies, changes and cold starts that the first screen names; the others stand below. */
const MOST_CHOICES = 3;
const MOST_CHANGES = 3;
const MOST_COLD = 2;
const MOST_UNTOLD = 2;

/** What a reader sees first: what to choose, what changed, what to beware of, what cannot be told, and why to believe it. */
export function firstScreen(
  facts: Subject,
  artifacts: readonly Artifact[],
  narrator: Inline[],
  withheld: number,
  citations: Citations,
): Row[] {
  return [
    { label: 'Choose', line: choose(facts, citations) },
    { label: 'Changed', line: change(facts, citations) },
    { label: 'Watch', line: watch(facts, citations) },
    { label: 'Cannot be told', line: untold(facts, artifacts, citations) },
    {
      label: 'Trust',
      line: [
        ...measured(facts, citations),
        text('. Narrator: '),
        ...narrator,
        text(
          withheld === 0
            ? '. Every number printed has its source.'
            : '. Every number printed has its source; sentences of the model that did not keep to the facts were withheld and are counted below.',
        ),
      ],
    },
  ];
}

/**
 * The studies that the screen names first. Of settings that ran too few times the highest is named only where there is nothing better
 * to say; they stand under what cannot be told.
 */
function toldChoices(facts: Subject): Choice[] {
  const all = choices(facts);
  const told = all.filter(({ needed }) => needed === null);
  return (told.length > 0 ? told : all).slice(0, MOST_CHOICES);
}

/** The configurations to choose, each with its evidence; where no difference is shown, that comes first. */
function choose(facts: Subject, citations: Citations): Inline[] {
  const all = choices(facts);
  if (all.length === 0) return [text('Nothing to choose between: no two configurations did the same work and were measured alike.')];
  const line = toldChoices(facts).flatMap((choice, i) => [...(i === 0 ? [] : [text(' ')]), ...oneChoice(choice, facts, citations)]);
  if (all.length > MOST_CHOICES) line.push(text(' Further ones stand under Configurations.'));
  return line;
}

function oneChoice(choice: Choice, facts: Subject, { cite }: Citations): Inline[] {
  const { best, range } = choice;
  const work = workLabels(range?.labels ?? {});
  const line: Inline[] = [];
  if (work.length > 0) line.push(text('for '), ...names(work), text(': '));
  const own = chosenLabels(choice, facts);
  line.push(
    ...(own.length > 0
      ? own.flatMap(([name, value], i) => [text(i === 0 ? '' : ', '), strong(name), text(' '), code(value)])
      : [code(best.scope)]),
  );
  line.push(text(', '), cite(best, 'full'), text(` ${titleOf(best.metric)}`));
  if (own.length > 0) line.push(text(' in '), code(best.scope));
  line.push(...standing(choice, { cite }));
  if (isByLoad(choice, facts)) line.push(text('; only the load sets them apart, so weigh it against the wait'));
  for (const [i, cost] of choice.costs.entries())
    line.push(text(i === 0 ? '; it costs ' : ' and '), cite(cost), text(` the best ${titleOf(cost.metric)}`));
  return [...line, text('.')];
}

/** Comparisons that a choice names. */
const MOST_COMPARED = 3;

/** How the choice stands against the others: what is shown, and where nothing is, why. */
function standing({ comparisons, needed, range }: Choice, { cite }: Pick<Citations, 'cite'>): Inline[] {
  const shown = comparisons.filter(({ comparison }) => comparison?.verdict === 'better');
  const others = comparisons.filter(({ comparison }) => comparison?.verdict !== 'better');
  if (shown.length > 0) {
    const named = shown.slice(0, MOST_COMPARED);
    const line: Inline[] = [text('; better than ')];
    line.push(
      ...named.flatMap((f, i) => [
        text(i === 0 ? '' : i < named.length - 1 ? ', ' : ' and '),
        ...other(f),
        text(' ('),
        ...ratio(f, { cite }),
        text(')'),
      ]),
    );
    if (shown.length > named.length) line.push(text(' and others'));
    if (others[0]) line.push(text(', no difference shown from '), ...other(others[0]));
    if (named.some(differInLength))
      line.push(text('; '), strong('their outputs differ in length'), text(', which alone may be the reason'));
    return line;
  }
  const apart: Inline[] = range ? [text(': '), cite(range, 'n'), text(' configurations differ by up to '), cite(range)] : [];
  if (needed === null) return [text('; no difference from the next is shown'), ...apart];
  const all = needed.n === range?.n;
  return [
    text(`; the highest measured, and with so few runs${all ? '' : ' of some'} no difference is shown`),
    ...apart,
    ...(range ? [text(', '), cite(needed), text(` more of ${all ? 'each' : 'those that ran least'} needed`)] : []),
  ];
}

/** A ratio as it is; where the other side's median is zero there is none. */
function ratio(fact: Fact, { cite }: Pick<Citations, 'cite'>): Inline[] {
  return fact.unit === 'times' ? [cite(fact)] : [text('whose median is zero; here '), cite(fact)];
}

function differInLength({ comparison }: Fact): boolean {
  return comparison?.caveats.some((caveat) => caveat.includes('differ in length')) ?? false;
}

/** The other side of a comparison: its value of the label studied. */
function other({ comparison }: Fact): Inline[] {
  if (comparison === undefined) return [];
  return comparison.label === 'file' ? [code(comparison.to)] : [text(`${comparison.label} `), code(comparison.to)];
}

function names(labels: readonly (readonly [string, string])[]): Inline[] {
  return labels.flatMap(([name, value], i) => [text(`${i === 0 ? '' : ', '}${name} `), code(value)]);
}

/** How a metric is called; one that is none of the registry by its own name. */
function titleOf(metric: string): string {
  return Object.hasOwn(METRICS, metric) ? METRICS[metric as keyof typeof METRICS].title : metric;
}

/** Against the baseline or the previous inventory: what got worse comes first. */
function change(facts: Subject, { cite }: Citations): Inline[] {
  const counts = facts.ofKind('change');
  if (counts.length === 0) return [text('Nothing to compare with: no baseline was given, and no earlier inventory is known.')];
  const total = (metric: string) => facts.find(metric);
  const line: Inline[] = [];
  const tell = (metric: string, words: string) => {
    const fact = total(metric);
    if (fact && fact.value !== 0) line.push(text(line.length === 0 ? '' : ', '), cite(fact), text(` ${words}`));
  };
  tell('changes_worse', 'worse');
  tell('changes_better', 'better');
  tell('changes_none_shown', 'without a difference shown');
  tell('changes_untold', 'with too few runs to tell');
  const needed = total('changes_runs_needed');
  if (needed) line.push(text(' ('), cite(needed), text(' more a side needed)'));
  tell('configurations_added', 'new');
  tell('configurations_gone', 'gone');
  tell('metrics_lost', 'no longer measured, or stated in another way, where the rest is');
  const same = total('measurements_unchanged');
  if (line.length === 0 && same && same.value !== 0)
    return [text('Nothing was measured anew: '), cite(same), text(' files or series of files hold the same measurements as before.')];
  if (line.length === 0) return [text('Nothing that both sides have could be compared.')];
  line.push(text('.'));
  const compared = counts.filter(({ comparison }) => comparison !== undefined);
  for (const [verdict, word] of [
    ['worse', 'Worse'],
    ['better', 'Better'],
  ] as const) {
    for (const fact of changed(facts, verdict).slice(0, MOST_CHANGES)) {
      const labels = tellingLabels(fact, compared);
      line.push(
        text(' '),
        strong(word),
        text(`: ${titleOf(fact.metric)} of `),
        ...(labels.length > 0 ? names(labels) : [code(fact.scope)]),
      );
      const [is, behind] = fact.unit === 'times' ? [' is ', ' what it was'] : [' was zero and is ', ''];
      line.push(text(is), cite(fact), text(behind));
      const [caveat] = fact.comparison?.caveats ?? [];
      line.push(...(caveat === undefined ? [] : [text(' ('), code(caveat), text(')')]), text('.'));
    }
  }
  return line;
}

/** The labels that say of which work a change is, and those that set it apart from the other changes; where these are none, the file does. */
function tellingLabels({ labels }: Fact, all: readonly Fact[]): [string, string][] {
  const work = workLabels(labels);
  const told = new Set(work.map(([name]) => name));
  const apart = Object.entries(labels).filter(([name, value]) => !told.has(name) && all.some((other) => other.labels[name] !== value));
  // The lengths of a test stand in its name.
  return [...work, ...apart.filter(([name]) => labels.test === undefined || !/_length$|^depth$/.test(name))];
}

/** What makes numbers mean less than they seem to: cold starts, failed records, files with few successes, constants. */
function watch(facts: Subject, { cite }: Citations): Inline[] {
  const line: Inline[] = [];
  const cold = coldStarts(facts).slice(0, MOST_COLD);
  for (const { cold: first, warm } of cold) {
    line.push(strong('Cold start'), text(': '), cite(first), text(' to the first token, then '), cite(warm), text(' ('), code(first.scope));
    const { start: _, ...labels } = first.labels;
    if (Object.keys(labels).length > 0) line.push(text(', '), ...names(Object.entries(labels)));
    line.push(text('). '));
  }
  const spread = cold.length === 0 ? spreads(facts)[0] : undefined;
  if (spread)
    line.push(
      strong('Spread'),
      text(': '),
      code(spread.metric),
      text(' in '),
      ...where(spread),
      text(' reaches '),
      cite(spread),
      text(' its median. '),
    );
  line.push(...inDoubt(facts, { cite }));
  return line.length > 0 ? line : [text('Nothing was found that speaks against the numbers.')];
}

function measured(facts: Subject, { cite }: Citations): Inline[] {
  const line: Inline[] = [];
  const add = (fact: Fact | null, before: string, after: string) => {
    if (fact) line.push(text(before), cite(fact), text(after));
  };
  const total = facts.find('artifact_count');
  add(total, '', total?.value === 1 ? ' artifact' : ' artifacts');
  for (const [kind, title] of [
    ['csv', 'CSV'],
    ['json', 'JSON'],
    ['jsonl', 'JSON lines'],
    ['markdown', 'Markdown'],
    ['text', 'text'],
  ] as const) {
    const fact = facts.find('artifact_count', { kind });
    if (fact && fact.value !== 0) add(fact, ', ', ` ${title}`);
  }
  add(facts.find('artifact_size', {}, 'sum'), '; ', '');
  add(facts.find('artifact_count', { status: 'read' }), '; ', ' read');
  add(facts.find('artifact_count', { status: 'refused' }), ', ', ' refused');
  add(facts.find('series_count'), '; ', ' series of numbers');
  return line;
}

/** The artifact that a fact is of, with the labels that set it apart there. */
function where(fact: Fact): Inline[] {
  const labels = Object.entries(fact.labels).flatMap(([key, value]) => [text(`, ${key} `), code(value)]);
  return [code(fact.scope), ...labels];
}

function inDoubt(facts: Subject, { cite }: Pick<Citations, 'cite'>): Inline[] {
  const line: Inline[] = [];
  const failed = facts.find('failed_records');
  const failing = facts.find('artifacts_with_failed_records');
  if (failed && failing)
    line.push(
      text('failed records: '),
      cite(failed),
      text(', in '),
      cite(failing),
      text(failing.value === 1 ? ' artifact' : ' artifacts'),
      text(', counted nowhere as results. '),
    );
  const few = fewestSuccesses(facts);
  if (few)
    line.push(
      text('Only '),
      cite(few.succeeded),
      text(' of '),
      cite(few.records),
      text(' records in '),
      code(few.succeeded.scope),
      text(' succeeded. '),
    );
  const spelling = facts.ofKind('doubt').find((f) => f.metric === 'label_spelling');
  if (spelling)
    line.push(
      text(`${spelling.labels.label ?? ''} `),
      code(spelling.labels.value ?? ''),
      text(' is spelt in '),
      cite(spelling),
      text(' ways, which are kept apart. '),
    );
  const negative = facts.ofKind('doubt').find((f) => f.statistic.startsWith('negative'));
  if (negative)
    line.push(
      code(negative.metric),
      text(' in '),
      code(negative.scope),
      text(' falls to '),
      cite(negative),
      text(': negative values count nowhere. '),
    );
  const constant = facts.ofKind('doubt').find((f) => f.statistic === 'constant');
  if (constant)
    line.push(
      code(constant.metric),
      text(' in '),
      code(constant.scope),
      text(' is exactly '),
      cite(constant),
      text(' in all '),
      cite(constant, 'n'),
      text(' values: it cannot be told what it is. '),
    );
  return line;
}

/** What the files do not say: too few runs, no quality, no unit, missing folders, refused files. */
function untold(facts: Subject, artifacts: readonly Artifact[], { cite }: Citations): Inline[] {
  // What stands under the choices already is not said twice.
  const named = new Set(toldChoices(facts).map(({ best }) => best.id));
  const parts: Inline[][] = choices(facts)
    .filter(({ best, range, needed }) => range !== null && needed !== null && !named.has(best.id))
    .slice(0, MOST_UNTOLD)
    .flatMap((choice) => tooFew(choice, facts, { cite }));
  parts.push(...gaps(facts, artifacts, { cite }));
  if (parts.length === 0) return [text('Nothing that was expected, and no file was refused.')];
  return parts.flatMap((part, i) => (i === 0 ? part : [text(' · '), ...part]));
}

/** Settings that lie so close, and ran so few times, that nothing can be shown of them. */
function tooFew(choice: Choice, facts: Subject, { cite }: Pick<Citations, 'cite'>): Inline[][] {
  const { range, needed } = choice;
  if (range === null || needed === null) return [];
  const work = workLabels(range.labels);
  const own = chosenLabels(choice, facts).map(([name]) => name);
  const line: Inline[] = own.length > 0 ? [code(own.join(', '))] : [text('files')];
  if (work.length > 0) line.push(text(' for '), ...names(work));
  line.push(...inFile(choice, facts), text(': '), cite(range, 'n'), text(' configurations differ by up to '), cite(range));
  const each = needed.n === range.n ? 'each' : 'those that ran least';
  return [[...line, text(', and '), cite(needed), text(` more of ${each} needed to show a difference`)]];
}

/** The file that holds all configurations of a study; where each stands in one of its own, the best of them leads to the others. */
function inFile(choice: Choice, facts: Subject): Inline[] {
  return isInOneFile(choice, facts)
    ? [text(' in '), code(choice.best.scope)]
    : [text(' (the highest in '), code(choice.best.scope), text(')')];
}

function gaps(facts: Subject, artifacts: readonly Artifact[], { cite }: Pick<Citations, 'cite'>): Inline[][] {
  const parts: Inline[][] = facts
    .ofKind('gap')
    .filter((f) => f.metric === 'expected_folder')
    .map((gap) => [text('folder '), code(`${gap.labels.folder}/`), text(' (artifacts: '), cite(gap), text(')')]);
  for (const gap of facts.ofKind('gap').filter((f) => f.metric === 'expected_kind'))
    parts.push([text('kind '), code(gap.labels.kind ?? ''), text(' (artifacts: '), cite(gap), text(')')]);
  const absent = facts.ofKind('gap').filter((f) => f.metric === 'telemetry_series');
  if (absent.length > 0) parts.push([text(`nothing names ${absent.map((f) => f.labels.telemetry).join(', ')}`)]);
  const quality = facts.find('telemetry_series', { telemetry: 'quality' });
  if (quality && quality.value !== 0 && choices(facts).length > 0 && !facts.ofKind('group').some(({ metric }) => metric === 'accuracy'))
    parts.push([text('quality: '), cite(quality), text(' series record it, none with a unit, so it was weighed in no choice')]);
  const unitless = facts.find('series_without_unit');
  if (unitless) parts.push([cite(unitless), text(' series state no unit')]);
  const refused = artifacts.filter((a) => a.status === 'refused');
  const [first] = refused;
  if (first) parts.push([text('refused: '), code(first.path), text(refused.length > 1 ? ' and others, see Gaps and Refused Files' : '')]);
  return parts;
}
