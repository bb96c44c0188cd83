import type { Group } from '@chimera/shared/domain';
import { canonicalJson } from '@chimera/shared/store';

/**
 * Leaves out, of both sides, the files and series of files that hold the same measurements on both: nothing was measured anew in
 * them. Configurations lie within one of these, so what is left compares as it would beside them. Both sides list their groups in
 * the order of evidence. `unchanged` counts the files and series of files that are left out.
 */
export function withoutUnchanged(now: readonly Group[], before: readonly Group[]): { now: Group[]; before: Group[]; unchanged: number } {
  const [own, other] = [Map.groupBy(now, scopeOf), Map.groupBy(before, scopeOf)];
  const unchanged = new Set([...own].flatMap(([scope, groups]) => (areSame(groups, other.get(scope) ?? []) ? [scope] : [])));
  const changed = (groups: readonly Group[]) => groups.filter((group) => !unchanged.has(scopeOf(group)));
  return { now: changed(now), before: changed(before), unchanged: unchanged.size };
}

function scopeOf({ pattern }: Group): string {
  return pattern;
}

function areSame(a: readonly Group[], b: readonly Group[]): boolean {
  // Of a dataset's next inventory most groups are the very objects of the last one.
  return a.length === b.length && a.every((group, i) => group === b[i] || canonicalJson(group) === canonicalJson(b[i]));
}
