import type { Fact } from '@chimera/shared/domain';
import type { Truth } from './truth.ts';

/** In milliseconds. */
export const DAY = 86_400_000;

/** The fact of the latest modification of all. */
export function latestFact(truth: Truth): Fact | undefined {
  return truth.modifications.find((fact) => fact.kind === 'modification' && Object.keys(fact.labels).length === 0);
}

/** The latest of these times. */
export function latestOf(times: readonly number[]): number {
  return times.reduce((a, b) => Math.max(a, b));
}
