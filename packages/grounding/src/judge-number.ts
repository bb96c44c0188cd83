import { isBetween } from './between.ts';
import { shareAbout } from './count-about.ts';
import { type CountSubject, countSubject } from './count-subject.ts';
import { claimsIn } from './find-claims.ts';
import { EVERYTHING, factsThatCount, judgeCount, judgeShare } from './judge-count.ts';
import { isDifference, judgeDifference, judgeRatio } from './judge-ratio.ts';
import { recentShare } from './judge-recency.ts';
import { countedThings, judgeRecordCount } from './judge-records.ts';
import { isSampleNoun, judgeRowSample, judgeSample } from './judge-sample.ts';
import { judgeSize } from './judge-size.ts';
import { judgeSpanLength } from './judge-span-length.ts';
import { judgeValue } from './judge-value.ts';
import { contradicted, type Judgement, unsupported } from './judgement.ts';
import { cellUnit, frame, missingFile, type Place, unitBefore } from './place.ts';
import { canonicalSetting } from './setting-words.ts';
import { boundsOf, COPIED_DIGITS } from './stated-value.ts';
import type { Truth } from './truth.ts';
import { unknownUnitOf } from './unit-behind.ts';
import type { Unit } from './units.ts';

/** Judges a number, whatever it is of: files, samples, a share, a ratio, a difference or a measured value. */
export function judgeNumber(place: Place, cell: { column: string; row: string } | null): Judgement {
  const { claim, own, around, truth, before } = place;
  if (claim.kind !== 'number') return unsupported('it is no number');
  if (cell !== null && claim.unit === null && isSettingColumn(cell.column, truth)) return unsupported('it says what was configured');
  if (cell !== null && claim.unit === null && SAMPLES.test(cell.column) && Number.isInteger(claim.numeral.value))
    return judgeRowSample(place);
  if (!Number.isFinite(claim.numeral.value)) return unsupported('it is too large to be read');
  // Tokens and the points of a score are what is counted: files write no unit beside them.
  const isCount = claim.unit?.dimension === 'tokens' || (claim.unit?.name === 'points' && isOfScore(place));
  const unit = isCount ? null : (claim.unit ?? cellUnit(place) ?? unitBefore(place));
  const stated = { ...claim, unit };
  const missing = missingFile(place);
  if (missing !== null && (unit === null || unit.dimension !== 'ratio')) return contradicted(`no artifact is called ${missing}`, []);
  if (unit?.dimension === 'bytes') {
    const size = judgeSize({ ...place, claim: stated });
    if (size) return size;
  }
  if (unit?.name === '%') {
    const share = judgeNamedShare(place);
    if (share) return share;
  }
  const whole = Number.isInteger(claim.numeral.value) && claim.numeral.value >= 0;
  if ((unit === null && whole) || unit?.name === '%') {
    const subject = subjectBefore(place) ?? countSubject(claim, own, around, cell, truth);
    if (subject !== null) {
      const judgement =
        unit === null ? judgeCount(claim.numeral, claim.hedge, subject, truth) : judgeShare(claim.numeral, claim.hedge, subject, truth);
      return { ...judgement, subject };
    }
  }
  if (unit?.dimension === 'span') return judgeSpanLength(claim.numeral, unit, claim.hedge, before.at(-1)?.claim ?? null, own, claim.start);
  if (unit !== null && (unit.dimension === 'ratio' || unit.dimension === 'times')) {
    const ratio = judgeRatio({ ...claim, unit, start: own.start, end: own.end }, own, frame(place, null).metrics, truth);
    if (ratio) return ratio;
  }
  if (
    unit !== null &&
    unit.dimension !== 'ratio' &&
    unit.dimension !== 'points' &&
    unit.dimension !== 'times' &&
    isDifference(own.text.slice(0, own.start), own.text.slice(own.end))
  ) {
    return judgeDifference({ ...claim, unit, start: own.start, end: own.end }, own, frame(place, unit).metrics, truth);
  }
  const sample = unit === null && whole ? judgeSample(place) : null;
  if (sample && (sample.verdict !== 'unsupported' || isSampleNoun(claim.noun))) return sample;
  const things = unit === null && whole ? countedThings(place, cell) : null;
  const byValue = () => judgedAsValue({ ...place, claim: stated });
  return things === null ? byValue() : judgeRecordCount(place, things, byValue);
}

