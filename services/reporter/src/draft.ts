import { type PlainForm, referenceText } from '@chimera/grounding';
import type { Block, Fact, Inline } from '@chimera/shared/domain';
import type { Citations } from './citations.ts';

/** What lines and tables need that cite facts and nothing else. */
export type Cites = { cite(fact: Fact, form?: PlainForm): Inline };

/**
 * Lines or blocks made before it is known by which names the page calls their facts: these stand by their ids in it. `cited`: the ids
 * in the order in which they were cited, which is that in which they get their names.
 */
export type Draft<T> = { made: T; cited: readonly string[] };

/** Makes a draft: `make` cites as it would on the page. */
export function drafted<T>(make: (cites: Cites) => T): Draft<T> {
  const cited = new Set<string>();
  const cite = (fact: Fact, form: PlainForm = 'bare'): Inline => {
    cited.add(fact.id);
    return { type: 'fact', text: referenceText(fact, form), fact: fact.id };
  };
  return { made: make({ cite }), cited: [...cited] };
}

/** A draft's blocks as they stand on a page: what would have been made there, to the letter. */
export function blocksOf({ made, cited }: Draft<readonly Block[]>, citations: Citations): Block[] {
  const name = namesOf(cited, citations);
  return made.map((block) => withLines(block, name));
}

/** A draft's line, as `blocksOf`. */
export function lineOf({ made, cited }: Draft<readonly Inline[]>, citations: Citations): Inline[] {
  return namesOf(cited, citations)(made);
}

type Naming = (line: readonly Inline[]) => Inline[];

function namesOf(cited: readonly string[], { nameOf }: Citations): Naming {
  const names = new Map(cited.map((id) => [id, nameOf(id)]));
  return (line) => line.map((inline) => (inline.type === 'fact' ? { ...inline, fact: names.get(inline.fact) ?? inline.fact } : inline));
}

function withLines(block: Block, name: Naming): Block {
  switch (block.type) {
    case 'paragraph':
      return { ...block, line: name(block.line) };
    case 'list':
      return { ...block, items: block.items.map(name) };
    case 'table':
      return { ...block, rows: block.rows.map((row) => row.map(name)) };
    case 'heading':
    case 'quote':
    case 'evidence':
      return block;
  }
}
