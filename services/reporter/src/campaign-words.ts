import { type Block, type Fact, type Inline, numberText, valueText } from '@chimera/shared/domain';
import type { Cites } from './draft.ts';
import { code, paragraph, quotation, text } from './inline.ts';

/** Units that only repeat what a campaign's value is called. */
const TOLD_BY_NAME: ReadonlySet<string | null> = new Set(['tokens', 'calls']);

/** A fact's value: a share in percent, as people say it; a count without the unit that its name tells. */
export function spelt(fact: Fact, { cite }: Cites): Inline {
  const { value, unit } = fact;
  if (typeof value !== 'number') return cite(fact);
  if (unit === 'ratio') return { ...cite(fact), text: valueText(100 * value, '%') };
  return TOLD_BY_NAME.has(unit) ? { ...cite(fact), text: numberText(value) } : cite(fact);
}

/** A fact's value, or a dash where it was not measured. */
export function speltOr(fact: Fact | null, cites: Cites): Inline[] {
  return [fact === null ? text('–') : spelt(fact, cites)];
}

/** A fact's value with its interval: `0.84 times (95 % interval 0.82 to 0.86)`. */
export function withInterval(fact: Fact, { cite }: Cites): Inline {
  const cited = cite(fact);
  if (fact.interval === null) return cited;
  const [low, high] = fact.interval.map(numberText);
  return { ...cited, text: `${cited.text} (95 % interval ${low} to ${high})` };
}

/** A fact's own sentence, which leads to its evidence like its value. */
export function claimOf(fact: Fact, { cite }: Cites): Inline {
  return { ...cite(fact), text: fact.claim };
}

/** Why a ratio may have an interval without 1 and no verdict. */
export const NO_VERDICT =
  'An interval is of its ratio alone: a verdict also counts how many comparisons were made and how often the results were looked at, and how far single runs overlap. The formula stands with each fact under Evidence.';

/** What a speed-up says in a word. */
export function speedWord({ comparison, value }: Fact): string {
  if (comparison?.verdict === 'not enough samples') return 'cannot be told';
  if (comparison?.verdict === 'no difference shown') return 'no difference shown';
  return Number(value) < 1 ? 'slower' : 'faster';
}

/** What must be said of rows of a table, beneath it: each caveat once, with the rows that it is of. */
export function caveatNotes(rows: readonly { names: readonly string[]; caveats: readonly string[] }[]): Block[] {
  const all = rows.flatMap(({ names, caveats }) => caveats.map((caveat) => ({ caveat, name: names.join(', ') })));
  if (all.length === 0) return [];
  const items = [...Map.groupBy(all, ({ caveat }) => caveat)].map(([caveat, own]): Inline[] => {
    const names = [...new Set(own.map(({ name }) => name))];
    const told = names.slice(0, MOST_NAMES).flatMap((name, i) => [text(i === 0 ? '' : '; '), code(name)]);
    return [...told, text(names.length > MOST_NAMES ? ' and others: ' : ': '), quotation(caveat)];
  });
  return [paragraph(text('Caveats of comparisons above:')), { type: 'list', ordered: false, items }];
}

/** Rows that a caveat names. */
const MOST_NAMES = 12;

/** Where the rest of a list is that has more than `most`. */
export function others(all: readonly unknown[], most: number): Block[] {
  return all.length > most ? [paragraph(text('The others are in '), code('evidence.json'), text('.'))] : [];
}

export function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
