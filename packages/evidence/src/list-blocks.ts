/** Of which lists a list was joined. */
const BLOCKS = new WeakMap<readonly unknown[], readonly (readonly unknown[])[]>();

/** Notes the lists of which a list was joined, in their order. None of them may be changed afterwards. */
export function noteBlocks<T>(list: readonly T[], blocks: readonly (readonly T[])[]): void {
  BLOCKS.set(list, blocks);
}

/**
 * The items of two lists without those that lie in lists of which both were joined. What is the same object in both and left on both
 * sides lay in others that changed.
 */
export function withoutSharedBlocks<T>(a: readonly T[], b: readonly T[]): [T[], T[]] {
  const [ofA, ofB] = [blocksOf(a), blocksOf(b)];
  const [inA, inB] = [new Set(ofA), new Set(ofB)];
  return [ofA.filter((block) => !inB.has(block)).flat(), ofB.filter((block) => !inA.has(block)).flat()];
}

function blocksOf<T>(list: readonly T[]): readonly (readonly T[])[] {
  // Only `noteBlocks` writes there, and of one kind.
  return (BLOCKS.get(list) as readonly (readonly T[])[] | undefined) ?? [list];
}
