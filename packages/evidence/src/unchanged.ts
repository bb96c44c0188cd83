import type { Group } from '@chimera/shared/domain';
import { canonicalJson } from '@chimera/shared/store';

/**
 * Leaves out, of both sides, the files and series of files that hold the same measurements on both: nothing was measured anew in
 * them. Configurations lie within one of these, so what is left compares as it would beside them. Both sides list their groups in
 * the order of evidence. `unchanged` counts the files and series of files that are left out.
 */
export function withoutUnchanged(now: readonly Group[], before: readonly Group[]): { now: Group[]; before: Group[]; unchanged: number } {
  // Of a dataset's next inventory most groups are the very objects of the last one: only the patterns of the rest are looked into.
  const [inNow, inBefore] = [new Set(now), new Set(before)];
  const doubtful = new Set<string>();
  for (const group of now) if (!inBefore.has(group)) doubtful.add(group.pattern);
  for (const group of before) if (!inNow.has(group)) doubtful.add(group.pattern);
  const isDoubtful = ({ pattern }: Group) => doubtful.has(pattern);
  const [own, other] = [now, before].map((groups) => Map.groupBy(groups.filter(isDoubtful), patternOf));
  const changed = new Set([...doubtful].filter((pattern) => !areSame(own?.get(pattern) ?? [], other?.get(pattern) ?? [])));
  const left = (groups: readonly Group[]) => (changed.size === 0 ? [] : groups.filter(({ pattern }) => changed.has(pattern)));
  const patterns = new Set(now.map(patternOf));
  for (const pattern of changed) patterns.delete(pattern);
  return { now: left(now), before: left(before), unchanged: patterns.size };
}

function patternOf({ pattern }: Group): string {
  return pattern;
}

function areSame(a: readonly Group[], b: readonly Group[]): boolean {
  return a.length === b.length && a.every((group, i) => group === b[i] || canonicalJson(group) === canonicalJson(b[i]));
}
