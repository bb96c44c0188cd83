import { counted, DATASET_SCOPE, type Fact, type Group, type Source, shortId } from '@chimera/shared/domain';
import { LEAST_FOR_CHANGE_POINTS } from '@chimera/statistics';
import { type FactDraft, fact } from '../fact.ts';
import type { Steps } from '../steps.ts';
import { type Carriers, carriersOf } from './carriers.ts';
import { changesOf, historyOfSeries, type SeriesHistory } from './history.ts';
import type { HistoryBook, Recorded } from './history-book.ts';
import { byImportance, byTelling, type Candidate, Foremost, type Searched } from './history-choice.ts';
import { historyChangeClaim, historyLevelClaim, historySeriesClaim } from './history-claims.ts';
import { FOUND_BY, sourceOf, totalFacts } from './history-totals.ts';
import { levelsOf } from './levels.ts';
import type { BookSeries, Moment } from './snapshot.ts';

/** Changes that a report tells one by one, and series without a change whose level it tells. */
const MOST_CHANGES = 20;
const MOST_STEADY = 20;
/** Artifacts that a fact names for the present level. */
const MOST_ARTIFACTS = 20;
/** The inventory that a report is made of, in its claims. */
const THIS = 'this inventory';

const LEVEL_FORMULA = `mean over the inventories of a level of the median of the runs that each brought; levels by ${FOUND_BY}`;
const CHANGE_FORMULA = `mean of the level over the mean of the level before; levels by ${FOUND_BY}`;

/** The inventory of which a report is made, and how a person asks for all of the history. */
export type HistoryScope = { dataset: string; upTo: Recorded; groups: readonly Group[] };

/**
 * The history of a dataset up to one inventory as facts: each change of level with the levels that meet there and when its inventories
 * were taken, the most important first; the level of series without a change; and how many there are of each. Nothing of a single
 * inventory; where no series has enough, how many more inventories are needed.
 */
export function* historyFacts(book: HistoryBook, { dataset, upTo, groups }: HistoryScope): Steps<Fact[]> {
  const known = book.inventories();
  const inventories = known.slice(0, known.findIndex(({ inventory }) => inventory === upTo.inventory) + 1);
  const [first] = inventories;
  if (first === undefined || inventories.length < 2) return [];
  const changes = new Foremost<Candidate>(MOST_CHANGES, byImportance);
  const steady = new Foremost<Searched>(MOST_STEADY, byTelling);
  const totals = { series: 0, told: 0, changed: 0, changes: 0, needed: LEAST_FOR_CHANGE_POINTS };
  const visit = (series: BookSeries) => {
    const found = book.changes.changesOf(series.key, series.values());
    totals.series += 1;
    totals.needed = 0;
    totals.told += 1;
    totals.changes += found.length;
    if (found.length === 0) steady.add({ series, found });
    else totals.changed += 1;
    for (const [at, change] of changesOf(series.metric, found, series.pointAt).entries()) changes.add({ series, found, change, at });
  };
  const told = (points: number) => {
    totals.series += 1;
    totals.needed = Math.min(totals.needed, LEAST_FOR_CHANGE_POINTS - points);
  };
  yield* book.each(visit, upTo, { least: LEAST_FOR_CHANGE_POINTS, told });
  if (totals.series === 0) return [];
  const candidates = changes.all();
  const histories = yield* historiesOf([...candidates, ...steady.all()]);
  const carriers = yield* carriersOf(histories, groups);
  const facts = new Facts();
  facts.addAll(totalFacts(dataset, [first, upTo], inventories.length, totals, { changes: changes.others, steady: steady.others }));
  for (const [i, series] of histories.entries()) {
    const candidate = candidates[i];
    facts.addAll(candidate ? changeFacts(series, candidate, carriers) : levelFacts(series, 0, artifactsIn(carriers.sourcesOf(series))));
    yield;
  }
  return facts.all;
}

/** The series of all of these, whole; the same one for all changes of a series. */
function* historiesOf(all: readonly Searched[]): Steps<SeriesHistory[]> {
  const made = new Map<BookSeries, SeriesHistory>();
  const histories: SeriesHistory[] = [];
  for (const { series, found } of all) {
    const history = made.get(series) ?? historyOfSeries(series.whole(), found);
    made.set(series, history);
    histories.push(history);
    yield;
  }
  return histories;
}

