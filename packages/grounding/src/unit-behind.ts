import type { Place } from './place.ts';
import { unknownUnitBehind } from './unknown-names.ts';

/** Characters behind a number in which the name of what it is of may begin: a blank, and a mark or two. */
const NEAR = 3;

/** The word behind a number or range without a unit that is one nobody knows, or a thing that is counted: `300 to 400 words`; null where it is none. */
export function unknownUnitOf({ claim, own }: Place): string | null {
  if ((claim.kind !== 'number' && claim.kind !== 'range') || !/^[\s\u00a0]*\p{L}/u.test(own.text.slice(claim.end))) return null;
  const { metrics, labels, statistics } = own.mentions;
  const isNamed = () => [...metrics, ...labels, ...statistics].some(({ start }) => start >= claim.end && start - claim.end <= NEAR);
  return unknownUnitBehind(claim.noun, isNamed);
}
