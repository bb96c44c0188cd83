import { type Judgement, unsupported } from './judgement.ts';
import type { Stretch } from './page.ts';
import type { Place } from './place.ts';

/** Words that say that something is of other inventories of the dataset too: of files as they were. */
const OTHERS =
  /\b(?:previous|earlier|former|several)\s+inventor(?:y|ies)\b|\b(?:since|from|until|with|by)\s+inventor(?:y|ies)\b|\binventory\s+(?:[0-9a-f]{12}\b|of \d{4}-)/i;

/** Tables that a report prints of several inventories. */
const TABLES: readonly { heading: RegExp; column: RegExp }[] = [
  { heading: /^history$/i, column: /^(?:before|since then|ratio|level)$/i },
  { heading: /^changes$/i, column: /^(?:now over before|n)$/i },
];

/**
 * A number of other inventories, as a history states it: the artifacts of today neither bear out nor refute what was measured
 * before they were there. What they do bear out stays supported.
 */
export function ofOtherInventories(judgement: Judgement, { stretch }: Place): Judgement {
  if (judgement.verdict !== 'contradicted' || !speaksOfOthers(stretch)) return judgement;
  return unsupported('It is of other inventories of the dataset too, and what was measured earlier is not among these artifacts.');
}

function speaksOfOthers({ kind, text, headings, column }: Stretch): boolean {
  if (OTHERS.test(text)) return true;
  const heading = headings.at(-1)?.trim() ?? '';
  return kind === 'cell' && TABLES.some((table) => table.heading.test(heading) && table.column.test(column.trim()));
}
