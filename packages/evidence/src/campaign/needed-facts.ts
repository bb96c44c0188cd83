import { counted, type Fact } from '@chimera/shared/domain';
import { fact } from '../fact.ts';
import { LEAST_RUNS } from '../verdict.ts';
import { runsOf } from './cells.ts';
import type { EvidencedCell } from './evidenced-cells.ts';
import { draftOf, sourcesOf } from './fact-parts.ts';
import type { Undecided } from './judge-campaign.ts';
import type { Untold } from './speed-ups.ts';

/** How many more runs an undecided comparison needs. */
export function neededFact({ name, of, to, needed, beyond }: Undecided<EvidencedCell>): Fact {
  const few = Math.min(runsOf(of), runsOf(to)) < LEAST_RUNS;
  const more = beyond
    ? `more than ${counted(needed, 'more run')} a side would be`
    : `${few ? 'at least' : 'about'} ${counted(needed, 'more run')} a side ${needed === 1 ? 'is' : 'are'}`;
  return fact({
    ...draftOf(of),
    metric: 'runs_needed',
    statistic: name,
    value: needed,
    unit: null,
    n: runsOf(of) + runsOf(to),
    claim: `Not decided by wall clock: ${name} (n = ${runsOf(of)} and ${runsOf(to)}); ${more} needed.`,
    formula:
      'runs a side until a test can show a difference at all or, with enough for that, until half the 95 % interval of the ratio of wall clocks, which falls with the root of n, is as small as 0.02 less its distance from 1, or as half that distance',
    sources: sourcesOf([of, to]),
  });
}

/** That there is nothing to compare a cell with. */
export function untoldFact({ of, against, why }: Untold<EvidencedCell>): Fact {
  const isSpeedUp = against === 'serial';
  const what = isSpeedUp
    ? `For profile ${of.profile} in ${of.arrangement}, ${of.start}, no speed-up can be told`
    : `Profile ${of.profile} in ${of.arrangement}, ${of.start} cannot be compared with ${against}`;
  const because =
    why === 'not measured'
      ? `${against} was not measured`
      : `what was in force differed between runs, and no runs of ${against} had the same`;
  return fact({
    ...draftOf(of),
    metric: isSpeedUp ? 'speed_up_untold' : 'comparison_untold',
    statistic: `${of.arrangement} against ${against}`,
    value: runsOf(of),
    unit: null,
    n: runsOf(of),
    claim: `${what}: ${because}; ${of.arrangement} has ${counted(runsOf(of), 'run')}.`,
    formula: 'count of the runs that have nothing to be compared with',
    sources: sourcesOf([of]),
  });
}
