import { DATASET_SCOPE, type Fact } from '@chimera/shared/domain';
import { boundFaults, superlativeFaults } from './bound-words.ts';
import { createTruth } from './create-truth.ts';
import { isDenied } from './denial.ts';
import type { Entry } from './entry.ts';
import { claimsIn } from './find-claims.ts';
import { conflictsOf } from './fit.ts';
import { frameOf, type Setting } from './frame.ts';
import { governingFaults } from './governing-words.ts';
import { judgeComparison } from './judge-comparison.ts';
import { isAgainstLevel } from './level-words.ts';
import { mentionsIn } from './mentions.ts';
import { parseProse } from './reference.ts';
import { renderReference } from './render.ts';
import type { Truth } from './truth.ts';

type Shown = { truth: Truth; entries: ReadonlyMap<string, Entry> };
type Reference = { name: string; fact: Fact; start: number; end: number };

const known = new WeakMap<ReadonlyMap<string, Fact>, Shown>();

/**
 * Where the words around a sentence's references say something else than the facts do: another metric, model, file, statistic or kind
 * of artifact than the fact is of, or a comparison that no fact shows. Each fault is a clause about the sentence.
 * @param text the sentence with its references as `{{F1}}`
 * @param facts the facts that were shown, by their names in the prompt
 */
export function bindingFaults(text: string, facts: ReadonlyMap<string, Fact>): string[] {
  const shown = known.get(facts) ?? indexed(facts);
  known.set(facts, shown);
  const { prose, references } = rendered(text, facts);
  const mentions = mentionsIn(prose, shown.truth);
  const faults = references.flatMap((reference) =>
    faultsOf(reference, { text: prose, mentions, start: reference.start, end: reference.end }, shown),
  );
  return [
    ...faults,
    ...superlativeFaults(prose, references),
    ...comparisonFaults(prose, references, { text: prose, mentions, start: 0, end: 0 }, shown.truth),
  ];
}

function indexed(facts: ReadonlyMap<string, Fact>): Shown {
  const truth = createTruth({ facts: [...facts.values()], artifacts: [], paths: [...facts.values()].flatMap(pathsOf) });
  return { truth, entries: new Map(truth.entries.flatMap((entry) => (entry.fact ? [[entry.fact.id, entry] as const] : []))) };
}

function pathsOf({ scope, sources }: Fact): string[] {
  return [
    ...(scope === DATASET_SCOPE || scope.includes('*') ? [] : [scope]),
    ...sources.flatMap((source) => ('path' in source ? [source.path] : [])),
  ];
}

function rendered(text: string, facts: ReadonlyMap<string, Fact>): { prose: string; references: Reference[] } {
  let prose = '';
  const references: Reference[] = [];
  for (const part of parseProse(text)) {
    if (part.type !== 'reference') {
      prose += part.type === 'code' ? `\`${part.text}\`` : part.text;
      continue;
    }
    const fact = facts.get(part.id);
    const value = fact === undefined ? null : renderReference(fact, part.form);
    const printed = value !== null && 'text' in value ? value.text : '0';
    if (fact) references.push({ name: part.id, fact, start: prose.length, end: prose.length + printed.length });
    prose += printed;
  }
  return { prose, references };
}

function faultsOf({ name, fact, start, end }: Reference, setting: Setting, { truth, entries }: Shown): string[] {
  const entry = entries.get(fact.id);
  const own = fact.kind === 'doubt' && fact.unit === null ? null : (entry?.metric ?? null);
  const kind = [
    ...kindFault(name, fact, setting),
    ...startFault(name, fact, setting),
    ...boundFaults(name, fact, setting),
    ...(isOfMetric(fact) ? [] : governingFaults(name, fact, own, setting)),
  ];
  if (entry === undefined) return kind;
  // The value is printed with its own unit, so the words must name the metric whatever the unit would fit.
  const frame = frameOf({ start, end }, null, [setting], truth);
  const conflicts = conflictsOf(entry, frame, truth).filter(
    (conflict) => conflict !== 'statistic' || (PLAIN.has(fact.kind) && isBesideStatistic(setting)),
  );
  return [
    ...kind,
    ...conflicts.flatMap((conflict) => {
      if (conflict === 'metric')
        return frame.vague || !isOfMetric(fact) ? [] : [`speaks of ${frame.metricPhrase} where ${name} is ${fact.metric}`];
      if (conflict === 'statistic') return [`speaks of the ${frame.statistics.join(' ')} where ${name} is the ${fact.statistic}`];
      if (conflict === 'scope') return [`names another file than that of ${name}`];
      return frame.all.dense ? [] : [`names another configuration than that of ${name}`];
    }),
  ];
}

