import type { SectionDuty } from '../../definition.ts';

/** What insight must say, in the order in which the report prints it. Their words add up to the 400 that it may write. */
export const SECTIONS = [
  {
    id: 'summary',
    title: 'Executive Summary',
    layout: 'paragraph',
    kinds: ['observation', 'comparison', 'risk'],
    duty: 'what was measured, what stands out, what is in doubt',
    least: 2,
    most: 5,
    words: 75,
  },
  {
    id: 'performance',
    title: 'Performance Analysis',
    layout: 'paragraph',
    kinds: ['observation', 'comparison'],
    duty: 'what the throughput and latency facts show, and what they cannot show',
    least: 2,
    most: 6,
    words: 75,
  },
  {
    id: 'findings',
    title: 'Key Findings',
    layout: 'numbered',
    kinds: ['observation', 'comparison', 'risk'],
    duty: 'the findings that matter, with their metrics in bold',
    least: 2,
    most: 6,
    words: 75,
    boldMetrics: true,
  },
  {
    id: 'recommendations',
    title: 'Recommendations',
    layout: 'numbered',
    kinds: ['recommendation'],
    duty: 'exactly three optimisation recommendations that weigh throughput, time to first token and quality',
    least: 3,
    most: 3,
    words: 75,
  },
  { id: 'risks', title: 'Risks', layout: 'risks', kinds: ['risk'], duty: 'risks and their mitigations', least: 2, most: 5, words: 60 },
  {
    id: 'conclusion',
    title: 'Conclusion',
    layout: 'paragraph',
    kinds: ['observation', 'comparison', 'recommendation'],
    duty: 'what can be concluded, and what cannot be told yet',
    least: 1,
    most: 3,
    words: 40,
  },
] as const satisfies readonly SectionDuty[];

export type InsightSection = (typeof SECTIONS)[number]['id'];
