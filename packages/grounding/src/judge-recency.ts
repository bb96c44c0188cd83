import { contradicted, type Judgement, unsupported } from './judgement.ts';
import { DAY, latestFact, latestOf } from './modification-times.ts';
import type { Truth } from './truth.ts';

const MOST_OF = /\b(?:all|every|majority|most(?! recent)|mostly|primarily|predominantly|mainly|largely)\b/i;
const CHANGED = /\b(?:modif\w+|updated|recen\w+|activity)\b/i;
// So small a share is not what "the files were changed within the last month" says.
const FEW = 10;

/** How many of a hundred files were modified in the days up to the latest modification; null where the times cannot be trusted. */
export function recentShare(days: number, truth: Truth): number | null {
  if (truth.modified === null) return null;
  const times = [...truth.modified.values()];
  const from = latestOf(times) - days * DAY;
  return (100 * times.filter((time) => time >= from).length) / times.length;
}

/** Judges that most files are of the last days. When a page was written is not known: the latest modification is the last it can be. */
export function judgeRecency(days: number, before: string, truth: Truth): Judgement {
  if (truth.modified === null || !(MOST_OF.test(before) || CHANGED.test(before)))
    return unsupported('of which day it counts back is not said');
  const times = [...truth.modified.values()];
  const from = latestOf(times) - days * DAY;
  const recent = times.filter((time) => time >= from).length;
  const fact = latestFact(truth);
  const words = `${recent} of ${times.length} artifacts were modified in the ${days} days up to the latest modification`;
  // The page is younger than that, so no more can be.
  // The latest are recent by what they are.
  if (/\b(?:latest|most recent|newest)\b/i.test(before) && !MOST_OF.test(before)) return unsupported(words);
  const enough = MOST_OF.test(before) ? recent * 2 > times.length : recent * FEW > times.length;
  return enough ? unsupported(words) : contradicted(words, fact ? [fact.id] : []);
}
