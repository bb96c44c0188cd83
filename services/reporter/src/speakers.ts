import { type Analysis, agentsOf, type Profile, type Section } from '@chimera/shared/domain';
import type { Analyses } from './narrators.ts';

/**
 * Whose words stand where on the page. `absent` is printed where a section of the interpretation did not come; `uncollected` where
 * the collector's stand, if nobody has its duties.
 */
export type Speakers = { collected: readonly Section[]; interpreted: Analysis | undefined; absent: string; uncollected: string | null };

/** The sections that have a place of their own on the page beside the collector's. */
const INTERPRETATION: ReadonlySet<string> = new Set(['summary', 'performance', 'findings', 'recommendations', 'risks', 'conclusion']);

/** Two agents say what their duties are; the single agent says everything; one that keeps to its own duties says these alone. */
export function speakersOf(profile: Profile, analyses: Analyses): Speakers {
  const [first, second] = agentsOf(profile);
  const { collector, insight } = analyses;
  if (first === undefined || second !== undefined)
    return { collected: collector?.sections ?? [], interpreted: insight, absent: absentWords('Insight'), uncollected: null };
  if (profile.duties === 'own')
    return first === 'collector'
      ? { collected: collector?.sections ?? [], interpreted: undefined, absent: NOBODYS, uncollected: null }
      : { collected: [], interpreted: insight, absent: absentWords('Insight'), uncollected: NOBODYS };
  const analysis = analyses[first];
  const collected = analysis?.sections.filter(({ id }) => !INTERPRETATION.has(id)) ?? [];
  return { collected, interpreted: analysis, absent: absentWords(first === 'insight' ? 'Insight' : 'The collector'), uncollected: null };
}

/** Printed where the sections of duties would stand that nobody has. */
const NOBODYS = 'No agent of this profile has this duty.';

function absentWords(who: string): string {
  return `${who} did not speak in this run; the run record says why.`;
}
