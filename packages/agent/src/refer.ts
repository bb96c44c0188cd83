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

/** `{{id}} records`: a reference to a count with the word in the number that it needs. */
export function referCount(fact: Fact, one: string, many = `${one}s`): string {
  return `${refer(fact)} ${fact.value === 1 ? one : many}`;
}
