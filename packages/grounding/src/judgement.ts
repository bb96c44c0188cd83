import type { CountSubject } from './count-subject.ts';
import type { Entry } from './entry.ts';

export const CLAIM_VERDICTS = ['supported', 'contradicted', 'unsupported'] as const;
export type ClaimVerdict = (typeof CLAIM_VERDICTS)[number];

/**
 * What the artifacts say of a claim. `facts` are ids of facts that say so, or otherwise; `entries` the numbers behind it, where they
 * are at hand; `truth` the true value as it would be printed, `source` where it stands.
 */
export type Judgement = {
  verdict: ClaimVerdict;
  why: string;
  facts: readonly string[];
  entries: readonly Entry[];
  truth: string | null;
  /** of a count or a share: of which artifacts */
  subject?: CountSubject;
};

export function supported(why: string, facts: readonly string[], entries: readonly Entry[] = [], truth: string | null = null): Judgement {
  return { verdict: 'supported', why, facts, entries, truth };
}

export function contradicted(
  why: string,
  facts: readonly string[],
  entries: readonly Entry[] = [],
  truth: string | null = null,
): Judgement {
  return { verdict: 'contradicted', why, facts, entries, truth };
}

export function unsupported(why: string): Judgement {
  return { verdict: 'unsupported', why, facts: [], entries: [], truth: null };
}

/** The ids of the facts among some entries, each once. */
export function factsOf(entries: readonly Entry[]): string[] {
  return [...new Set(entries.flatMap(({ fact }) => (fact === null ? [] : [fact.id])))];
}
