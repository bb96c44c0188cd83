import type { Claim } from './claim.ts';
import { countSubject } from './count-subject.ts';
import { judgeComparison } from './judge-comparison.ts';
import { judgePart } from './judge-count.ts';
import { judgeDate } from './judge-date.ts';
import { judgeDominance } from './judge-dominance.ts';
import { judgeName } from './judge-name.ts';
import { judgeNumber } from './judge-number.ts';
import { judgeChange, judgeInterval, judgeRange } from './judge-range.ts';
import { judgeRecency } from './judge-recency.ts';
import { judgeSample } from './judge-sample.ts';
import { judgeSpread } from './judge-spread.ts';
import { type Judgement, supported, unsupported } from './judgement.ts';
import { isNoStatement, isTurned } from './no-statement.ts';
import { cellUnit, dateFrame, frame, type Place } from './place.ts';
import { unknownUnitOf } from './unit-behind.ts';

/** Judges a claim by what the artifacts say. What is denied or only supposed is neither supported nor contradicted. */
export function judge(place: Place): Judgement {
  // A sentence that is word for word one of a fact's claim says what the fact says.
  const said = place.sentence.said();
  if (said) return supported(said.claim, [said.id]);
  const judgement = judgeByKind(place);
  const turned = judgement.verdict === 'unsupported' ? null : isTurned(place);
  if (turned !== null) return unsupported(turned);
  if (judgement.verdict !== 'contradicted') return judgement;
  const reason = isNoStatement(place);
  return reason === null ? judgement : unsupported(reason);
}

function judgeByKind(place: Place): Judgement {
  const { claim, stretch, own, around, truth } = place;
  const cell = stretch.kind === 'cell' ? { column: stretch.column, row: stretch.row } : null;
  switch (claim.kind) {
    case 'date':
      return judgeDate(claim.dates, dateFrame(place), truth);
    case 'comparison':
      return judgeComparison(claim, own, frame(place, null).metrics, truth);
    case 'dominance':
      return judgeDominance(claim, own, truth);
    case 'recency':
      return judgeRecency(claim.days, own.text.slice(0, claim.start), truth);
    case 'name':
      return judgeName(claim.name, own.text, truth);
    case 'sample':
      return judgeSample(place);
    case 'spread':
      return judgeSpread(place);
    case 'part': {
      const subject = countSubject(claim, own, around, cell, truth);
      return subject === null ? judgeSample(place) : { ...judgePart(claim.part, claim.whole, subject, truth), subject };
    }
    case 'range':
      if (/\b(?:interval|CI)\W*$/.test(own.text.slice(0, claim.start)))
        return judgeInterval(
          claim,
          place.before.flatMap((other) => other.entries),
        );
      if (CHANGE.test(own.text.slice(0, own.start)))
        return judgeChange({ ...claim, unit: claim.unit ?? cellUnit(place) }, frame(place, claim.unit ?? cellUnit(place)), truth);
      return judgeRangeIn(place, claim);
    case 'number':
      return judgeNumber(place, cell);
  }
}

/** Judges a range by what its sentence speaks of; what files write without a unit is not what a word behind the range names. */
function judgeRangeIn(place: Place, claim: Extract<Claim, { kind: 'range' }>): Judgement {
  const unit = claim.unit ?? cellUnit(place);
  const judgement = judgeRange({ ...claim, unit }, frame(place, unit), place.truth);
  const word = unit === null && judgement.entries.every((entry) => entry.unit === null) ? unknownUnitOf(place) : null;
  return judgement.verdict === 'unsupported' || word === null ? judgement : unsupported(`"${word}" behind it is no unit that is known`);
}

const CHANGE =
  /\b(?:cuts?|drop(?:s|ped)?|went|goes|improv\w+|reduc\w+|slow(?:s|ed)|increas\w+|decreas\w+|rose|rises|fell|falls|grew|grows|climb\w+|shr[aiu]nks?|brings?|brought|lower(?:s|ed)|rais(?:es|ed)|jump\w*|declin\w+|speeds?|sped)\b[^.;]{0,80}\bfrom\s*$/i;
