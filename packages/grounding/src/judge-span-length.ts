import type { Claim, Hedge } from './claim.ts';
import { contradicted, type Judgement, supported, unsupported } from './judgement.ts';
import { DAY } from './modification-times.ts';
import type { Numeral } from './numeral.ts';
import type { Unit } from './units.ts';

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
