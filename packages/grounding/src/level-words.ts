import type { Fact } from '@chimera/shared/domain';
import type { Direction } from './claim.ts';

/** Whether a word that compares says otherwise than a change of level in a dataset's history: `improved`, where it got worse. */
export function isAgainstLevel({ change, unit, value }: Fact, direction: Direction): boolean {
  if (change === undefined || typeof value !== 'number') return false;
  if (direction === 'same') return true;
  if (direction === 'better' || direction === 'worse') return change.verdict !== direction;
  // From zero there is no ratio, and nothing but up.
  const rose = unit !== 'times' || value > 1;
  return rose !== (direction === 'higher');
}
