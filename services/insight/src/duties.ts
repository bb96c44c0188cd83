import type { SectionDuty } from '@chimera/agent';

/** What insight must say, in the order in which the report prints it. */
export const DUTIES: readonly SectionDuty[] = [
  {
    id: 'summary',
    title: 'Executive Summary',
    layout: 'paragraph',
    kind: 'observation',
    duty: 'what was measured, what stands out, what is in doubt',
    least: 2,
    most: 5,
  },
  {
    id: 'performance',
    title: 'Performance Analysis',
    layout: 'paragraph',
    kind: 'observation',
    duty: 'what the throughput and latency facts show, and what they cannot show',
    least: 2,
    most: 6,
  },
  {
    id: 'findings',
    title: 'Key Findings',
    layout: 'numbered',
    kind: 'observation',
    duty: 'the findings that matter, with their metrics in bold',
    least: 2,
    most: 6,
  },
  {
    id: 'recommendations',
    title: 'Recommendations',
    layout: 'numbered',
    kind: 'recommendation',
    duty: 'exactly three optimisation recommendations that weigh throughput, time to first token and quality',
    least: 3,
    most: 3,
  },
  { id: 'risks', title: 'Risks', layout: 'risks', kind: 'risk', duty: 'risks and their mitigations', least: 2, most: 5 },
  {
    id: 'conclusion',
    title: 'Conclusion',
    layout: 'paragraph',
    kind: 'observation',
    duty: 'what can be concluded, and what cannot be told yet',
    least: 1,
    most: 3,
  },
];
