import { evidenceOfBucket } from '@chimera/ingest';
import { counted, type Evidence, type Group } from '@chimera/shared/domain';
import { type TakeOptions, takeGiven, type Wanted } from './given-artifacts.ts';
import { visible } from './visible.ts';

/** One side of a comparison as a person named it. */
export type GivenSide = {
  /** as it was given */
  name: string;
  inventory: string;
  groups: readonly Group[];
  artifacts: ArtifactCounts;
};

/** How many artifacts were refused, of how many. */
export type ArtifactCounts = { refused: number; total: number };

export type SideOptions = TakeOptions;

const WANTED: Wanted<{ evidence: Evidence }> = {
  purpose: 'there is nothing to compare',
  user: 'a comparison',
  ofBucket: async (bucket, options) => ({ evidence: await evidenceOfBucket(bucket, options.limits, options) }),
  ofEvidence: async (evidence) => ({ evidence }),
};

/**
 * The evidence of what was given as one side: see `takeGiven`.
 * @throws CommandFailed in a sentence where there is none, or it cannot be had
 */
export async function sideOf(given: string, options: SideOptions): Promise<GivenSide> {
  const { evidence } = await takeGiven(given, WANTED, options);
  const { groups, inventory } = evidence;
  return { name: visible(given), inventory, groups, artifacts: artifactCounts(evidence) };
}

export function artifactCounts({ artifacts }: Pick<Evidence, 'artifacts'>): ArtifactCounts {
  return { refused: artifacts.filter(({ status }) => status === 'refused').length, total: artifacts.length };
}

/** That artifacts of a side could not be read, in a sentence; null where all could. */
export function refusedSentence({ name, artifacts: { refused, total } }: Pick<GivenSide, 'name' | 'artifacts'>): string | null {
  return refused === 0 ? null : `of ${name}, ${refused} of ${counted(total, 'artifact')} could not be read, and count nowhere`;
}
