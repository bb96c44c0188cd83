import { type CheckedClaim, checkPage } from '../../packages/grounding/src/check.ts';
import type { Marked } from './draft.ts';
import type { World } from './worlds.ts';

export type SentenceVerdict = 'supported' | 'unsupported' | 'contradicted';

/**
 * What the checker says of a sentence: contradicted if any of its claims is; supported if what is at issue was found and all of it
 * is supported.
 */
export function verdictOf({ page, targets }: Marked, world: World): { verdict: SentenceVerdict; claims: CheckedClaim[] } {
  const claims = checkPage(page, world.truth);
  if (claims.some(({ verdict }) => verdict === 'contradicted')) return { verdict: 'contradicted', claims };
  const all = targets.every(({ start, end }) => {
    const at = claims.filter((claim) => claim.start < end && start < claim.end);
    return at.length > 0 && at.every(({ verdict }) => verdict === 'supported');
  });
  return { verdict: all ? 'supported' : 'unsupported', claims };
}
