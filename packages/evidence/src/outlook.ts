import { byCodeUnit, type Fact, type FactIndex, VERDICTS, type Verdict } from '@chimera/shared/domain';
import { labelsJson } from '@chimera/shared/store';
import { RUN_MEDIANS } from './group-facts.ts';
import { CHOSEN_BY } from './headline-metrics.ts';
import { LOAD_LABELS } from './work-labels.ts';

/** What one study says: the configuration to choose, with the facts around it. */
export type Choice = {
  best: Fact;
  /** how far the configurations lie apart; null where there is none */
  range: Fact | null;
  /** what the best costs in other metrics */
  costs: readonly Fact[];
  /** how many more runs are needed; null where there are enough */
  needed: Fact | null;
  /** the comparisons of the best with others, in its own metric */
  comparisons: readonly Fact[];
};

/** What every study says, the most telling first: shown differences, then more samples, then more configurations. */
export function choices(facts: FactIndex): Choice[] {
  const all = facts.ofKind('choice');
  const bests = all.filter(({ statistic }) => statistic.startsWith('best by'));
  const compared = facts.ofKind('comparison');
  const found = bests.map((best): Choice => {
    const about = (fact: Fact) =>
      includes(best.labels, fact.labels) && namesLabelsOf(fact, best) && (fact.scope === best.scope || sharesFile(fact, best));
    return {
      best,
      range: all.find((f) => f.statistic.startsWith('range of medians') && f.metric === best.metric && about(f)) ?? null,
      costs: all.filter((f) => f.statistic === 'cost of the choice' && sameLabels(f.labels, best.labels) && sharesFile(f, best)),
      needed: all.find((f) => f.statistic.startsWith('more runs needed') && f.metric === best.metric && about(f)) ?? null,
      comparisons: compared
        .filter((f) => f.metric === best.metric && f.comparison !== undefined && isOf(f, best) && sharesFile(f, best))
        .sort((a, b) => Math.abs(Math.log(Number(a.value))) - Math.abs(Math.log(Number(b.value))) || byCodeUnit(a.id, b.id)),
    };
  });
  return found.sort(
    (a, b) =>
      verdictRank(a) - verdictRank(b) ||
      metricRank(a) - metricRank(b) ||
      (b.best.n ?? 0) - (a.best.n ?? 0) ||
      (b.range?.n ?? 0) - (a.range?.n ?? 0) ||
      byCodeUnit(a.best.id, b.best.id),
  );
}

/** Comparisons whose one side is the configuration: its labels are theirs and the label studied, and no others, as they name it. */
function isOf({ labels, comparison }: Fact, best: Fact): boolean {
  if (comparison === undefined) return false;
  const { [comparison.label]: studied, ...common } = best.labels;
  if (!sameLabels(common, withoutStart(labels))) return false;
  return comparison.label === 'file' ? comparison.of === best.scope : studied === comparison.of;
}

/** Whether a fact of a study is of the one that the best is of: it names the labels that tell its configurations apart. */
function namesLabelsOf({ statistic, labels }: Fact, best: Fact): boolean {
  const names = Object.keys(best.labels).filter((name) => labels[name] === undefined);
  return names.length === 0 ? !statistic.includes(' by ') : statistic.endsWith(` by ${names.sort().join(', ')}`);
}

/** What is about models comes before what is about programs. */
function metricRank({ best }: Choice): number {
  return (CHOSEN_BY as readonly string[]).indexOf(best.metric);
}

function verdictRank({ comparisons, best }: Choice): number {
  if (comparisons.some(({ comparison }) => comparison?.verdict === 'better')) return 0;
  return 1 + VERDICTS.indexOf(best.comparison?.verdict ?? 'not enough samples');
}

/** What stands for a group: the median of its values or, where there are none, of the medians or means that the files state. */
const MIDDLES: readonly string[] = [
  'value',
  'median',
  RUN_MEDIANS,
  'stated median',
  'median of stated median',
  'stated mean',
  'median of stated mean',
];

/** The facts of one configuration of a study: its metric of choice and, where it is known, its time to first token. */
export type Candidate = { labels: Fact['labels']; fact: Fact; firstToken: Fact | null };

/** The configurations among which a choice was made, the best first. */
export function candidatesOf({ best, range }: Choice, facts: FactIndex): Candidate[] {
  const names = Object.keys(best.labels).sort().join();
  const work = range?.labels ?? {};
  const one = range?.scope === best.scope && (range.sources.length > 1 || best.sources.length === 1);
  const { byShape, firstTokens } = representativesOf(facts);
  const alike = (byShape.get(`${best.metric}\0${best.unit}\0${names}`) ?? []).filter((f) => includes(f.labels, work));
  const inFile = alike.filter((f) => f.scope === best.scope);
  const own = one && inFile.length > 1 ? inFile : alike;
  const candidates = own.map(
    (fact): Candidate => ({ labels: withoutStart(fact.labels), fact, firstToken: firstTokens.get(placeOf(fact)) ?? null }),
  );
  const higher = candidates.every(({ fact }) => Number(fact.value) <= Number(best.value));
  return candidates.sort((a, b) => (higher ? -1 : 1) * (Number(a.fact.value) - Number(b.fact.value)) || byCodeUnit(a.fact.id, b.fact.id));
}

