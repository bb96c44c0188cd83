import type { Fact } from '@chimera/shared/domain';
import { isDenied } from './denial.ts';
import type { Setting } from './frame.ts';
import { statisticsOf } from './statistic-words.ts';
import { phraseOf } from './words.ts';

type Bound = 'max' | 'min';

const END = String.raw`\s+(?:(?:about|around|roughly|approximately|only|just|some|the|an?|value|level|of|is|at)\s+){0,3}$`;
const ending = (words: string) => new RegExp(String.raw`\b(?:${words})${END}`, 'i');
const DENY = "(?:never|not|cannot|hardly|rarely|no|[a-z]+n't)";
/** In order: what is denied before what is not. */
const BOUNDS: readonly [RegExp, Bound][] = [
  [
    ending(
      String.raw`${DENY}\s+(?:[a-z]+\s+){0,3}?(?:exceed\w*|surpass\w*|tops?|above|over|beyond|(?:more|greater|higher|longer|larger|slower) than)`,
    ),
    'max',
  ],
  [ending(String.raw`${DENY}\s+(?:[a-z]+\s+){0,3}?(?:below|under|(?:less|fewer|lower|shorter|smaller|faster) than)`), 'min'],
  [
    ending(
      'at (?:the )?most|up to|(?:less|fewer|lower|shorter|smaller) than|tops out at|(?:capped|limited) (?:at|to)|maximum(?: is| of)?|as (?:high|much|many|long|large|slow) as',
    ),
    'max',
  ],
  [
    ending(
      'at (?:the very )?least|upwards of|(?:more|greater|higher|longer|larger) than|exceed(?:s|ed|ing)?|surpass(?:es|ed|ing)?|bottoms out at|minimum(?: is| of)?|as (?:low|little|few|short|small) as',
    ),
    'min',
  ],
];
/** Of what is counted these are mostly prepositions: `averaged over {{F1}} runs`. */
const PLACES: readonly [RegExp, Bound][] = [
  [ending('below|under|within|beneath'), 'max'],
  [ending('over|above|beyond'), 'min'],
];
const BEHIND: readonly [RegExp, Bound][] = [
  [
    /^\s*(?:(?:or|and) (?:less|fewer|below|under|lower|shorter|faster)(?=\s*(?:$|[.,;)]))|at (?:the )?most\b|(?:max(?:imum)?|tops)(?=\s*(?:$|[.,;)])))/i,
    'max',
  ],
  [
    /^\s*(?:(?:or|and) (?:more|above|over|up|higher|longer|upwards?|beyond)(?=\s*(?:$|[.,;)]))|at (?:the very )?least\b|min(?:imum)?(?=\s*(?:$|[.,;)]))|plus\b)/i,
    'min',
  ],
];

/**
 * A bound that the fact is none of: `never exceeds {{F1}}`, where F1 is a median. How far things differ at most, and how many runs
 * are needed at least, are bounds by themselves.
 */
export function boundFaults(name: string, fact: Fact, { text, start, end }: Setting): string[] {
  if (typeof fact.value === 'string' || /^(?:range|more runs)/.test(fact.statistic)) return [];
  const [before, behind] = [text.slice(Math.max(0, start - 80), start), text.slice(end, end + 40)];
  const found =
    [...BOUNDS, ...(fact.unit === null ? [] : PLACES)].find(([words]) => words.test(before)) ??
    BEHIND.find(([words]) => words.test(behind));
  if (found === undefined) return [];
  const statistics = statisticsOf(fact.statistic, phraseOf(fact.metric));
  return statistics.has(found[1]) ? [] : [`speaks of ${name} as a bound, and it is the ${fact.statistic}`];
}

const SUPERLATIVE =
  /\b(?:fastest|quickest|slowest|(?<!at )best(?! practices?)|worst|winner|wins|won|optimal|top[- ]perform\w+|unmatched|unbeaten|second to none|(?:most|least) (?:efficient|performant|responsive|stable|capable))\b/gi;
const CHOSEN: ReadonlySet<Fact['kind']> = new Set(['choice', 'comparison', 'change']);

/** A winner beside references of which none shows one: neither a choice nor a comparison, nor an extreme. */
export function superlativeFaults(prose: string, references: readonly { fact: Fact }[]): string[] {
  const shows = ({ fact }: { fact: Fact }) =>
    CHOSEN.has(fact.kind) || [...statisticsOf(fact.statistic, '')].some((one) => one === 'max' || one === 'min' || one === 'best');
  if (references.length === 0 || references.some(shows)) return [];
  const words = prose.replace(/`[^`\n]*`/g, (code) => ' '.repeat(code.length));
  return [...words.matchAll(SUPERLATIVE)].flatMap((match) =>
    isDenied(words, match.index) ? [] : [`says "${match[0]}" beside facts that show no such thing`],
  );
}
