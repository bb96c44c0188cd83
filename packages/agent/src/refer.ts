import type { Fact } from '@chimera/shared/domain';

/** A reference to a fact: value, unit and, for series, n are put in when it is printed. */
export function refer(fact: Fact): string {
  return `{{${fact.id}}}`;
}

/** A reference that prints the value and its unit without n. */
export function referBare(fact: Fact): string {
  return `{{${fact.id}|bare}}`;
}

/** A reference that prints the fact's n. */
export function referN(fact: Fact): string {
  return `{{${fact.id}|n}}`;
}
