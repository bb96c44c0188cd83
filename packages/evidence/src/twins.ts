import { byCodeUnit } from '@chimera/shared/domain';
import { isOfCampaign, middleOf, type SampledGroup } from './groups.ts';
import { repeatsNumbers } from './repeats.ts';

/** A group whose numbers are another's: it counts nowhere. */
export type Twin = { group: SampledGroup; of: SampledGroup };

/**
 * Files may hold the numbers of other files in another shape: a CSV beside its JSON. Of two groups of one metric with the same
 * numbers the first by key counts; the other is its twin. Remembers all groups, so that only those that share numbers with one that
 * came or went are looked at again.
 */
export class Twins {
  /** groups that might be twins of each other, in the order of their keys */
  readonly #alike = new Map<string, SampledGroup[]>();
  readonly #of = new Map<SampledGroup, SampledGroup>();

  /** Takes groups away and others in; returns those of the rest that became twins, or are no longer any, or are of another. */
  update(gone: Iterable<SampledGroup>, come: Iterable<SampledGroup>): SampledGroup[] {
    const touched = new Set<string>();
    const leaving = new Set<SampledGroup>();
    for (const one of gone) {
      this.#of.delete(one);
      const key = numbersKey(one);
      if (key === null) continue;
      touched.add(key);
      leaving.add(one);
    }
    for (const key of touched) {
      const left = this.#alike.get(key)?.filter((one) => !leaving.has(one)) ?? [];
      if (left.length > 0) this.#alike.set(key, left);
      else this.#alike.delete(key);
    }
    for (const one of come) {
      const key = numbersKey(one);
      if (key === null) continue;
      touched.add(key);
      const there = this.#alike.get(key);
      if (there) there.push(one);
      else this.#alike.set(key, [one]);
    }
    const changed: SampledGroup[] = [];
    for (const key of touched) for (const one of this.#judge(this.#alike.get(key) ?? [])) changed.push(one);
    return changed;
  }

  has(group: SampledGroup): boolean {
    return this.#of.has(group);
  }

  /** All twins by the key of their group. */
  all(): Twin[] {
    const twins = Array.from(this.#of, ([group, of]) => ({ group, of }));
    return twins.sort((a, b) => byCodeUnit(a.group.key, b.group.key));
  }

  #judge(groups: SampledGroup[]): SampledGroup[] {
    groups.sort((a, b) => byCodeUnit(a.key, b.key));
    const changed: SampledGroup[] = [];
    const counting: SampledGroup[] = [];
    for (const one of groups) {
      const of = counting.find((other) => other.group.scope !== one.group.scope && sameFiles(one, other));
      if (of === undefined) counting.push(one);
      if (of === this.#of.get(one)) continue;
      changed.push(one);
      if (of === undefined) this.#of.delete(one);
      else this.#of.set(one, of);
    }
    return changed;
  }
}

/** What twins have in common, so that few need be compared; null where a group says too little to be anybody's twin. */
function numbersKey(one: SampledGroup): string | null {
  // A campaign lists its runs, and in another file their calls: with one call a run some numbers are the same, and each says its own.
  if (isOfCampaign(one)) return null;
  const { values, group, digest } = one;
  const isFew = group.samples < LEAST_ALONE;
  const [least = Number.NaN, greatest = Number.NaN] = digest ? [digest.min, digest.max] : [values[0], values.at(-1)];
  // Of numbers that are all the same nobody can tell whose they are.
  if (!isFew && least === greatest) return null;
  const times = isFew ? timesOf(one) : '';
  if (times === null) return null;
  const some = [least, middleOf(one), greatest].map((value) => value.toPrecision(10));
  return `${group.metric}\0${group.statistic}\0${group.samples}\0${some.join()}\0${times}`;
}

/** Fewer numbers than that say it only with the time of the run beside them. */
const LEAST_ALONE = 3;

function sameFiles(a: SampledGroup, b: SampledGroup): boolean {
  if (a.group.samples >= LEAST_ALONE) return repeatsNumbers(a, b);
  return timesOf(a) !== null && timesOf(a) === timesOf(b) && a.values.every((value, i) => value === b.values[i]);
}

/** When the runs of a group began, as their files say; null where one does not. */
function timesOf({ members }: SampledGroup): string | null {
  const times = members.map(({ set }) => set.labels.timestamp);
  return times.some((time) => time === undefined) ? null : times.sort().join();
}
