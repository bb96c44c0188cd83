import { byCodeUnit, type Fact } from '@chimera/shared/domain';

/** A fact that may be shown, and how much it matters for the duty at hand: above 0; the same fact may come several times. */
export type Candidate = { fact: Fact; weight: number };

/** How many facts a section's model is shown at most: it uses a few well, and loses itself in many. */
export const MOST_FACTS = 24;

/** What another fact that says the same with other labels is worth, against the one before it. */
const SAME_AGAIN = 0.6;

/**
 * The facts in the order in which a prompt should take them, at most `most`: by weight for the duty, by effect (how far a
 * comparison is from none, how large a share failed, how many samples stand behind a value) and by novelty (one that says the
 * same as one before it with other labels ranks lower). Deterministic: ties are decided by the order of the candidates, then by id.
 */
export function rankFacts(candidates: readonly Candidate[], most = MOST_FACTS): Fact[] {
  const alike = groupAlike(candidates);
  const ranked: Fact[] = [];
  while (ranked.length < most && alike.length > 0) {
    const best = alike.reduce((found, group) => (worthOf(group) > worthOf(found) ? group : found));
    const next = best.facts[best.taken++];
    if (next === undefined) throw new Error('A group of facts without one was ranked.');
    ranked.push(next.fact);
    if (best.taken === best.facts.length) alike.splice(alike.indexOf(best), 1);
  }
  return ranked;
}

type Alike = { facts: { fact: Fact; worth: number }[]; taken: number };

function worthOf({ facts, taken }: Alike): number {
  return (facts[taken]?.worth ?? 0) * SAME_AGAIN ** taken;
}

/** Facts that say the same of different things, the most worth first. */
function groupAlike(candidates: readonly Candidate[]): Alike[] {
  const worth = new Map<string, { fact: Fact; worth: number }>();
  for (const { fact, weight } of candidates) {
    const known = worth.get(fact.id);
    const now = weight * (0.5 + 0.5 * effectOf(fact));
    if (known === undefined || known.worth < now) worth.set(fact.id, { fact, worth: now });
  }
  const groups = new Map<string, Alike>();
  for (const one of worth.values()) {
    const { kind, metric, statistic, comparison } = one.fact;
    const key = JSON.stringify([kind, metric, statistic, comparison?.verdict ?? null]);
    const group = groups.get(key) ?? { facts: [], taken: 0 };
    group.facts.push(one);
    groups.set(key, group);
  }
  for (const { facts } of groups.values()) facts.sort((a, b) => b.worth - a.worth || byCodeUnit(a.fact.id, b.fact.id));
  return [...groups.values()];
}

/** How much a fact says, from 0 to 1. */
export function effectOf(fact: Fact): number {
  const { comparison, value, unit, kind, n } = fact;
  if (comparison !== undefined) {
    // Too few samples: however far apart two lie, nothing is shown.
    if (comparison.verdict === 'not enough samples') return 0;
    return distance(comparison.medians[0], comparison.medians[1]);
  }
  if (typeof value === 'string') return 0.5;
  if (unit === 'times') return distance(value, 1);
  if (unit === '%') return Math.min(1, Math.abs(value) / 100);
  if (kind === 'failure' && n !== null && n > 0) return Math.min(1, Math.abs(value) / n);
  if (kind === 'failure' || kind === 'gap' || kind === 'doubt' || kind === 'refusal') return value === 0 ? 0 : 0.5;
  return n === null ? 0.5 : Math.min(1, Math.log10(1 + n) / 3);
}

/** 0 where two values are the same, 1 where one is four times the other, or more. */
function distance(a: number, b: number): number {
  if (!(a > 0 && b > 0)) return a === b ? 0 : 1;
  return Math.min(1, Math.abs(Math.log2(a / b)) / 2);
}
