import { timesPowerOfTwo } from './elementary.ts';

/**
 * A power of two that keeps the squares of very great and very small values within the doubles, so that multiplying by it loses
 * nothing; 1 for ordinary ones. `greatest` is the greatest magnitude among the values.
 */
export function scaleFor(greatest: number): number {
  if (greatest > 1e120) return timesPowerOfTwo(1, -600);
  return greatest < 1e-120 ? timesPowerOfTwo(1, 600) : 1;
}
