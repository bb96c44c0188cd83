import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { checkTimeouts, startClocks } from './clocks.ts';

const good = { connectMs: 5_000, firstTokenMs: 300_000, idleMs: 60_000, totalMs: 900_000 };

test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31])('a clock of %d ms is refused by name', (idleMs) => {
  expect(() => checkTimeouts({ ...good, idleMs })).toThrow(/idleMs is/);
});

test('clocks that a timer can hold are accepted', () => {
  expect(() => checkTimeouts(good)).not.toThrow();
});

describe('the clocks of a call', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  /** Clocks of 100 ms to the first token, 50 ms between two, 1000 ms in all; what runs out is told once. */
  function started() {
    const expired: string[] = [];
    const timeouts = { connectMs: 10, firstTokenMs: 100, idleMs: 50, totalMs: 1_000 };
    return { expired, clocks: startClocks(timeouts, { server: 'http://here' }, ({ code }) => expired.push(code)) };
  }

  test('begin anew between two chunks, so that a slow answer is no silent one', () => {
    const { expired, clocks } = started();
    for (let chunk = 0; chunk < 10; chunk++) {
      clocks.chunk(true);
      vi.advanceTimersByTime(49);
    }
    expect(expired).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(expired).toEqual(['idle_timeout']);
  });

  test('wait for the first token through chunks that carry none', () => {
    const { expired, clocks } = started();
    for (let chunk = 0; chunk < 4; chunk++) {
      vi.advanceTimersByTime(25);
      clocks.chunk(false);
    }
    expect(expired).toEqual(['first_token_timeout']);
  });

  test('end a call in all, however well it goes, and tell of it once', () => {
    const { expired, clocks } = started();
    for (let chunk = 0; chunk < 50; chunk++) {
      clocks.chunk(true);
      vi.advanceTimersByTime(40);
    }
    expect(expired).toEqual(['total_timeout']);
  });

  test('tell of nothing once they are stopped', () => {
    const { expired, clocks } = started();
    clocks.chunk(true);
    clocks.stop();
    vi.advanceTimersByTime(10_000);
    expect(expired).toEqual([]);
  });
});
