import type { Group } from '@chimera/shared/domain';
import { canonicalJson } from '@chimera/shared/store';

/**
 * Leaves out, of both sides, the files and series of files that hold the same measurements on both: nothing was measured anew in
 * them. Configurations lie within one of these, so what is left compares as it would beside them. Both sides list their groups in
 * the order of evidence. `unchanged` counts the files and series of files that are left out.
 */
export function withoutUnchanged(now: readonly Group[], before: readonly Group[]): { now: Group[]; before: Group[]; unchanged: number } {
  // Of a dataset's next inventory most groups are the very objects of the last one: only the patterns of the rest are looked into.
  const doubtful = new Set<string>();
  for (const groups of Object.values(withoutSame(now, before))) for (const { pattern } of groups) doubtful.add(pattern);
  const isDoubtful = ({ pattern }: Group) => doubtful.has(pattern);
  const [own, other] = [now, before].map((groups) => Map.groupBy(groups.filter(isDoubtful), patternOf));
  const changed = new Set([...doubtful].filter((pattern) => !areSame(own?.get(pattern) ?? [], other?.get(pattern) ?? [])));
  const left = (groups: readonly Group[]) => (changed.size === 0 ? [] : groups.filter(({ pattern }) => changed.has(pattern)));
  const patterns = new Set(now.map(patternOf));
  for (const pattern of changed) patterns.delete(pattern);
  return { now: left(now), before: left(before), unchanged: patterns.size };
}

// What is now is before in the next inventory.
const SETS = new WeakMap<readonly Group[], ReadonlySet<Group>>();

/** Groups as a set. The list must not be changed afterwards. */
function setOf(groups: readonly Group[]): ReadonlySet<Group> {
  const known = SETS.get(groups) ?? new Set(groups);
  SETS.set(groups, known);
  return known;
}

/** Leaves out, of both sides, the groups that are the very same objects on both. */
export function withoutSame(now: readonly Group[], before: readonly Group[]): { now: Group[]; before: Group[] } {
  const [inNow, inBefore] = [setOf(now), setOf(before)];
  return { now: now.filter((group) => !inBefore.has(group)), before: before.filter((group) => !inNow.has(group)) };
}

function patternOf({ pattern }: Group): string {
  return pattern;
}

function areSame(a: readonly Group[], b: readonly Group[]): boolean {
  return a.length === b.length && a.every((group, i) => group === b[i] || canonicalJson(group) === canonicalJson(b[i]));
}
