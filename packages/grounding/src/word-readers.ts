import type { Direction } from './claim.ts';
import { plainNumeral, type Reader } from './claim-readers.ts';
import type { Dominance } from './judge-dominance.ts';

const COMPARATIVES: readonly [string, Direction][] = [
  [
    'faster|quicker|more performant|outperform(?:s|ed|ing)?|better|superior|improv(?:es?|ed|ing|ement)|more efficient|surpass(?:es|ed)|beats?|(?:speeds?|sped|speeding) up|accelerat(?:es|ed|ing)',
    'better',
  ],
  [
    'slower|less performant|worse|inferior|underperform(?:s|ed|ing)?|regress(?:es|ed|ion)|degrad(?:es?|ed|ation)|lags? behind|trails|less efficient|slow(?:s|ed|ing) down',
    'worse',
  ],
  [
    'higher|greater|larger|more(?= than(?!\\s+[\\d.]))|increas(?:es?|ed|ing)|exceed(?:s|ed)|longer|rose|rises|grew|gained|up(?= by)',
    'higher',
  ],
  [
    'lower|smaller|less(?= than(?!\\s+[\\d.]))|fewer(?= than(?!\\s+[\\d.]))|decreas(?:es?|ed|ing)|reduc(?:es|ed|tion)|shorter|fell|falls|dropped|down(?= by)|declined',
    'lower',
  ],
  ['no (?:significant )?(?:difference|change)|the same as|equal to|identical to|unchanged', 'same'],
];
const COMPARISON = new RegExp(COMPARATIVES.map(([words, direction]) => String.raw`(?<${direction}>\b(?:${words})\b)`).join('|'), 'giu');

const DOMINANCES: readonly [RegExp, Dominance][] = [
  [
    /\b(?:(?:vast|overwhelming|large|clear)\s+)?majority of (?:the |these |all )?(?:\p{L}+\s){0,2}?files\b|\bmost of the (?:\p{L}+\s)?files\b|\bbulk of the (?:\p{L}+\s){0,2}files\b/giu,
    'majority',
  ],
  [
    /\bsecond[\s-]+(?:largest|most (?:common|frequent))\s+(?:single\s+)?(?:file\s+)?(?:category|group|type|kind|format|share|portion)\b/giu,
    'second',
  ],
  [
    /\b(?:largest|biggest|dominant|most (?:common|frequent|prevalent|numerous))\s+(?:single\s+)?(?:file\s+)?(?:category|group|type|kind|format|share|portion)(?:\s+of\s+(?:the\s+)?files)?\b/giu,
    'largest',
  ],
  [/\b(?:primary|main|largest)\s+(?:directory|folder)\b/giu, 'folder'],
];
const RECENCY =
  /\b(?:within|in|over|during) the (?:last|past) (?<n>\d{1,3}|two|three|four|five|six|few)?\s*(?<of>day|week|month|year)s?\b/giu;
const DAYS: Readonly<Record<string, number>> = { day: 1, week: 7, month: 31, year: 366 };

/** The readers of words that state something without a number: that one thing is more than another, or most of all, or recent. */
export const WORD_READERS: readonly Reader[] = [
  ...DOMINANCES.map(
    ([pattern, word]): Reader => ({
      pattern,
      hint: /files|category|group|type|kind|format|share|portion|directory|folder/i,
      read: ({ start, end, text }) => [{ kind: 'dominance', start, end, text, hedge: null, word }],
    }),
  ),
  {
    pattern: RECENCY,
    hint: /the (?:last|past)/i,
    read: ({ start, end, text, groups: { n, of = 'day' } }) => {
      const times = n === undefined ? 1 : n === 'few' ? 4 : (plainNumeral(n)?.value ?? 1);
      return [{ kind: 'recency', start, end, text, hedge: null, days: times * (DAYS[of.toLowerCase()] ?? 1) }];
    },
  },
];

/** The reader of words that compare. */
export const COMPARISON_READER: Reader = {
  pattern: COMPARISON,
  hint: /\p{L}/u,
  read: ({ start, end, text, groups }) => {
    const [direction, word] = Object.entries(groups).find(([, found]) => found !== undefined) ?? [];
    return direction === undefined || word === undefined
      ? []
      : [{ kind: 'comparison', start, end, text, hedge: null, direction: direction as Direction, word: word.toLowerCase() }];
  },
};
