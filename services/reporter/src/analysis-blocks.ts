import type { Analysis, Block, Section } from '@chimera/shared/domain';
import type { Citations } from './citations.ts';
import { paragraph, proseLine, text } from './inline.ts';

/** One section of an analysis as blocks of the page. */
export function sectionBlocks(section: Section, citations: Citations): Block[] {
  const lines = section.sentences.map((s) => proseLine(s.text, citations));
  switch (section.layout) {
    case 'paragraph':
      return lines.length === 0 ? [] : [paragraph(...lines.flatMap((line, i) => (i === 0 ? line : [text(' '), ...line])))];
    case 'risks':
      return [
        {
          type: 'table',
          head: ['Risk', 'Mitigation'],
          rows: section.sentences.map((s, i) => [lines[i] ?? [], proseLine(s.mitigation ?? '–', citations)]),
        },
      ];
    default:
      return [{ type: 'list', ordered: section.layout === 'numbered', items: lines }];
  }
}

/** The section with this id, or a line that says that it is not there. */
export function sectionOr(analysis: Analysis | undefined, id: string, citations: Citations, absent: string): Block[] {
  const section = analysis?.sections.find((s) => s.id === id);
  return section && section.sentences.length > 0 ? sectionBlocks(section, citations) : [paragraph(text(absent))];
}
