import type { Analysis, Block, Fact, FactIndex, RunRecord } from '@chimera/shared/domain';
import { sectionBlocks } from './analysis-blocks.ts';
import { evidenceList } from './appendix.ts';
import { createCitations } from './citations.ts';
import { heading, paragraph, record, text } from './inline.ts';
import { visiblePage } from './visible-page.ts';

/** The page of one agent: what it says, by whom, with its own evidence and prompt. */
export function agentPage(analysis: Analysis, facts: FactIndex, run: RunRecord): { page: Block[]; facts: Record<string, Fact> } {
  const citations = createCitations(facts, run);
  const { narrator } = analysis;
  const spoke = narrator.kind === 'model' ? `${narrator.model ?? ''} at ${narrator.server ?? ''}` : 'template narrator';
  const page: Block[] = [
    heading(1, `${analysis.title}`),
    paragraph(
      text('Narrator: '),
      record(spoke, 'narrator'),
      ...(narrator.reason === null ? [] : [text(' ('), record(narrator.reason, 'narrator.reason'), text(')')]),
    ),
    ...analysis.sections.flatMap((section) => [heading(2, section.title), ...sectionBlocks(section, citations)]),
  ];
  const printed = citations.printed();
  page.push(...evidenceList(printed), heading(2, 'Persona Prompt'), { type: 'quote', text: analysis.persona });
  return { page: visiblePage(page), facts: Object.fromEntries(printed) };
}
