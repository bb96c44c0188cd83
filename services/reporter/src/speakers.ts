import { type Analysis, agentsOf, type Profile, type Section } from '@chimera/shared/domain';
import type { Analyses } from './narrators.ts';

/** Whose words stand where on the page; `absent` is printed where a section of the interpretation did not come. */
export type Speakers = { collected: readonly Section[]; interpreted: Analysis | undefined; absent: string };

/** The sections that have a place of their own on the page beside the collector's. */
const INTERPRETATION: ReadonlySet<string> = new Set(['summary', 'performance', 'findings', 'recommendations', 'risks', 'conclusion']);

/** Two agents say what their duties are; the single agent says everything. */
export function speakersOf(profile: Profile, analyses: Analyses): Speakers {
  const [first, second] = agentsOf(profile);
  if (first === undefined || second !== undefined)
    return { collected: analyses.collector?.sections ?? [], interpreted: analyses.insight, absent: absentWords('Insight') };
  const analysis = analyses[first];
  const collected = analysis?.sections.filter(({ id }) => !INTERPRETATION.has(id)) ?? [];
  return { collected, interpreted: analysis, absent: absentWords(first === 'insight' ? 'Insight' : 'The collector') };
}

function absentWords(who: string): string {
  return `${who} did not speak in this run; the run record says why.`;
}