/** `A warm start takes {{F3}}`, where F3 is of a cold one. These are words of everyday English, no names that a label is found by. */
function startFault(name: string, { labels }: Fact, { text, start, end }: Setting): string[] {
  const own = labels.start;
  if (own !== 'cold' && own !== 'warm') return [];
  const said = [...text.matchAll(/\b(cold|warm)\b/gi)].flatMap((match) => {
    const between = match.index < start ? text.slice(match.index, start) : text.slice(end, match.index);
    return APART.test(between) ? [] : [match[0].toLowerCase()];
  });
  return said.length === 0 || said.includes(own) ? [] : [`speaks of a ${said[0]} start where ${name} is of a ${own} one`];
}

const APART = /[,;:]|\b(?:and|while|but|against|versus)\b/;

/** Whether a statistic is named in the same part of the sentence: `the p99 is …`, `… on average`. */
function isBesideStatistic({ text, mentions, start, end }: Setting): boolean {
  return mentions.statistics.some(
    (mention) => !APART.test(mention.end <= start ? text.slice(mention.end, start) : text.slice(end, mention.start)),
  );
}

const OF_METRIC: ReadonlySet<Fact['kind']> = new Set(['group', 'series', 'choice', 'comparison', 'change', 'history']);

/** Whether a fact's value is one of its metric: how many more runs a choice needs is none, nor is how many inventories there are. */
function isOfMetric({ kind, unit, statistic }: Fact): boolean {
  if (kind === 'history' && unit === null) return false;
  return OF_METRIC.has(kind) && !(kind === 'choice' && unit === null && statistic.startsWith('more runs'));
}

/** Facts that are one statistic of one metric; of others the statistic is a word of ours. */
const PLAIN: ReadonlySet<Fact['kind']> = new Set(['group', 'series']);
/** How far behind a value the kind may stand that it counts, and how far before it one that it is told of. */
const BEHIND = 20;
const BEFORE = 40;

/** `{{F4}} JSON files`, where F4 counts all. */
function kindFault(name: string, fact: Fact, { text, mentions, start, end }: Setting): string[] {
  if (fact.kind !== 'count' && fact.kind !== 'modification' && fact.kind !== 'size') return [];
  const behind = mentions.kinds.find(
    (mention) => mention.start >= end && mention.start - end <= BEHIND && !/[.,;:]|\band\b/.test(text.slice(end, mention.start)),
  );
  const before = mentions.kinds.findLast(
    (mention) => mention.end <= start && start - mention.end <= BEFORE && !/[.,;]|\band\b|\d/.test(text.slice(mention.end, start)),
  );
  const beside = behind ?? before;
  return beside === undefined || beside.kind === fact.labels.kind
    ? []
    : [`speaks of ${beside.kind} where ${name} is of ${fact.labels.kind ?? 'all kinds'}`];
}

function comparisonFaults(prose: string, references: readonly Reference[], setting: Setting, truth: Truth): string[] {
  const inReference = (at: number) => references.some(({ start, end }) => at >= start && at < end);
  return claimsIn(prose).flatMap((claim) => {
    if (claim.kind !== 'comparison' || inReference(claim.start) || isDenied(prose, claim.start)) return [];
    const [only, ...others] = references;
    if (only && others.length === 0 && isAgainstLevel(only.fact, claim.direction))
      return [`says "${claim.word}" where ${only.name} ${Number(only.fact.value) > 1 ? 'rose' : 'fell'}`];
    const { verdict, why } = judgeComparison(claim, setting, null, truth);
    if (verdict === 'contradicted') return [`says "${claim.word}" where a fact says otherwise`];
    const undecided = references.find(({ fact }) => fact.comparison !== undefined && /^no|^not/.test(fact.comparison.verdict));
    if (undecided && claim.direction !== 'same') return [`says "${claim.word}" where ${undecided.name} shows no difference`];
    if (verdict === 'unsupported' && !why.startsWith('it does not name'))
      return [`says "${claim.word}" of two things of which no fact shows it`];
    return [];
  });
}
