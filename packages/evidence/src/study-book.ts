import type { Fact } from '@chimera/shared/domain';
import { byCodeUnit } from '@chimera/shared/domain';
import type { Candidate } from './candidates.ts';
import { studyFacts } from './choice.ts';
import type { Steps } from './steps.ts';
import { type MeasuredConfiguration, type Study, studiesOfWork, workKey } from './studies.ts';

/** A study with what was found out about it; its facts as soon as they were asked for. */
type KnownStudy = {
  study: Study;
  isStated: boolean;
  folder: string;
  labels: ReadonlyMap<string, ReadonlySet<string>> | null;
  facts: readonly Fact[] | null;
  /** in order, as far as they are known: of this study, or of that which it was before */
  candidates: readonly Candidate[];
};

/** The configurations of one work in the order of their keys, and their studies. */
type Work = { configurations: MeasuredConfiguration[]; studies: readonly KnownStudy[] };

/** The studies of a dataset. Where configurations come or go only the studies of their work are made anew. */
export class StudyBook {
  readonly #works = new Map<string, Work>();

  *update(gone: Iterable<MeasuredConfiguration>, come: Iterable<MeasuredConfiguration>): Steps<void> {
    const leaving = new Set<MeasuredConfiguration>();
    const touched = new Map<string, MeasuredConfiguration[]>();
    const touch = (configuration: MeasuredConfiguration) => {
      const key = workKey(configuration);
      const known = touched.get(key) ?? [];
      touched.set(key, known);
      return known;
    };
    for (const one of gone) {
      touch(one);
      leaving.add(one);
    }
    for (const one of come) touch(one).push(one);
    yield;
    for (const [key, fresh] of touched) {
      const before = this.#works.get(key);
      const configurations = before?.configurations.filter((one) => !leaving.has(one)) ?? [];
      for (const one of fresh) configurations.push(one);
      // All but the fresh ones are in order, which makes sorting them cheap.
      configurations.sort((a, b) => byCodeUnit(a.key, b.key));
      if (configurations.length === 0) this.#works.delete(key);
      else this.#works.set(key, { configurations, studies: knownOf(studiesOfWork(key, configurations), before?.studies ?? []) });
      yield;
    }
  }

  /** What the studies say, in no order. */
  *facts(): Steps<Fact[]> {
    const facts: Fact[] = [];
    const rawByFolder = this.#rawByFolder();
    for (const { studies } of this.#works.values()) {
      for (const known of studies) {
        if (known.isStated && rawByFolder.get(known.folder)?.some((raw) => summarises(known, raw))) continue;
        if (known.facts === null) {
          const { facts: own, candidates } = studyFacts(known.study, known.candidates);
          known.facts = own;
          known.candidates = candidates;
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
    const all = [...this.#works.values()].flatMap(({ studies }) => studies);
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

/** Keeps what is known of studies that are as they were. */
function knownOf(studies: readonly Study[], before: readonly KnownStudy[]): KnownStudy[] {
  const byKey = new Map(before.map((known) => [known.study.key, known]));
  return studies.map((study) => {
    const known = byKey.get(study.key);
    if (known && isSame(known.study.configurations, study.configurations)) return known;
    const scope = study.configurations[0]?.scope ?? '';
    const folder = scope.slice(0, scope.lastIndexOf('/') + 1);
    return { study, isStated: isStated(study), folder, labels: null, facts: null, candidates: known?.candidates ?? [] };
  });
}

function isSame(a: readonly MeasuredConfiguration[], b: readonly MeasuredConfiguration[]): boolean {
  return a.length === b.length && a.every((one, i) => one === b[i]);
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
