import { type ArtifactKind, instantText } from '@chimera/shared/domain';
import { isIn, type StatedDate } from './date.ts';
import type { DateFrame } from './date-role.ts';
import { contradicted, type Judgement, supported, unsupported } from './judgement.ts';
import { DAY, latestFact, latestOf } from './modification-times.ts';
import type { Truth } from './truth.ts';

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

function modificationFacts(truth: Truth, { kinds }: DateFrame, latest: number): string[] {
  const at = iso(latest);
  const facts = truth.modifications.filter(
    (fact) => fact.kind === 'modification' && fact.value === at && (kinds.size === 0 || kinds.has(fact.labels.kind as ArtifactKind)),
  );
  return facts.slice(0, 1).map((fact) => fact.id);
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
