import { visibleName } from '@chimera/grounding';
import { type Fact, numberText, type Source } from '@chimera/shared/domain';

/** Of each text, and of the list of sources, what is enough to recognise it: the whole stands in the evidence. */
const CLAIM_LENGTH = 240;
const FORMULA_LENGTH = 200;
const SOURCE_LENGTH = 140;
const SOURCES = 2;

/** What a reader sees of a fact on its number: claim, formula, n, and its first sources; one line each. */
export function tooltip(fact: Fact): string[] {
  const { n, runs, sources } = fact;
  const inRuns = runs === undefined ? '' : ` in ${numberText(runs)} ${runs === 1 ? 'run' : 'runs'}`;
  const more = sources.length - SOURCES;
  return [
    visibleName(fact.claim, CLAIM_LENGTH),
    `${fact.class}: ${visibleName(fact.formula, FORMULA_LENGTH)}`,
    ...(n === null ? [] : [`n = ${numberText(n)}${inRuns}`]),
    ...sources.slice(0, SOURCES).map((source) => visibleName(sourceWords(source), SOURCE_LENGTH)),
    ...(more > 0 ? [`and ${numberText(more)} more`] : []),
  ];
}

/** Where a fact comes from, in words. */
export function sourceWords(source: Source): string {
  if ('path' in source) return `${source.path} at ${source.pointer}`;
  if ('inventory' in source) return `inventory: ${source.inventory}`;
  return `observed: ${source.observation}`;
}
