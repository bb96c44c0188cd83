import type { Entry } from './entry.ts';
import { textOf, told } from './entry-words.ts';
import { contradicted, factsOf, type Judgement, supported, unsupported } from './judgement.ts';
import { frame, type Place } from './place.ts';
import { boundsOf } from './stated-value.ts';
import type { Truth } from './truth.ts';

const THINGS = '(records?|rows?|lines?|entry|entries|requests?|responses?)';
const BEHIND = new RegExp(String.raw`^(?:\p{L}[\p{L}-]* )?${THINGS}\b`, 'iu');
const PREPOSITION = /\b(?:in|of|from|with|that|are|were|is|to|for|which|and|on|per|at|by)\b/;
const HEADING = new RegExp(
  String.raw`^\W*(?:(?:total|number of|num|no\. of|count of)\s+)?(?:\p{L}[\p{L}-]*\s+)?${THINGS}(?:\s+count)?\W*$`,
  'iu',
);
const BEFORE = new RegExp(
  String.raw`(?:(?:^|[\n;,(])\W*(?:total\s+|number of\s+)?(?:\p{L}[\p{L}-]*\s+)?${THINGS}["'*\x60]*\s*[:=]|\bnumber of\s+(?:\p{L}[\p{L}-]*\s+)?${THINGS}\b(?:[^.;\d]|\.(?=\w)){0,60})[\s"'*\x60]*$`,
  'iu',
);

/** `3 failed requests out of 8123`: the whole is a number of them too. */
const WHOLE = new RegExp(String.raw`\b${THINGS}(?:\s+\p{L}+)?\s+out\s+of\s+(?:the\s+|all\s+)?$`, 'iu');

/** What a whole number without a unit counts, by the words around it, if these are records, rows, lines or requests: `record`. */
export function countedThings({ claim, own }: Place, cell: { column: string; row: string } | null): string | null {
  if (claim.kind !== 'number') return null;
  const head = claim.noun.split(PREPOSITION, 1)[0] ?? '';
  const lead = own.text.slice(Math.max(0, claim.start - 120), claim.start);
  const before = BEFORE.exec(lead) ?? WHOLE.exec(lead);
  const [rowLabel = ''] = cell === null ? [] : cell.row.split(' | ');
  const heading = cell === null || claim.noun !== '' ? null : (HEADING.exec(cell.column) ?? HEADING.exec(rowLabel));
  const word = BEHIND.exec(head)?.[1] ?? before?.[1] ?? before?.[2] ?? heading?.[1];
  return word === undefined ? null : word.toLowerCase().replace(/ies$/, 'y').replace(/s$/, '');
}

/**
 * Judges a number of records, rows, lines or requests: by how many the file has, or by a number of the artifacts that is a count. What
 * is measured of them never is.
 * @param things as `countedThings` names them
 * @param byValue how the number would be judged as a value
 */
export function judgeRecordCount(place: Place, things: string, byValue: () => Judgement): Judgement {
  const { claim, truth } = place;
  if (claim.kind !== 'number') return unsupported('it is no number');
  const { low, high } = boundsOf(claim);
  const paths = frame(place, null).paths;
  const [file, ...others] = paths === null ? truth.artifacts : truth.artifacts.filter(({ path }) => paths.has(path));
  const alone = others.length === 0 && file?.status === 'read' ? file : undefined;
  if (alone !== undefined && (things === 'record' || things === 'row' || things === 'entry')) {
    if (alone.records >= low && alone.records <= high)
      return supported(`${alone.path} was read as ${alone.records} records`, [], [], String(alone.records));
  }
  // Each takes a byte at the very least; a request may stand in no line of its own.
  if (alone !== undefined && low > alone.bytes && things !== 'request' && things !== 'response')
    return contradicted(`${alone.path} has ${alone.bytes} bytes, too few for so many`, [], [], `${alone.records} records`);
  const judgement = byValue();
  if (judgement.verdict === 'unsupported') return judgement;
  const counts = judgement.entries.filter((entry) => isCount(entry, things, truth));
  // The words around may speak of a mean, or of a part of them: a count has no other statistic.
  const same = counts.find(({ value }) => value >= low && value <= high);
  if (same !== undefined && judgement.verdict === 'contradicted')
    return supported(told(same, truth), factsOf([same]), [same], textOf(same));
  const isWhole = WHOLE.test(place.own.text.slice(0, claim.start));
  if (counts.length > 0 && counts.length === judgement.entries.length && !isWhole) return judgement;
  return unsupported(`it counts something (${things}), and the artifacts state no such count of what its sentence names`);
}

function isCount({ unit, metric }: Entry, things: string, truth: Truth): boolean {
  const name = (truth.metrics[metric] ?? '').toLowerCase();
  return unit === null && (name.includes(things) || /count|total|num|complet|succe|fail/.test(name));
}
