import type { Block, Fact, Inline } from '@chimera/shared/domain';
import { describe, expect, it } from 'vitest';
import { column, reportInput } from '../../../test/support/report-input.ts';
import { createCitations } from './citations.ts';
import { blocksOf, type Cites, drafted, lineOf } from './draft.ts';
import { subjectOf } from './page-draft.ts';

const { evidence, observations } = reportInput({ files: { 'a.csv': column('lat', 'ms', {}, [1, 2, 3]) }, analyses: () => ({}) });
const facts = subjectOf(evidence, observations);
const [first, second, third] = facts.facts as [Fact, Fact, Fact];

/** Cites in another order than it prints, and one fact twice. */
function blocks({ cite }: Cites): Block[] {
  const later = cite(third);
  const line = [cite(second), later, cite(second, 'full')];
  return [
    { type: 'heading', level: 2, text: 'Facts' },
    { type: 'paragraph', line },
    { type: 'list', ordered: false, items: [[cite(first)], [{ type: 'text', text: 'none' }]] },
    { type: 'table', head: [''], rows: [[[cite(first, 'n')]]] },
    { type: 'quote', text: 'words' },
  ];
}

const line = ({ cite }: Cites): Inline[] => [cite(third), { type: 'text', text: ' and ' }, cite(first)];

describe('a draft', () => {
  it.each([[[]], [[third]], [[second, first]]])('is on a page what would have been made there, whatever was cited before', (before) => {
    const made = createCitations(facts, null);
    const used = createCitations(facts, null);
    for (const fact of before) {
      made.cite(fact);
      used.cite(fact);
    }
    const [drawn, drawnLine] = [drafted(blocks), drafted(line)];
    expect([blocksOf(drawn, used), lineOf(drawnLine, used)]).toEqual([blocks(made), line(made)]);
    expect([...used.printed()]).toEqual([...made.printed()]);
    // The draft is as it was: it can be used for the next revision.
    expect(blocksOf(drawn, createCitations(facts, null))).toEqual(blocks(createCitations(facts, null)));
  });
});
