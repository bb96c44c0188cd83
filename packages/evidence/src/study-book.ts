import { byCodeUnit, type Fact } from '@chimera/shared/domain';
import { metricOfChoice, studyFacts } from './choice.ts';
import { Ranking } from './ranking.ts';
import { changedList } from './sorted-list.ts';
import type { Steps } from './steps.ts';
import { inferVarying, type MeasuredConfiguration, type Study, sortOf, workKey, workOf } from './studies.ts';

/** A study with what was found out about it; its facts as soon as they were asked for. */
type KnownStudy = {
  readonly study: Study;
  readonly isStated: boolean;
  readonly folder: string;
  /** null where nothing can be chosen by */
  readonly ranking: Ranking | null;
  labels: ReadonlyMap<string, ReadonlySet<string>> | null;
  facts: readonly Fact[] | null;
};

/** The configurations of one work by scope, in the order of their keys, and the studies that they are in. */
type Work = { readonly scopes: Map<string, readonly MeasuredConfiguration[]>; readonly studies: Map<string, KnownStudy> };

/** What went from a work or a study, and what came. */
type Changes = { readonly gone: Set<MeasuredConfiguration>; readonly come: Set<MeasuredConfiguration> };

/**
 * The studies of a dataset. A file that holds several configurations of one work is a study of its own; files that hold one each, told
 * apart by the same labels, are one together. Where configurations come or go only their studies change.
 */
export class StudyBook {
  readonly #works = new Map<string, Work>();

  *update(gone: Iterable<MeasuredConfiguration>, come: Iterable<MeasuredConfiguration>): Steps<void> {
    const touched = new Map<string, Changes>();
    for (const one of gone) changesOf(touched, workKey(one)).gone.add(one);
    for (const one of come) changesOf(touched, workKey(one)).come.add(one);
    yield;
    for (const [key, changes] of touched) {
      const work = this.#works.get(key) ?? { scopes: new Map(), studies: new Map() };
      for (const [name, changed] of studyChanges(work, changes)) {
        const known = work.studies.get(name) ?? null;
        const now = yield* changedStudy(known, changed);
        if (now === null) work.studies.delete(name);
        else work.studies.set(name, now);
        yield;
      }
      if (work.scopes.size === 0) this.#works.delete(key);
      else this.#works.set(key, work);
    }
  }

  /** What the studies say, in no order. */
  *facts(): Steps<Fact[]> {
    const facts: Fact[] = [];
    const rawByFolder = this.#rawByFolder();
    for (const { studies } of this.#works.values()) {
      for (const known of studies.values()) {
        if (known.isStated && rawByFolder.get(known.folder)?.some((raw) => summarises(known, raw))) continue;
        if (known.facts === null) {
          known.facts = known.ranking === null ? [] : studyFacts(known.study, known.ranking);
          yield;
        }
        for (const fact of known.facts) facts.push(fact);
      }
    }
    return facts;
  }

  /** Studies of raw values by folder; none where there are no others. */
  #rawByFolder(): Map<string, KnownStudy[]> {
    const found = new Map<string, KnownStudy[]>();
    const all = [...this.#works.values()].flatMap(({ studies }) => [...studies.values()]);
    if (!all.some(({ isStated }) => isStated)) return found;
    for (const known of all) {
      if (known.isStated) continue;
      const there = found.get(known.folder);
      if (there) there.push(known);
      else found.set(known.folder, [known]);
    }
    return found;
  }
}

function changesOf(touched: Map<string, Changes>, key: string): Changes {
  const known = touched.get(key) ?? { gone: new Set(), come: new Set() };
  touched.set(key, known);
  return known;
}

/** Changes what the scopes of a work hold; returns what that changes in which of its studies. */
function studyChanges({ scopes }: Work, { gone, come }: Changes): Map<string, Changes> {
  const arriving = Map.groupBy(come, ({ scope }) => scope);
  const touched = new Set(arriving.keys());
  for (const { scope } of gone) touched.add(scope);
  const changed = new Map<string, Changes>();
  for (const scope of touched) {
    const before = scopes.get(scope) ?? [];
    const now = changedList(before, gone, arriving.get(scope) ?? [], byKey);
    if (now.length > 0) scopes.set(scope, now);
    else scopes.delete(scope);
    for (const one of before) changesOf(changed, studyName(one, before)).gone.add(one);
    for (const one of now) changesOf(changed, studyName(one, now)).come.add(one);
  }
  return changed;
}

function byKey(a: MeasuredConfiguration, b: MeasuredConfiguration): number {
  return byCodeUnit(a.key, b.key);
}

/** Tells the study of a configuration from the others of its work. */
function studyName(one: MeasuredConfiguration, ofScope: readonly MeasuredConfiguration[]): string {
  return ofScope.length > 1 ? `several\0${one.scope}` : `single${sortOf(one)}`;
}

/** A study to which configurations came, or from which they went; null where none is left. */
function* changedStudy(before: KnownStudy | null, { gone, come }: Changes): Steps<KnownStudy | null> {
  const configurations = changedList(before?.study.configurations ?? [], gone, [...come], byKey);
  const [first, second] = configurations;
  if (first === undefined) return null;
  const study = { work: workOf(first), scope: first.scope === second?.scope ? first.scope : null, configurations };
  if (before !== null) inferVarying(study, before.study, come);
  const metric = metricOfChoice(study);
  const known = before?.ranking?.metric === metric ? (before?.ranking ?? null) : null;
  const ranking = metric === null ? null : (known ?? new Ranking(metric));
  if (ranking) yield* known ? ranking.update(gone, come) : ranking.update([], configurations);
  const folder = first.scope.slice(0, first.scope.lastIndexOf('/') + 1);
  return { study, isStated: isStated(study), folder, ranking, labels: null, facts: null };
}

function isStated({ configurations }: Study): boolean {
  return configurations.every(({ metrics }) => [...metrics.values()].every(({ group }) => group.statistic !== 'value'));
}

/**
 * Whether the settings of the two, which lie in one folder, are the same, as far as both state them: then the study of stated means says
 * again what that of the raw values says, and less.
 */
function summarises(stated: KnownStudy, raw: KnownStudy): boolean {
  const [a, b] = [labelsOf(stated), labelsOf(raw)];
  const shared = [...a.keys()].filter((name) => b.has(name));
  if (shared.length === 0 || (shared.length < a.size && shared.length < b.size)) return false;
  return shared.every((name) => [...(a.get(name) ?? [])].every((value) => b.get(name)?.has(value)));
}

function labelsOf(known: KnownStudy): ReadonlyMap<string, ReadonlySet<string>> {
  known.labels ??= valuesByLabel(known.study);
  return known.labels;
}

function valuesByLabel({ configurations }: Study): Map<string, Set<string>> {
  const values = new Map<string, Set<string>>();
  for (const { labels } of configurations) {
    for (const [name, value] of Object.entries(labels)) {
      if (name === 'config_name') continue;
      const known = values.get(name);
      if (known) known.add(value);
      else values.set(name, new Set([value]));
    }
  }
  return values;
}