/** Facts in the order in which they came first: two changes share the level between them, and inventories many changes. */
class Facts {
  readonly all: Fact[] = [];
  readonly #ids = new Set<string>();

  addAll(facts: readonly Fact[]): void {
    for (const one of facts) {
      if (this.#ids.has(one.id)) continue;
      this.#ids.add(one.id);
      this.all.push(one);
    }
  }
}

function changeFacts(series: SeriesHistory, { change, at }: Candidate, carriers: Carriers): Fact[] {
  const { broughtBy, last, until, ratio, p, verdict, versions } = change;
  const held = until === null ? artifactsIn(carriers.sourcesOf(series)) : [];
  const [before, after] = [levelFacts(series, at, []), levelFacts(series, at + 1, held)];
  const [since, was] = [after.at(-1), before.at(-1)];
  const draft: FactDraft = {
    ...named(series),
    statistic: `${levelOf(series)} over the one before, since inventory ${shortId(broughtBy.inventory)}`,
    value: ratio ?? change.after.mean,
    unit: ratio === null ? series.unit : 'times',
    n: change.before.n + change.after.n,
    claim: historyChangeClaim(series, change, { isHeld: held.length > 0, by: THIS }),
    formula: CHANGE_FORMULA,
    inputs: [since, was].flatMap((level) => (level ? [level.id] : [])),
    sources: [sourceOf(last), sourceOf(broughtBy), ...(until === null ? [] : [sourceOf(until)]), ...held],
    change: {
      verdict,
      broughtBy: momentOf(broughtBy),
      until: until && momentOf(until),
      p,
      n: [change.after.n, change.before.n],
      versions: [...versions],
    },
  };
  return [fact(draft), ...after, ...before, ...(until === null ? [] : [takenFact(until)])];
}

/**
 * When the inventory was taken that brought a level, and the level itself.
 * @param held the artifacts that hold the level, where nothing followed it
 */
function levelFacts(series: SeriesHistory, at: number, held: readonly Source[]): Fact[] {
  const level = levelsOf(series)[at];
  if (level === undefined) throw new RangeError(`A series has no level ${at}.`);
  const { since, until, points, mean } = level;
  const last = points.at(-1) ?? since;
  const claim =
    until === null
      ? historySeriesClaim(series, { isHeld: held.length > 0, by: THIS })
      : historyLevelClaim(series, { mean, n: points.length, first: since, until });
  return [
    takenFact(since),
    fact({
      ...named(series),
      statistic: `${levelOf(series)} since inventory ${shortId(since.inventory)}`,
      value: mean,
      unit: series.unit,
      n: points.length,
      claim,
      formula: LEVEL_FORMULA,
      sources: [sourceOf(since), ...(until === null ? held : [sourceOf(last)])],
    }),
  ];
}

/** A file's own statistic sets a series apart. */
function levelOf({ statistic }: SeriesHistory): string {
  return statistic === 'value' ? 'mean level' : `mean level of ${statistic}`;
}

function named({ metric, labels, derived, scope }: SeriesHistory) {
  return {
    kind: 'history' as const,
    metric,
    labels,
    scope,
    ...(derived.length > 0 ? { derivedLabels: [...derived] } : {}),
  };
}

function takenFact({ inventory, takenAt }: Moment): Fact {
  return fact({
    kind: 'history',
    metric: 'inventory_taken',
    statistic: 'date',
    value: takenAt,
    unit: null,
    labels: { inventory: shortId(inventory) },
    scope: DATASET_SCOPE,
    class: 'measured',
    claim: `Inventory ${shortId(inventory)} was taken on ${takenAt.slice(0, 10)} at ${takenAt.slice(11, 19)} UTC.`,
    formula: 'the clock of the process that took it',
    sources: [sourceOf({ inventory, takenAt })],
  });
}

/** The first of the artifacts, and how many more there are. */
function artifactsIn(held: readonly Source[]): Source[] {
  const named = held.slice(0, MOST_ARTIFACTS);
  const more = held.length - named.length;
  return more > 0 ? [...named, { observation: counted(more, 'further artifact') }] : named;
}

function momentOf({ inventory, takenAt }: Moment): { inventory: string; takenAt: string } {
  return { inventory, takenAt };
}
