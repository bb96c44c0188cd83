import type { Extract } from '../extract.ts';

/** What came of the requests of a run. */
export type Counts = {
  /** null where a count is none */
  answered: number | null;
  /** of them, those whose status is an error */
  bad: number;
  /** without an answer, because of an error */
  lost: number;
  /** under way when the time was over */
  late: number;
};

/** The error of requests that were under way when the time of `-z` was over. */
const DEADLINE = 'aborted due to deadline';

/**
 * @param statuses how often each status was answered; a count is null where it is none
 * @param errors how often each error came
 */
export function outcomeOf(statuses: readonly Counted[], errors: readonly Counted[]): Counts {
  return {
    answered: statuses.some(({ count }) => count === null) ? null : sum(statuses),
    bad: sum(statuses.filter(({ what }) => !/^[123]\d\d$/.test(what))),
    lost: sum(errors.filter(({ what }) => what !== DEADLINE)),
    late: sum(errors.filter(({ what }) => what === DEADLINE)),
  };
}

export type Counted = { what: string; count: number | null };

function sum(counts: readonly Counted[]): number {
  return counts.reduce((all, { count }) => all + (count ?? 0), 0);
}

/**
 * Keeps a run without an answer, or of errors alone, as a failed record, or warns of the requests that failed.
 * @param at the place of the run, to be printed; `counted` that of its statuses
 * @returns whether no request succeeded
 */
export function tellFailures(
  extract: Extract,
  { answered, bad, lost, late }: Counts,
  { at, counted }: { at: string; counted: string },
): boolean {
  const others = `${lost} had no answer, ${late} were cut off by the end of the run`;
  if (answered !== null && bad >= answered) {
    const reason = answered === 0 ? `no request was answered: ${others}` : `all of ${answered} answers were errors; ${others}`;
    extract.fail({ pointer: counted, reason });
    return true;
  }
  const where = at.trim() || 'the run';
  if (answered === null)
    extract.warnings.add('no counts', `${where}: the statuses hold what is no count: nobody knows how many were answered`);
  if (bad > 0 || lost > 0)
    extract.warnings.add(
      'failed requests',
      `${where}: ${bad} of ${answered ?? 'its'} answers were errors, which the latencies include; ${others}; the rate counts them all, so it is not judged`,
    );
  else if (late > 0)
    extract.warnings.add(
      'requests cut off',
      `${where}: ${late} requests were cut off by the end of the run: the latencies leave them out, and the rate counts them`,
    );
  return false;
}
