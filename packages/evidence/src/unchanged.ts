import type { Group } from '@chimera/shared/domain';
import { canonicalJson } from '@chimera/shared/store';
import { withoutSharedBlocks } from './list-blocks.ts';

/**
 * Leaves out, of both sides, the files and series of files that hold the same measurements on both: nothing was measured anew in
 * them. Configurations lie within one of these, so what is left compares as it would beside them. Both sides list their groups in
 * the order of evidence. `unchanged` counts the files and series of files that are left out.
 */
export function withoutUnchanged(now: readonly Group[], before: readonly Group[]): { now: Group[]; before: Group[]; unchanged: number } {
  // Of a dataset's next inventory most groups are the very objects of the last one: only the patterns of the rest are looked into.
  const doubtful = new Set<string>();
  for (const groups of Object.values(withoutSame(now, before))) for (const { pattern } of groups) doubtful.add(pattern);
  const [own, other] = [now, before].map((groups) => groups.filter(({ pattern }) => doubtful.has(pattern)));
  const [ownByPattern, otherByPattern] = [own, other].map((groups) => Map.groupBy(groups ?? [], patternOf));
  const changed = new Set([...doubtful].filter((one) => !areSame(ownByPattern?.get(one) ?? [], otherByPattern?.get(one) ?? [])));
  const left = (groups: readonly Group[] = []) => groups.filter(({ pattern }) => changed.has(pattern));
  const patterns = new Set<string>();
  for (const { pattern } of now) patterns.add(pattern);
  for (const pattern of changed) patterns.delete(pattern);
  return { now: left(own), before: left(other), unchanged: patterns.size };
}

/** Leaves out, of both sides, the groups that are the very same objects on both. */
export function withoutSame(now: readonly Group[], before: readonly Group[]): { now: Group[]; before: Group[] } {
  const [ofNow, ofBefore] = withoutSharedBlocks(now, before);
  const [inNow, inBefore] = [new Set(ofNow), new Set(ofBefore)];
  return { now: ofNow.filter((group) => !inBefore.has(group)), before: ofBefore.filter((group) => !inNow.has(group)) };
}

function patternOf({ pattern }: Group): string {
  return pattern;
}

function areSame(a: readonly Group[], b: readonly Group[]): boolean {
  return a.length === b.length && a.every((group, i) => group === b[i] || canonicalJson(group) === canonicalJson(b[i]));
}
