import { byCodeUnit, type Fact } from '@chimera/shared/domain';
import { conflictFacts, outlierFacts, WANTED_METRICS } from './consistency.ts';
import { isMeasured, isOfCampaign, type Member, overOfBoth, type SampledGroup, type Shape, sampled, shapeOf } from './groups.ts';
import type { Place } from './places.ts';
import { SPELT_LABELS } from './spellings.ts';
import { configurationsIn, type MeasuredConfiguration } from './studies.ts';

/** The artifacts of one pattern of paths, and what follows from them alone: groups and configurations lie within one pattern. */
export type Pattern = {
  readonly places: readonly Place[];
  /** in the order of their keys */
  readonly groups: readonly SampledGroup[];
  /** of the groups that are nobody's twins */
  readonly said: Said;
};

/** What groups of one pattern say that count. */
export type Said = {
  readonly groups: readonly SampledGroup[];
  readonly ofCampaign: readonly SampledGroup[];
  /** groups of which some artifacts repeat others */
  readonly repeating: readonly SampledGroup[];
  readonly configurations: readonly MeasuredConfiguration[];
  /** what does not fit together */
  readonly facts: readonly Fact[];
  /** for each value of a label that people spell in several ways the first group that has it */
  readonly spelt: readonly { label: string; value: string; group: SampledGroup }[];
  /** how many artifacts have metrics of the registry, and how many of these each of WANTED_METRICS */
  readonly files: number;
  readonly having: readonly number[];
};

/** The groups of a pattern's artifacts, in the order of their keys. Those of before are kept where their members are the same. */
export function groupsOfPattern(places: readonly Place[], before: readonly SampledGroup[]): SampledGroup[] {
  const found = new Map<string, { shape: Shape; members: Member[] }>();
  for (const { artifact, context, counts } of places) {
    if (!counts) continue;
    const { path, sha256, samples } = artifact;
    for (const set of samples) {
      const shape = shapeOf(set, context);
      const there = found.get(shape.key);
      if (there) {
        there.members.push({ path, sha256, set });
        const over = overOfBoth(there.shape.over, shape.over);
        if (there.shape.over !== over) there.shape = { ...there.shape, over };
      } else found.set(shape.key, { shape, members: [{ path, sha256, set }] });
    }
  }
  const known = new Map(before.map((one) => [one.key, one]));
  const groups = Array.from(found, ([key, { shape, members }]) => {
    const last = known.get(key);
    return last && last.group.over === shape.over && hasMembers(last, members) ? last : sampled(key, shape, members);
  });
  return groups.sort((a, b) => byCodeUnit(a.key, b.key));
}

/** Whether a group was made of these, none of which repeated another. */
function hasMembers({ members, repeats }: SampledGroup, wanted: readonly Member[]): boolean {
  if (repeats.length > 0 || members.length !== wanted.length) return false;
  return members.every(({ path, set }, i) => set === wanted[i]?.set && path === wanted[i]?.path);
}

export function saidBy(groups: readonly SampledGroup[]): Said {
  const measured = groups.filter((one) => isMeasured(one) && !isOfCampaign(one));
  const pathsOf = (some: readonly SampledGroup[]) => new Set(some.flatMap(({ members }) => members.map(({ path }) => path))).size;
  return {
    groups,
    ofCampaign: groups.filter(isOfCampaign),
    repeating: groups.filter(({ repeats }) => repeats.length > 0),
    configurations: configurationsIn(groups.filter((one) => !isOfCampaign(one))),
    facts: [...conflictFacts(groups), ...groups.flatMap(outlierFacts)],
    spelt: speltIn(groups),
    files: pathsOf(measured),
    having: WANTED_METRICS.map((metric) => pathsOf(measured.filter(({ group }) => group.metric === metric))),
  };
}

function speltIn(groups: readonly SampledGroup[]): Said['spelt'] {
  const firsts: { label: string; value: string; group: SampledGroup }[] = [];
  for (const group of groups) {
    const { labels } = group.group;
    for (const label of SPELT_LABELS) {
      const value = labels[label];
      if (value === undefined || firsts.some((one) => one.label === label && one.value === value)) continue;
      firsts.push({ label, value, group });
    }
  }
  return firsts;
}
