import { type ArtifactKind, type Fact, instantText } from '@chimera/shared/domain';
import type { Claim, Hedge } from './claim.ts';
import { isIn, type StatedDate } from './date.ts';
import { contradicted, type Judgement, supported, unsupported } from './judgement.ts';
import type { Numeral } from './numeral.ts';
import type { Truth } from './truth.ts';
import type { Unit } from './units.ts';

/** What a date is said to be of. */
export type DateRole = 'report' | 'latest' | 'all' | 'modified' | 'gathered' | 'collected' | 'other';

/** `several`: the sentence gives more than one date. */
export type DateFrame = { role: DateRole; kinds: ReadonlySet<ArtifactKind>; paths: ReadonlySet<string> | null; several: boolean };

const REPORT =
  /(?:^|[.;|*(:]|\s{2,})\W*(?:report\s+)?(?:date|date of (?:the\s+)?(?:report|analysis)|generated(?: on)?|prepared(?: on)?|published|report date|created(?: on)?|issued|as of|last updated|timestamp|date prepared|analysis date)\b\W*$/i;

/** What role a date plays, from the words before it in its sentence and from what frames it. */
export function dateRole(before: string, sentence: string, around: string): DateRole {
  const lead = before.slice(-70);
  if (REPORT.test(before.slice(-40).trimStart())) return 'report';
  if (/\breport\b[^.]{0,40}\b(?:dated|generated(?: on)?|prepared(?: on)?|as of|written(?: on)?)\W*$/i.test(lead)) return 'report';
  const near = `${around} ${sentence}`;
  if (
    /\b(?:collected|gathered|collection|measured|recorded|captured)\b(?![\s\S]*\b(?:updated|modified|modification))[^.;]{0,50}$/i.test(lead)
  )
    return 'gathered';
  const changed = /modif|updated|chang|touched|timestamp|recen|latest|last/i;
  if (
    /\b(?:all|every|each|majority|most(?! recent)|mostly|primarily|predominantly|concentrat\w+|consistent|mainly|largely|focus\w*|peak\w*|surge\w*|high(?:er)? activity|increased activity)\b(?![\s\S]*\b(?:latest|most recent|newest)\b)[^.;]{0,70}$/i.test(
      lead,
    )
  )
    // "The latest files are concentrated around …" speaks of the latest.
    return /\bof (?:all|any)\b[^.;]{0,20}$|\b(?:latest|most recent(?:ly)?|newest)\b(?!\s+modified dates)(?![\s\S]*\b(?:majority|all|most of)\b)/i.test(
      lead,
    )
      ? 'latest'
      : 'all';
  if (
    /\b(?:latest|last|most recent(?:ly)?|newest|up to|final)\b/i.test(sentence) ||
    /\b(?:latest|last|most recent|newest|final)\b/i.test(around)
  )
    return 'latest';
  if (changed.test(near)) return 'modified';
  if (/collect|gather|time ?frame|period|span|between|generated|conducted|benchmarks?|dataset|activity|data\b|runs?\b/i.test(near))
    return 'collected';
  return 'other';
}

/** Judges a date by modification times and by the times that artifacts state; where neither can be trusted there is no evidence. */
export function judgeDate(dates: readonly StatedDate[], frame: DateFrame, truth: Truth): Judgement {
  const [first, last] = [dates[0], dates.at(-1)];
  if (first === undefined || last === undefined) return unsupported('it is no date');
  if (frame.role === 'report') return judgeReportDate(first, truth);
  if (frame.role === 'gathered') {
    const { stated } = truth;
    if (stated === null || !first.year || dates.length > 1) return unsupported('when the measurements were taken is not stated');
    return first.to + DAY <= stated.first || first.from - DAY > stated.last
      ? contradicted(`the artifacts state times from ${instantText(iso(stated.first))} to ${instantText(iso(stated.last))}`, [])
      : supported('the artifacts state times around it', []);
  }
  const times = timesOf(frame, truth);
  if (times.length === 0) {
    const { stated } = truth;
    if (stated !== null && first.year && last.to <= stated.first - DAY)
      return contradicted(`the artifacts are of ${instantText(iso(stated.first))} and later`, []);
    return unsupported('the modification times of these artifacts cannot be trusted, and nothing else dates it');
  }
  if (dates.length > 1) return judgeSpan(first, last, times, truth, frame);
  const latest = latestOf(times);
  if (frame.role === 'latest' || frame.role === 'other') {
    if (isIn(first, latest))
      return supported(`the latest modification is ${instantText(iso(latest))}`, modificationFacts(truth, frame, latest));
    if ((frame.role === 'other' || frame.several) && frame.kinds.size === 0 && (frame.paths?.size ?? 0) === 0) {
      const ofKind = truth.modifications.find(
        (fact) => fact.kind === 'modification' && typeof fact.value === 'string' && isIn(first, Date.parse(fact.value)),
      );
      if (ofKind) return supported(ofKind.claim, [ofKind.id]);
      if (first.grain === 'second' && times.some((time) => isIn(first, time))) return supported('an artifact was modified then', []);
    }
    return frame.role === 'other' && liesWithin(first, truth)
      ? unsupported('its sentence does not say of what it is the date')
      : contradicted(
          `the latest modification is ${instantText(iso(latest))}`,
          modificationFacts(truth, frame, latest),
          [],
          instantText(iso(latest)),
        );
  }
  const inside = times.filter((time) => isIn(first, time)).length;
  if (frame.role === 'all') {
    if (inside * 2 > times.length) return supported('most of the modifications are of that time', modificationFacts(truth, frame, latest));
    return contradicted(`${inside} of ${times.length} artifacts were modified then`, modificationFacts(truth, frame, latest));
  }
  if (inside > 0) return supported(`${inside} of ${times.length} artifacts were modified then`, modificationFacts(truth, frame, latest));
  if (frame.role === 'collected' && liesWithin(first, truth))
    return unsupported('artifacts state times around it, and none of that very time');
  return contradicted(
    `no artifact was modified then; the latest modification is ${instantText(iso(latest))}`,
    modificationFacts(truth, frame, latest),
  );
}

const DAY = 86_400_000;

/** A report cannot be older than what it reports on. */
function judgeReportDate(date: StatedDate, truth: Truth): Judgement {
  const known = truth.modified === null ? truth.stated?.last : latestOf([...truth.modified.values()]);
  if (known === undefined || !date.year) return unsupported('nothing in the artifacts says when the report was written');
  // A day begins earlier elsewhere.
  if (date.to + DAY <= known) {
    const fact = truth.modified === null ? undefined : latestFact(truth);
    return contradicted(
      `the artifacts that it reports on are younger: ${truth.modified === null ? 'one states' : 'the latest was modified at'} ${instantText(iso(known))}`,
      fact ? [fact.id] : [],
      [],
      `${instantText(iso(known))} or later`,
    );
  }
  return unsupported('nothing in the artifacts says when the report was written');
}

function judgeSpan(first: StatedDate, last: StatedDate, times: readonly number[], truth: Truth, frame: DateFrame): Judgement {
  const [least, most] = [times.reduce((a, b) => Math.min(a, b)), latestOf(times)];
  const facts = modificationFacts(truth, frame, most);
  const fitsEnd = isIn(last, most);
  const fitsStart = isIn(first, least);
  if (fitsEnd && fitsStart)
    return supported(`the modifications lie between ${instantText(iso(least))} and ${instantText(iso(most))}`, facts);
  if (frame.role === 'all') {
    const inside = times.filter((time) => time >= first.from && time < last.to).length;
    return inside * 2 > times.length
      ? supported(`${inside} of ${times.length} artifacts were modified then`, facts)
      : contradicted(`${inside} of ${times.length} artifacts were modified then`, facts);
  }
  const { stated } = truth;
  const collected = frame.role === 'collected' || frame.role === 'other';
  if (collected && stated !== null && isIn(first, stated.first) && (isIn(last, stated.last) || fitsEnd))
    return supported('the times that artifacts state lie there', facts);
  if (first.year && last.year && last.to <= Math.min(least, stated?.first ?? least))
    return contradicted(`all artifacts are younger: from ${instantText(iso(least))} on`, facts);
  if (collected && liesWithin(first, truth) && liesWithin(last, truth))
    return unsupported('artifacts state times around it, and its sentence does not say of what it speaks');
  return contradicted(`the modifications lie between ${instantText(iso(least))} and ${instantText(iso(most))}`, facts);
}

function timesOf({ kinds, paths }: DateFrame, truth: Truth): number[] {
  if (truth.modified === null) return [];
  const of = truth.artifacts.filter(
    ({ path, kind }) => (paths === null || paths.size === 0 || paths.has(path)) && (kinds.size === 0 || kinds.has(kind)),
  );
  return of.flatMap(({ path }) => truth.modified?.get(path) ?? []);
}

/** Whether a date touches the time in which the artifacts came to be. */
function liesWithin(date: StatedDate, { modified, stated }: Truth): boolean {
  const all = [...(modified?.values() ?? []), ...(stated ? [stated.first, stated.last] : [])];
  if (all.length === 0 || !date.year) return true;
  return date.to > all.reduce((a, b) => Math.min(a, b)) && date.from <= latestOf(all);
}

function latestFact(truth: Truth): Fact | undefined {
  return truth.modifications.find((fact) => fact.kind === 'modification' && Object.keys(fact.labels).length === 0);
}

function modificationFacts(truth: Truth, { kinds }: DateFrame, latest: number): string[] {
  const at = iso(latest);
  const facts = truth.modifications.filter(
    (fact) => fact.kind === 'modification' && fact.value === at && (kinds.size === 0 || kinds.has(fact.labels.kind as ArtifactKind)),
  );
  return facts.slice(0, 1).map((fact) => fact.id);
}

function latestOf(times: readonly number[]): number {
  return times.reduce((a, b) => Math.max(a, b));
}

function iso(time: number): string {
  return new Date(time).toISOString();
}

const MONTH_DAYS = 30.44;

/** Judges a length of time that stands behind a span of dates: it is what lies between the two. */
export function judgeSpanLength(
  numeral: Numeral,
  unit: Unit,
  hedge: Hedge | null,
  before: Claim | null,
  { text }: { text: string },
  at: number,
): Judgement {
  const reason = 'nothing in the artifacts says how long it took';
  if (
    before?.kind !== 'date' ||
    before.dates.length !== 2 ||
    !/^[\s(,–—=:-]*(?:approximately|about|around|roughly|~|a period of|over|i\.e\.)?[\s(]*$/i.test(text.slice(before.end, at))
  )
    return unsupported(reason);
  const [first, last] = [before.dates[0], before.dates[1]];
  if (!first || !last) return unsupported(reason);
  const days = (last.to - first.from) / DAY;
  const inner = (last.from - first.to) / DAY;
  const slack = hedge === 'about' ? 0.35 : 0.15;
  const stated = numeral.value * unit.factor;
  return stated >= Math.max(0, inner) * (1 - slack) - 1 && stated <= days * (1 + slack) + 1
    ? supported('it is the time between the two dates', [])
    : contradicted(
        `the two dates lie ${days < 2 * MONTH_DAYS ? `${Math.round(days)} days` : `${(days / MONTH_DAYS).toFixed(1)} months`} apart at most`,
        [],
      );
}

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