function judgedAsValue(place: Place): Judgement {
  const { claim, truth } = place;
  if (claim.kind !== 'number') return unsupported('it is no number');
  const judgement = judgeValue(claim, frame(place, claim.unit), truth);
  if (judgement.verdict === 'contradicted' && place.sentence.unknownModel() !== null && claim.numeral.digits < COPIED_DIGITS)
    return unsupported('its sentence names a model that no artifact does');
  return judgement.verdict === 'supported' ? failClosed(judgement, place, claim.unit) : judgement;
}

/** What names something that nobody here knows is supported by nothing. */
function failClosed(judgement: Judgement, place: Place, unit: Unit | null): Judgement {
  const model = place.sentence.unknownModel();
  if (model !== null) return unsupported(`its sentence names ${model}, which no artifact does`);
  const word = unit === null ? unknownUnitOf(place) : null;
  return word === null ? judgement : unsupported(`"${word}" behind it is no unit that is known`);
}

/** `a score of 1,234 points`, but not `3 points more`. */
function isOfScore({ claim, own }: Place): boolean {
  const [before, after] = [own.text.slice(0, claim.start), own.text.slice(claim.end)];
  return /\bscor(?:e[sd]?|ing)\b/i.test(before) && !isDifference(before, after);
}

const SAMPLES = /^\W*(?:n|runs?|samples?|repeats?|repetitions?|iterations?|# ?runs)\W*$/i;

function isSettingColumn(column: string, truth: Truth): boolean {
  return truth.settingValues.has(canonicalSetting(column.replace(/[`*"]/g, '').trim()));
}

/** `over 80 % were modified within the last month`, `some 30 % of the data relates to compilation`: shares by time or by name. */
function judgeNamedShare({ claim, own, truth }: Place): Judgement | null {
  if (claim.kind !== 'number') return null;
  const recency = claimsIn(own.text).find((other) => other.kind === 'recency');
  const { low } = boundsOf(claim);
  if (recency?.kind === 'recency' && /\bfiles?\b|modif|updated/i.test(own.text)) {
    const share = recentShare(recency.days, truth);
    if (share === null) return null;
    const words = `${share.toFixed(1)} % of the artifacts were modified in the ${recency.days} days up to the latest modification`;
    // The page is younger than that, so no more can be.
    return share < low ? contradicted(words, factsThatCount(EVERYTHING, truth), [], `${share.toFixed(1)} %`) : unsupported(words);
  }
  const about = shareAbout(own.text.slice(0, own.start), own.text.slice(own.end), truth);
  return about === null ? null : judgeShare(claim.numeral, claim.hedge, { ...EVERYTHING, pattern: about }, truth);
}

const IN_BRACKETS =
  /^[\s*"'`]*(?:files?|artifacts?|of the (?:total|files|dataset)|documents?)?[\s*"'`]*(?:[(–—=/-]|,?\s(?:representing|comprising|constituting|making up|accounting for|which (?:is|are)))\s*(?:approximately|about|around|roughly|nearly|almost|over|some|~|≈|or|i\.e\.,?)?\s*$/i;

/** `87 (86.5 %)`, `98 % (about 98 files)`: what stands in brackets behind a count or a share is of the same artifacts. */
function subjectBefore({ before, own }: Place): CountSubject | null {
  const last = before.at(-1);
  return last?.subject !== undefined && isBetween(IN_BRACKETS, own.text, last.claim.end, own.start) ? last.subject : null;
}
