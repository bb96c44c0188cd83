import { type Clock, systemClock } from '@chimera/shared/bus';
import { defaultProfile } from '@chimera/shared/domain';
import { type Join, openJoin, runOf } from '@chimera/shared/store';
import { describe, expect, it } from 'vitest';
import { createUnprinted } from './unprinted.ts';

const BEGAN = Date.parse('2025-11-14T18:00:00.000Z');
const hash = (digit: string) => digit.repeat(64);

/** The join of an inventory; its name is that of its dataset, too. */
function joinOf(digit: string, openedSeconds: number): Join {
  const at = new Date(BEGAN + openedSeconds * 1_000).toISOString();
  return openJoin(
    runOf(digit, hash(digit), defaultProfile(null, {})),
    {
      ...{ dataset: digit, inventory: hash(digit), generation: 1, evidence: hash('1'), observations: hash('2'), measurements: hash('3') },
      ...{ artifacts: 4, refused: 0, ingest: { startedAt: at, finishedAt: at, seconds: 1 } },
    },
    at,
  );
}

/** A clock that stands at so many seconds after the beginning; `jump`: how far its time of day is off. */
function clockAt(seconds: { now: number; jump: number }): Clock {
  return { ...systemClock, now: () => BEGAN + (seconds.now + seconds.jump) * 1_000, elapsed: () => seconds.now * 1_000 };
}

describe('what is not printed yet', () => {
  it('lags behind by the age of the oldest, and by nothing once each is printed', () => {
    const time = { now: 0, jump: 0 };
    const unprinted = createUnprinted(clockAt(time));
    const [old, young] = [joinOf('a', 0), joinOf('b', 60)];
    expect(unprinted.lagSeconds()).toBe(0);
    unprinted.waits(old);
    time.now = 90;
    unprinted.waits(young);
    expect(unprinted.lagSeconds()).toBe(90);
    expect(unprinted.runs()).toEqual([old.run.id, young.run.id]);
    unprinted.forget(old.run.id);
    expect(unprinted.lagSeconds()).toBe(30);
    unprinted.forget(young.run.id);
    expect(unprinted.lagSeconds()).toBe(0);
  });

  it('counts what was before this process saw it, and goes on counting where the time of day jumps back', () => {
    const time = { now: 600, jump: 0 };
    const unprinted = createUnprinted(clockAt(time));
    unprinted.waits(joinOf('a', 0));
    expect(unprinted.lagSeconds()).toBe(600);
    time.now = 700;
    time.jump = -3_600;
    expect(unprinted.lagSeconds()).toBe(100);
    // Seen again as it was: its time goes on.
    unprinted.waits(joinOf('a', 0));
    expect(unprinted.lagSeconds()).toBe(100);
    time.jump = 0;
    // Opened anew, because its dataset came back to it.
    unprinted.waits(joinOf('a', 650));
    expect(unprinted.lagSeconds()).toBe(50);
  });
});
