import { counted, type Fact, numberText } from '@chimera/shared/domain';
import { fact, shown } from '../fact.ts';
import { LEAST_SUPERIORITY } from '../verdict.ts';
import { medianOf } from './cells.ts';
import type { EvidencedCell } from './evidenced-cells.ts';
import { adjustedText, caveatText, certaintyText, comparisonPart, draftOf, mediansText, sourcesOf } from './fact-parts.ts';
import type { SpeedUp } from './speed-ups.ts';

const FORMULA =
  'median wall clock of serial over that of the other arrangement, same profile and start, both measured; the verdict is that of the wall clocks (Mann-Whitney p below 0.05, the 95 % bootstrap interval of the ratio without 1, a difference of 2 % at least, superiority 0.9 at least)';

/** The speed-up of a cell against serial. */
export function speedUpFact(one: SpeedUp<EvidencedCell>): Fact {
  const { of, to, judged, ratio, interval } = one;
  const [wall] = judged;
  if (wall === undefined) throw new Error('A speed-up needs wall clocks: this is a fault of Chimera; please report it.');
  return fact({
    ...draftOf(of),
    metric: 'speed_up',
    statistic: `${of.arrangement} against serial`,
    value: ratio,
    unit: 'times',
    n: wall.n[0] + wall.n[1],
    interval,
    claim: claimOf(one, ratio),
    formula: FORMULA,
    sources: sourcesOf([of, to]),
    comparison: comparisonPart(wall, one, { label: 'arrangement', of: of.arrangement, to: 'serial' }),
  });
}

function claimOf(one: SpeedUp<EvidencedCell>, ratio: number): string {
  const { judged, of, interval, caveats } = one;
  const [wall] = judged;
  if (wall === undefined) return '';
  const name = of.arrangement;
  const whose = ` for profile ${of.profile}, ${of.start}`;
  const clocks = `${mediansText(wall, 's')} of wall clock`;
  const certainty = certaintyText(interval, wall.n);
  const p = adjustedText(wall, 1, one);
  const said = {
    worse: `${name} is slower than serial${whose}: ${clocks}, a speed-up of ${numberText(ratio)}${certainty}, below 1: it takes longer than one call after the other${p}`,
    better: `${name} is faster than serial${whose}: ${clocks}, a speed-up of ${numberText(ratio)}${certainty}${p}`,
    'no difference shown': `No difference is shown between ${name} and serial${whose}: ${clocks}, a speed-up of ${numberText(ratio)}${certainty}${p}${overlapText(one)}`,
    'not enough samples': `Whether ${name} is faster or slower than serial${whose} cannot be told yet: ${clocks}, a speed-up of ${numberText(ratio)} so far${certainty}; ${counted(one.needed, 'more run')} a side ${one.needed === 1 ? 'is' : 'are'} needed`,
  }[wall.verdict];
  return `${said}${rateText(one)}.${caveatText(caveats)}`;
}

/** Where the medians differ and single runs do not tell the two apart. */
function overlapText({ judged: [wall], interval }: SpeedUp<EvidencedCell>): string {
  if (interval === null || (interval[0] <= 1 && interval[1] >= 1)) return '';
  const sure = wall?.superiority ?? null;
  if (sure === null || sure >= LEAST_SUPERIORITY || sure <= 1 - LEAST_SUPERIORITY) return '';
  const surer = Math.max(sure, 1 - sure) * 100;
  return `; the medians differ, and single runs overlap too much to tell: ${shown({ value: surer, unit: '%' })} of the pairs of runs go one way, ${LEAST_SUPERIORITY * 100} % are asked`;
}

/** The tokens per second of both, which wall clocks of outputs of one length follow. */
function rateText({ of, to }: SpeedUp<EvidencedCell>): string {
  const rates = [of, to].map((cell) => medianOf(cell, 'output_token_throughput'));
  const [own, serial] = rates;
  if (own === null || serial === null || own === undefined || serial === undefined) return '';
  return `; together ${shown({ value: own, unit: 'tok/s' })} against ${shown({ value: serial, unit: 'tok/s' })}`;
}
