import { describe, expect, it } from 'vitest';
import { virtualTimers } from '../testing/virtual-timers.ts';
import { pace, recordedPace } from './pace.ts';
import { rateAt } from './rates.ts';
import { type ReplayTimers, realTimers, scaledTimers } from './timers.ts';

const stays = new AbortController().signal;

describe('a rate', () => {
  it.each([
    [[98, 41], 1, 98],
    [[98, 41], 2, 41],
    [[98, 41], 4, 20.5], // 2 × 41 shared by four
    [[98, 41], 0, 98],
    [[60], 3, 20],
    [50, 7, 50],
  ])('of %j with %i calls at work is %d', (rate, busy, each) => {
    expect(rateAt(rate, busy)).toBe(each);
  });

  it('may be a function of the calls at work; an empty list is none', () => {
    expect(rateAt((busy) => 100 / busy, 4)).toBe(25);
    expect(rateAt([], 1)).toBeUndefined();
  });
});

describe('the pace of a call', () => {
  it('is that of its rates, as the number of calls at work changes', async () => {
    const timers = virtualTimers();
    let busy = 1;
    const { spent, prompt, token } = pace({ promptMs: 30, tokensPerSecond: [100, 40] }, timers, stays, () => busy);
    await prompt();
    expect(timers.at).toBe(30);
    await token();
    expect(timers.at).toBe(40);
    busy = 2;
    await token();
    expect(timers.at).toBe(65);
    expect(spent).toEqual({ load: 0, prompt: 30e6, output: 35e6, other: 0 });
  });

  it('does not add up what its timers are late: tokens that fell due meanwhile go out without a wait', async () => {
    const waits: number[] = [];
    let at = 0;
    const late: ReplayTimers = {
      now: () => at,
      wait: async (ms) => {
        waits.push(ms);
        at += ms + 25;
      },
    };
    const { token } = pace({ tokensPerSecond: 100 }, late, stays, () => 1);
    for (let count = 0; count < 6; count += 1) await token();
    // Due at 10, 20, … 60. Woken at 35: 20 and 30 have passed, 40 is 5 away. Woken at 65: 50 and 60 have passed.
    expect(waits).toEqual([10, 5]);
  });

  it('lets others have their turn now and then, however far it is behind', async () => {
    const timers = virtualTimers();
    const fast = pace({ tokensPerSecond: 1000 }, timers, stays, () => 1);
    timers.at = 1_000_000;
    const turns: number[] = [];
    const wait = timers.wait;
    timers.wait = async (ms, signal) => {
      turns.push(ms);
      await wait(ms, signal);
    };
    for (let count = 0; count < 640; count += 1) await fast.token();
    expect(turns).toEqual(Array.from({ length: 10 }, () => 0));
  });

  it('is as fast as it goes without rates, and says how long that was', async () => {
    let at = 0;
    const timers: ReplayTimers = {
      now: () => at,
      wait: async (ms) => {
        expect(ms).toBe(0);
        at += 2;
      },
    };
    const { spent, prompt, token } = pace({}, timers, stays, () => 1);
    await prompt();
    await token();
    await token();
    expect(spent).toEqual({ load: 0, prompt: 2e6, output: 4e6, other: 0 });
  });

  it('of a recorded call has its first token and its last where they were, and its account', async () => {
    const timers = virtualTimers();
    const times = { loadMs: 100, promptMs: 50, outputMs: 400, firstTokenMs: 200, totalMs: 800 };
    const { spent, prompt, token } = recordedPace(times, 4, timers, stays);
    await prompt();
    const at: number[] = [];
    for (let count = 0; count < 4; count += 1) {
      await token();
      at.push(timers.at);
    }
    expect(at).toEqual([200, 400, 600, 800]);
    expect(spent).toEqual({ load: 100e6, prompt: 50e6, output: 400e6, other: 250e6 });
  });

  it('of a recorded call without text lasts as long', async () => {
    const timers = virtualTimers();
    await recordedPace({ loadMs: 0, promptMs: 5, outputMs: 5, firstTokenMs: 5, totalMs: 70 }, 0, timers, stays).prompt();
    expect(timers.at).toBe(70);
  });
});

describe('timers', () => {
  it('at ten times the speed wait a tenth and measure the whole', async () => {
    const timers = virtualTimers();
    const fast = scaledTimers(timers, 10);
    await fast.wait(500, stays);
    expect([timers.at, fast.now()]).toEqual([50, 500]);
  });

  it.each([0, 1, 3.5])('of the real clock wait %d ms at least', async (ms) => {
    const before = realTimers.now();
    await realTimers.wait(ms, stays);
    expect(realTimers.now() - before).toBeGreaterThanOrEqual(ms - 0.5); // a timer of Node counts whole milliseconds
  });

  it('of the real clock end with their signal', async () => {
    await expect(realTimers.wait(1e12, AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
  });
});