type Representatives = { byShape: ReadonlyMap<string, Fact[]>; firstTokens: ReadonlyMap<string, Fact> };
const representatives = new WeakMap<FactIndex, Representatives>();

/** The facts that stand for warm groups, by metric, unit and names of labels, and the times to first token by place; found once. */
function representativesOf(facts: FactIndex): Representatives {
  const known = representatives.get(facts);
  if (known !== undefined) return known;
  const byShape = new Map<string, Fact[]>();
  const firstTokens = new Map<string, Fact>();
  for (const fact of oneForEach(facts.ofKind('group').filter(({ labels }) => labels.start !== 'cold'))) {
    const shape = `${fact.metric}\0${fact.unit}\0${Object.keys(withoutStart(fact.labels)).sort().join()}`;
    const alike = byShape.get(shape);
    if (alike) alike.push(fact);
    else byShape.set(shape, [fact]);
    if (fact.metric === 'time_to_first_token') firstTokens.set(placeOf(fact), fact);
  }
  const found = { byShape, firstTokens };
  representatives.set(facts, found);
  return found;
}

/** Of each metric of each configuration the one fact that stands for it: a file may hold raw values, and their mean too. */
function oneForEach(groups: readonly Fact[]): Fact[] {
  const found = new Map<string, Fact>();
  for (const fact of groups) {
    const rank = MIDDLES.indexOf(fact.statistic);
    if (rank < 0) continue;
    const key = `${fact.metric}\0${placeOf(fact)}`;
    const known = found.get(key);
    if (known === undefined || rank < MIDDLES.indexOf(known.statistic)) found.set(key, fact);
  }
  return [...found.values()];
}

function placeOf({ labels, scope }: Fact): string {
  return `${labelsJson(withoutStart(labels))}\0${scope}`;
}

/** The labels that set the choice apart from the other configurations of its study; none where only files do. */
export function chosenLabels(choice: Choice, facts: FactIndex): [string, string][] {
  const candidates = candidatesOf(choice, facts);
  return Object.entries(choice.best.labels).filter(([name]) => new Set(candidates.map(({ labels }) => labels[name])).size > 1);
}

/** Whether one file, or series of repeats, holds all configurations of the study. */
export function isInOneFile(choice: Choice, facts: FactIndex): boolean {
  return candidatesOf(choice, facts).every(({ fact }) => fact.scope === choice.best.scope);
}

/** Whether only how much was asked of the server sets the configurations apart: the most throughput is then no advice. */
export function isByLoad(choice: Choice, facts: FactIndex): boolean {
  const own = chosenLabels(choice, facts).map(([name]) => name);
  const candidates = candidatesOf(choice, facts);
  const told = new Set(candidates.map(({ labels }) => JSON.stringify(own.map((name) => labels[name]))));
  return own.length > 0 && own.every((name) => LOAD_LABELS.has(name)) && told.size === candidates.length;
}

/** Facts that compare with a baseline or the previous inventory, of one verdict; the largest differences first. */
export function changed(facts: FactIndex, verdict: Verdict): Fact[] {
  return facts
    .ofKind('change')
    .filter(({ comparison }) => comparison?.verdict === verdict)
    .sort((a, b) => Math.abs(Math.log(Number(b.value))) - Math.abs(Math.log(Number(a.value))) || byCodeUnit(a.id, b.id));
}

/** Times to first token of the cold starts that a file sets apart, each with that of its warm ones. */
export function coldStarts(facts: FactIndex): { cold: Fact; warm: Fact }[] {
  const groups = facts.ofKind('group').filter(({ metric }) => metric === 'time_to_first_token');
  const representative = (f: Fact) => f.statistic === 'median' || f.statistic === 'value';
  return groups
    .filter((f) => f.labels.start === 'cold' && representative(f))
    .flatMap((cold) => {
      const warm = groups.find(
        (f) =>
          f.labels.start === 'warm' &&
          representative(f) &&
          f.scope === cold.scope &&
          sameLabels(withoutStart(f.labels), withoutStart(cold.labels)),
      );
      return warm ? [{ cold, warm }] : [];
    })
    .sort(
      (a, b) =>
        Number(b.cold.value) / Number(b.warm.value) - Number(a.cold.value) / Number(a.warm.value) || byCodeUnit(a.cold.id, b.cold.id),
    );
}

function withoutStart({ start: _, ...labels }: Fact['labels']): Fact['labels'] {
  return labels;
}

function includes(all: Fact['labels'], some: Fact['labels']): boolean {
  return Object.entries(some).every(([name, value]) => all[name] === value);
}

function sameLabels(a: Fact['labels'], b: Fact['labels']): boolean {
  return Object.keys(a).length === Object.keys(b).length && includes(a, b);
}

function sharesFile(a: Fact, b: Fact): boolean {
  const paths = new Set(a.sources.flatMap((source) => ('path' in source ? [source.path] : [])));
  return b.sources.some((source) => 'path' in source && paths.has(source.path));
}
