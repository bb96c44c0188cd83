import type { Fact } from '@chimera/shared/domain';
import { type SpelledUnit, unitNamed } from './shown.ts';
import type { World } from './worlds.ts';

/** What a sentence says that its number is: of this metric, this statistic (null: it names none), these labels, this file (null: none). */
export type Described = {
  metrics: readonly string[];
  statistic: string | null;
  labels: Readonly<Record<string, string>>;
  file: string | null;
};

type Known = { value: number; dimension: string; statistic: string; labels: Readonly<Record<string, string>>; scope: string };

const KNOWN = new WeakMap<World, Map<string, Known[]>>();

/** All numbers of a world by metric: facts and single readings, in the base of their dimension. */
function knownOf(world: World): Map<string, Known[]> {
  const there = KNOWN.get(world);
  if (there) return there;
  const known = new Map<string, Known[]>();
  const add = (metric: string, value: number, unit: SpelledUnit | null, rest: Pick<Known, 'statistic' | 'labels' | 'scope'>) => {
    const one = { value: value * (unit?.by ?? 1), dimension: unit?.dimension ?? '', ...rest };
    const some = known.get(metric);
    if (some) some.push(one);
    else known.set(metric, [one]);
  };
  for (const { metric, value, unit, statistic, labels, scope } of world.facts)
    if (typeof value === 'number') add(metric, value, unitNamed(unit), { statistic, labels, scope });
  for (const { path, measurement: m } of world.readings)
    add(m.metric, m.value, unitNamed(m.unit), { statistic: m.statistic, labels: m.labels, scope: path });
  KNOWN.set(world, known);
  return known;
}

/** The words of a statistic: `max of stated mean` is a max and a mean. */
export function statisticWords(statistic: string): Set<string> {
  return new Set(statistic.match(/\b(?:mean|median|min|max|stddev|sum|value|best|p\d\d)\b/g) ?? []);
}

/**
 * Whether some number of the artifacts is what a sentence may mean and lies within these bounds (in the base of the dimension). Generous:
 * what does not say its label or its statistic may be meant.
 */
export function isSaidSomewhere(
  world: World,
  { metrics, statistic, labels, file }: Described,
  dimension: string,
  low: number,
  high: number,
): boolean {
  for (const metric of metrics)
    for (const known of knownOf(world).get(metric) ?? []) {
      if (known.value < low || known.value > high || (known.dimension !== dimension && known.dimension !== '')) continue;
      if (file !== null && known.scope !== file && known.scope.endsWith(file) === false && !known.scope.includes('*')) continue;
      if (statistic !== null && !statisticWords(known.statistic).has(statistic)) continue;
      if (Object.entries(labels).every(([key, value]) => known.labels[key] === undefined || known.labels[key] === value)) return true;
    }
  return false;
}

/** What a number shown as `value` give or take half a `step` may stand for. A tie counts as either. */
export function withinRounding(value: number, step: number): { low: number; high: number } {
  const half = (step / 2) * (1 + 1e-6) + Math.abs(value) * 1e-12;
  return { low: value - half, high: value + half };
}

const NOT_SPOKEN = new Set(['pooled', 'timestamp', 'tool', 'saturated', 'place', 'num_prompts']);

/**
 * The labels that tell a fact from all others of its metric, in its file or (`everywhere`) in all; null where they do not.
 */
export function tellingLabels(world: World, fact: Fact, everywhere: boolean): Record<string, string> | null {
  if (fact.labels.pooled !== undefined) return null;
  const others = world.facts.filter(
    (other) =>
      other.metric === fact.metric &&
      other.labels.pooled === undefined &&
      (everywhere || other.scope === fact.scope) &&
      (other.kind === 'group' || other.kind === 'series'),
  );
  const telling: Record<string, string> = {};
  for (const [key, value] of Object.entries(fact.labels)) {
    if (value.length > 40 || NOT_SPOKEN.has(key)) continue;
    if (key === 'model' || others.some((other) => other.labels[key] !== value)) telling[key] = value;
  }
  const keys = Object.keys(telling);
  const words = statisticWords(fact.statistic);
  const same = others.filter(
    (other) =>
      keys.every((key) => other.labels[key] === telling[key]) && [...statisticWords(other.statistic)].some((word) => words.has(word)),
  );
  const alone = same.every(
    (other) =>
      typeof other.value === 'number' &&
      typeof fact.value === 'number' &&
      Math.abs(other.value - fact.value) <= Math.abs(fact.value) * 1e-9,
  );
  return alone && keys.length <= 4 ? telling : null;
}
