import { describe, expect, it } from 'vitest';
import { createPace } from './pace.ts';

describe('createPace', () => {
  it('pauses no sooner than it is due, and tells so', async () => {
    let ms = 0;
    let pauses = 0;
    const pace = createPace(
      () => ms,
      () => {
        pauses += 1;
      },
    );
    let others = 0;
    const immediate = setImmediate(() => {
      others += 1;
    });
    await pace.pause();
    expect([pace.due(), pauses, others]).toEqual([false, 0, 0]);
    ms = 25;
    expect(pace.due()).toBe(true);
    await pace.pause();
    expect([pace.due(), pauses, others]).toEqual([false, 1, 1]);
    clearImmediate(immediate);
  });

  it('does work to its end, with pauses in between, and hears in them that it is to stop', async () => {
    let ms = 0;
    const stop = new AbortController();
    function* work() {
      for (let i = 0; i < 10; i++) {
        ms += 10;
        yield;
      }
      return 'done';
    }
    let pauses = 0;
    const pace = createPace(
      () => ms,
      () => {
        pauses += 1;
      },
      stop.signal,
    );
    expect(await pace.through(work())).toBe('done');
    expect(pauses).toBe(3);
    stop.abort(new Error('stopped'));
    await expect(pace.through(work())).rejects.toThrow('stopped');
  });
});
