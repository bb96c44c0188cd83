import { isBetween } from './between.ts';
import type { Setting } from './frame.ts';

type At = { start: number; end: number };

// In characters: what the words between add, and what counts for more behind a value than before it.
const CLAUSE_BEFORE = 40;
const CLAUSE_BEHIND = 60;
const BEHIND = 12;
const BEHIND_TIMES = 2;
const JOINED_TIMES = 1 / 8;

/** How far a mention is from the claim: one before it counts as nearer than one behind it, unless that is joined by `of`, `for`, … */
export function distance(mention: At, { text, start, end }: Setting): number {
  if (start < 0) return -mention.start;
  if (mention.end <= start) {
    const between = text.slice(mention.end, start);
    return between.length + (CLAUSE.test(between) ? CLAUSE_BEFORE : 0);
  }
  if (mention.start >= end) {
    const between = text.slice(end, mention.start);
    if (isBetween(JOINED, text, end, mention.start)) return between.length * JOINED_TIMES;
    return between.length * BEHIND_TIMES + BEHIND + (CLAUSE.test(between) ? CLAUSE_BEHIND : 0);
  }
  return 0;
}

const CLAUSE = /[;,(]|\b(?:and|while|whereas|but|versus|vs|against|than|compared)\b/;
/** Words that join a mention to the value right before it. */
export const JOINED =
  /^[\s)*"'`]*(?:of|for|in|on|with|at|by|per|is the|was the|as the|\()?[\s*"'`]*(?:the\s+)?(?:model|median|mean|average)?[\s*"'`]*$/i;

/** The mention nearest to the claim; null where there is none. */
export function nearest<M extends At>(mentions: readonly M[], setting: Setting): M | null {
  // The words between are only read of those that may be it: a long sentence names a hundred things.
  const most =
    mentions.length < FEW
      ? Number.POSITIVE_INFINITY
      : mentions.reduce((n, m) => Math.min(n, boundsOfDistance(m, setting).most), Number.POSITIVE_INFINITY);
  let best: M | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const mention of mentions) {
    if (boundsOfDistance(mention, setting).least > most) continue;
    const away = distance(mention, setting);
    if (away < least) [best, least] = [mention, away];
  }
  return best;
}

const FEW = 4;

/** What the distance of a mention lies between, whatever words stand there. */
function boundsOfDistance(mention: At, { start, end }: Setting): { least: number; most: number } {
  if (start < 0) return { least: -mention.start, most: -mention.start };
  if (mention.end <= start) return { least: start - mention.end, most: start - mention.end + CLAUSE_BEFORE };
  const behind = Math.max(0, mention.start - end);
  return { least: behind * JOINED_TIMES, most: behind * BEHIND_TIMES + BEHIND + CLAUSE_BEHIND };
}
