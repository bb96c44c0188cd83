import type { Call } from '@chimera/shared/domain';

type Timed = Pick<Call, 'startedAt' | 'wallSeconds'>;

/** When a call began and ended, in milliseconds since 1970. */
export function spanOf({ startedAt, wallSeconds }: Timed): { from: number; to: number } {
  const from = Date.parse(startedAt);
  return { from, to: from + wallSeconds * 1_000 };
}

/** The seconds that some calls cover: where two overlap, their time counts once. */
export function union(calls: readonly Timed[]): number {
  let covered = 0;
  let end = Number.NEGATIVE_INFINITY;
  for (const { from, to } of inOrder(calls)) {
    covered += Math.max(0, to - Math.max(from, end));
    end = Math.max(end, to);
  }
  return covered / 1_000;
}

/** A start is told to the millisecond and a length by another clock: calls that overlap by less may have come one after the other. */
export const SLACK_MS = 10;

/** Whether two of some calls were under way at once. */
export function together(calls: readonly Timed[]): boolean {
  let end = Number.NEGATIVE_INFINITY;
  return inOrder(calls).some(({ from, to }) => {
    const overlaps = from < end - SLACK_MS;
    end = Math.max(end, to);
    return overlaps;
  });
}

function inOrder(calls: readonly Timed[]) {
  return calls.map(spanOf).sort((a, b) => a.from - b.from);
}
