import type { FactIndex, Section, Sentence } from '@chimera/shared/domain';
import { createCitations } from './citations.ts';
import { proseLine } from './inline.ts';
import { blockStart, renderLine } from './markdown.ts';

/** A stretch of a text, by offsets in UTF-16 code units. */
export type Span = { start: number; end: number };

/**
 * Prose of an agent as the Markdown that is printed of it. `references`: where values of facts stand; `sentences`: where each
 * sentence stands, by its place in the sections; of a risk, its mitigation too.
 */
export type Narrative = { markdown: string; references: Span[]; sentences: (Span & { section: number; by: Sentence['by'] })[] };

/** The sections under their headings, as on the page. */
export function narrativeOf(sections: readonly Section[], facts: FactIndex): Narrative {
  const page = blank();
  const prose = writer(page, facts);
  // A heading above those of the sections, as every page has one: what stands under a section's heading is about that.
  page.markdown = '# Report\n\n';
  for (const [section, { title, layout, sentences }] of sections.entries()) {
    page.markdown += `## ${blockStart(renderLine([{ type: 'text', text: title }]))}\n\n${layout === 'risks' ? TABLE : ''}`;
    for (const [i, { text, mitigation, by }] of sentences.entries()) {
      page.markdown += layout === 'risks' ? '| ' : layout === 'bullets' ? '- ' : layout === 'numbered' ? `${i + 1}. ` : i === 0 ? '' : ' ';
      const start = page.markdown.length;
      prose(text);
      if (layout === 'risks') page.markdown += ' | ';
      if (mitigation !== null) prose(mitigation);
      page.sentences.push({ start, end: page.markdown.length, section, by });
      page.markdown += layout === 'risks' ? ' |\n' : layout === 'paragraph' ? '' : '\n';
    }
    page.markdown += layout === 'paragraph' ? '\n\n' : '\n';
  }
  return page;
}

const TABLE = '| Risk | Mitigation |\n| --- | --- |\n';

/** One stretch of prose by itself. */
export function proseAlone(text: string, facts: FactIndex): Narrative {
  const page = blank();
  writer(page, facts)(text);
  return page;
}

function blank(): Narrative {
  return { markdown: '', references: [], sentences: [] };
}

/** Appends prose, and notes where its references stand. */
function writer(page: Narrative, facts: FactIndex): (prose: string) => void {
  const citations = createCitations(facts, null);
  return (prose) => {
    for (const [i, inline] of proseLine(prose, citations).entries()) {
      const start = page.markdown.length;
      const spelt = renderLine([inline]);
      page.markdown += i === 0 ? blockStart(spelt) : spelt;
      if (inline.type === 'fact') page.references.push({ start, end: page.markdown.length });
    }
  };
}
