import type { CheckedClaim, ClaimVerdict, Entry } from '@chimera/grounding';
import type { Fact, Source } from '@chimera/shared/domain';
import type { ArtifactCounts } from './given-side.ts';
import { lineIndex } from './line-index.ts';
import { statedOf } from './stated.ts';

/** Where a number stands in an artifact. */
export type Spot = { path: string; pointer: string };

/** One claim of a page, with what the artifacts say of it. */
export type VerifiedClaim = {
  /** the words of the page, as they stand there */
  text: string;
  /** both from 1; columns in UTF-16 units, as editors count */
  line: number;
  column: number;
  /** what is stated: a number, or a date in ISO 8601 as far as it is told; absent where it is neither */
  value?: number | string;
  /** the other end of a range or of a span of time */
  to?: number | string;
  /** the whole, of `value` of it */
  of?: number;
  unit?: string;
  verdict: ClaimVerdict;
  /** ids of facts that say so, or otherwise */
  facts: readonly string[];
  why: string;
  /** the true value, as it would be printed */
  truth?: string;
  /** where the number that says so, or otherwise, stands, if it is a single one */
  source?: Spot;
  /** whether it is about when something was, for which times must be trusted */
  isDate: boolean;
  /** offset into the page behind its last character */
  end: number;
};

export type VerificationCounts = { claims: number } & Record<ClaimVerdict, number>;

/** What came of checking a page. */
export type Verification = {
  /** both as they were given */
  report: string;
  against: string;
  artifacts: { inventory: string } & ArtifactCounts;
  /** in the order of the page */
  claims: readonly VerifiedClaim[];
  counts: VerificationCounts;
  /** those that the claims name, by id */
  facts: ReadonlyMap<string, Pick<Fact, 'claim' | 'sources'>>;
};

/** Puts the checked claims of a page in order, with their places in it and the facts they name. */
export function verificationOf(
  page: string,
  checked: readonly CheckedClaim[],
  { facts, ...head }: Pick<Verification, 'report' | 'against' | 'artifacts'> & { facts: ReadonlyMap<string, Fact> },
): Verification {
  const placeOf = lineIndex(page);
  const claims = [...checked].sort((a, b) => a.start - b.start || a.end - b.end).map((one) => verified(one, placeOf(one.start)));
  const named = new Map<string, Fact>();
  for (const id of claims.flatMap((claim) => claim.facts)) {
    const fact = facts.get(id);
    if (fact) named.set(id, fact);
  }
  return { ...head, claims, counts: countsOf(claims), facts: named };
}

function verified(
  { claim, text, end, verdict, facts, why, truth, entries }: CheckedClaim,
  place: { line: number; column: number },
): VerifiedClaim {
  const source = singleSource(entries);
  return {
    ...{ text, ...place, ...statedOf(claim), verdict, facts, why },
    ...(truth === null ? {} : { truth }),
    ...(source === null ? {} : { source }),
    isDate: claim.kind === 'date' || claim.kind === 'recency',
    end,
  };
}

/** Where the best proof stands, if it is one number of an artifact and no fact, which names its sources itself. */
function singleSource([best]: readonly Entry[]): Spot | null {
  return best === undefined || best.fact !== null ? null : { path: best.scope, pointer: best.pointer };
}

function countsOf(claims: readonly VerifiedClaim[]): VerificationCounts {
  const counts: VerificationCounts = { claims: claims.length, supported: 0, contradicted: 0, unsupported: 0 };
  for (const { verdict } of claims) counts[verdict] += 1;
  return counts;
}

/** The places in artifacts that stand behind a claim: its own, else those of its first fact that has any. */
export function spotsOf({ source, facts }: VerifiedClaim, known: Verification['facts']): Spot[] {
  if (source) return [source];
  for (const id of facts) {
    const spots = (known.get(id)?.sources ?? []).flatMap(spotOf);
    if (spots.length > 0) return spots;
  }
  return [];
}

function spotOf(source: Source): Spot[] {
  return 'path' in source ? [{ path: source.path, pointer: source.pointer }] : [];
}
