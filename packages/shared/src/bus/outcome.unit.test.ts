import { describe, expect, it } from 'vitest';
import { backoffMs, buriedAnyway, decide, Permanent, RetryLater } from './outcome.ts';

describe('decide', () => {
  it('buries what can never be handled, at the first delivery', () => {
    expect(decide(new Permanent('no such format'), 1, 5)).toEqual({ act: 'dead', reason: 'no such format' });
  });

  it('delivers later after the delay that was asked for', () => {
    expect(decide(new RetryLater('busy', 7_000), 1, 5)).toEqual({ act: 'nak', delayMs: 7_000, outcome: 'later' });
    expect(decide(new RetryLater('busy', 0), 4, 5)).toEqual({ act: 'nak', delayMs: 0, outcome: 'later' });
  });

  it('retries anything else, each time after a longer pause', () => {
    const delays = [1, 2, 3, 4].map((deliveries) => decide(new TypeError('x'), deliveries, 5));
    expect(delays).toEqual([1_000, 5_000, 15_000, 60_000].map((delayMs) => ({ act: 'nak', delayMs, outcome: 'retried' })));
    expect(decide('a string', 1, 5)).toMatchObject({ act: 'nak' });
  });

  it.each([new Error('boom'), new RetryLater('boom', 1)])('gives up at the last delivery: %s', (error) => {
    expect(decide(error, 5, 5)).toEqual({ act: 'dead', reason: 'given up after 5 deliveries: boom' });
    expect(decide(error, 6, 5)).toMatchObject({ act: 'dead' });
    expect(decide(error, 4, 5)).toMatchObject({ act: 'nak' });
  });
});

describe('backoffMs', () => {
  it('stays at a minute from the fourth delivery on', () => {
    expect([1, 2, 3, 4, 5, 100].map(backoffMs)).toEqual([1_000, 5_000, 15_000, 60_000, 60_000, 60_000]);
  });
});

describe('buriedAnyway', () => {
  it('lets a message that cannot be buried properly come five times more, and no longer', () => {
    expect([1, 3, 7].map((deliveries) => buriedAnyway(deliveries, 3))).toEqual([false, false, false]);
    expect([8, 9].map((deliveries) => buriedAnyway(deliveries, 3))).toEqual([true, true]);
  });
});
