import { DATASET_SCOPE } from '@chimera/shared/domain';
import type { Entry } from './entry.ts';
import type { Frame } from './frame.ts';
import { isOfScope } from './scope.ts';
import type { Statistic } from './statistic-words.ts';
import type { Truth } from './truth.ts';

/** How an entry does not fit what a sentence speaks of. */
export type Conflict = 'metric' | 'label' | 'scope' | 'statistic';

/** How an entry differs from what the sentence speaks of. */
export function conflictsOf(entry: Entry, frame: Frame, truth: Truth): Conflict[] {
  const found: Conflict[] = [];
  if (frame.metrics !== null && !frame.metrics.has(entry.metric)) found.push('metric');
  if (!fitsStatistic(entry.statistics, frame.statistics)) found.push('statistic');
  // Which two there are is enough: one alone tells something.
  if (found.length === 2) return found;
  if (!frame.labels.every((named) => fitsNamed(entry, named, truth, frame.paths !== null))) found.push('label');
  if (frame.paths !== null && !isOfPaths(entry, frame.paths)) found.push('scope');
  else if (frame.folder !== null && entry.scope !== DATASET_SCOPE && !entry.scope.toLowerCase().includes(`${frame.folder}/`))
    found.push('scope');
  return found;
}

const EXTREME: ReadonlySet<Statistic> = new Set(['min', 'max', 'stddev', 'sum']);

/** Whether an entry is of the statistics that a sentence names; an extreme only where it names one. */
export function fitsStatistic(own: ReadonlySet<Statistic>, said: readonly Statistic[]): boolean {
  const extreme = said.includes('extreme');
  for (const s of own)
    if ((EXTREME.has(s) || s.startsWith('p')) && !said.includes(s) && !(extreme && (s === 'min' || s === 'max'))) return false;
  if (extreme) return said.every((s) => s === 'extreme' || own.has(s));
  // A value that was chosen as the best is the greatest or least of medians.
  return said.every(
    (s) => own.has(s) || (s === 'sum' && own.has('value')) || ((s === 'max' || s === 'min') && own.has('best') && said.includes('median')),
  );
}

/**
 * Whether what a sentence names is what an entry is of: any of the labels that the name may be a value of. `inFile`: the sentence
 * names the file, and there a shorter name means whatever holds it.
 */
export function fitsNamed(entry: Entry, named: ReadonlyMap<string, ReadonlySet<string>>, truth: Truth, inFile = false): boolean {
  const { fact } = entry;
  const compared = fact?.comparison;
  // A comparison is of both its values, what was chosen of one.
  const values = compared === undefined ? undefined : named.get(compared.label);
  if (compared && values) {
    if (fact?.kind !== 'choice') return values.has(compared.of) || values.has(compared.to);
    if (entry.labels[compared.label] === undefined) return values.has(compared.of);
  }
  const { strict, lenient } = truth.configurations.named(named);
  return (inFile ? lenient : strict).has(entry.configuration);
}

/** Whether an entry is of one of these files. */
export function isOfPaths({ scope, fact }: Entry, paths: ReadonlySet<string>): boolean {
  if (paths.has(scope)) return true;
  if (fact === null) return false;
  for (const path of paths) {
    if (isOfScope(path, scope)) return true;
    if (fact.sources.some((source) => 'path' in source && source.path === path)) return true;
  }
  return false;
}

/** Whether a sentence names a configuration or a file. */
export function isPinned(frame: Frame): boolean {
  return frame.labels.length > 0 || (frame.paths?.size ?? 0) > 0;
}
