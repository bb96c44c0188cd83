import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { GpuFault } from './gpu-fault.ts';
import type { GpuProbe, GpuReading } from './reading.ts';
import { createSampler, type GpuSampler } from './sampler.ts';

const EVERY_MS = 1_000;
const TIMEOUT_MS = 400;

/** A question put to the probe, which the test answers. */
interface Put {
  signal: AbortSignal;
  watts(powerWatts: number, energyJoules?: number): Promise<void>;
  fail(error: Error): Promise<void>;
}

/** A probe in the hands of the test. One that is `deaf` goes on when it is told to stop, as a process inside a hanging driver does. */
function probeInHand(deaf = false): { probe: GpuProbe; puts: Put[]; closed(): number } {
  const puts: Put[] = [];
  let closed = 0;
  const probe: GpuProbe = {
    node: 'gpu1',
    source: 'dcgm',
    name: 'The probe of gpu1',
    whenLate: 'Look at it.',
    ask: (signal) =>
      new Promise<readonly GpuReading[]>((resolve, reject) => {
        if (!deaf) signal.addEventListener('abort', () => reject(signal.reason));
        puts.push({
          signal,
          watts: async (powerWatts, energyJoules) => {
            resolve([{ gpu: 'a', utilization: null, memoryBytes: null, powerWatts, energyJoules: energyJoules ?? null }]);
            await vi.advanceTimersByTimeAsync(0);
          },
          fail: async (error) => {
            reject(error);
            await vi.advanceTimersByTimeAsync(0);
          },
        });
      }),
    close: async () => {
      closed += 1;
    },
  };
  return { probe, puts, closed: () => closed };
}

const samplerOf = (probe: GpuProbe): GpuSampler =>
  createSampler(probe, { everyMs: EVERY_MS, timeoutMs: TIMEOUT_MS, monotonicMs: () => Date.now() });

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0); // whatever a test did, nothing is left behind
  vi.useRealTimers();
});

describe('a watched call', () => {
  test('is sampled at its beginning, at intervals, and at its end; then nothing is left', async () => {
    const { probe, puts } = probeInHand();
    const sampler = samplerOf(probe);
    expect(puts).toHaveLength(0);
    const watch = sampler.watch();
    await puts[0]?.watts(100);
    await vi.advanceTimersByTimeAsync(EVERY_MS);
    await puts[1]?.watts(200);
    await vi.advanceTimersByTimeAsync(EVERY_MS);
    await puts[2]?.watts(200);
    await vi.advanceTimersByTimeAsync(500);
    const use = watch.end();
    await puts[3]?.watts(300);
    expect(await use).toMatchObject({ node: 'gpu1', source: 'dcgm', gpus: 1, samples: 4, seconds: 2.5, energyJoules: 150 + 200 + 125 });
    expect(sampler.fault()).toBeNull();
    await vi.advanceTimersByTimeAsync(10 * EVERY_MS);
    expect(puts).toHaveLength(4);
  });

  test('has two samples however short it is', async () => {
    const { probe, puts } = probeInHand();
    const use = samplerOf(probe).watch().end();
    await puts[0]?.watts(100);
    await puts[1]?.watts(100);
    expect(await use).toMatchObject({ samples: 2, powerWatts: 100 });
  });

  test('may be ended twice: it is one end', async () => {
    const { probe, puts } = probeInHand();
    const watch = samplerOf(probe).watch();
    await puts[0]?.watts(100);
    const uses = [watch.end(), watch.end()];
    await puts[1]?.watts(100);
    expect(uses[0]).toBe(uses[1]);
    expect((await uses[0])?.samples).toBe(2);
    expect(puts).toHaveLength(2);
  });

  test('a sample that takes longer than the interval delays the next', async () => {
    const { probe, puts } = probeInHand();
    const sampler = createSampler(probe, { everyMs: 100, timeoutMs: TIMEOUT_MS, monotonicMs: () => Date.now() });
    const watch = sampler.watch();
    await vi.advanceTimersByTimeAsync(350);
    expect(puts).toHaveLength(1);
    await puts[0]?.watts(100);
    await vi.advanceTimersByTimeAsync(100);
    expect(puts).toHaveLength(2);
    await puts[1]?.watts(100);
    const use = watch.end();
    await puts[2]?.watts(100);
    await use;
  });
});

describe('several calls at once', () => {
  test('share the samples, each over its own time', async () => {
    const { probe, puts } = probeInHand();
    const sampler = samplerOf(probe);
    const first = sampler.watch();
    await puts[0]?.watts(100);
    await vi.advanceTimersByTimeAsync(400);
    const second = sampler.watch();
    await puts[1]?.watts(100);
    await vi.advanceTimersByTimeAsync(400);
    const firstUse = first.end();
    await puts[2]?.watts(100);
    expect(await firstUse).toMatchObject({ samples: 3, seconds: 0.8, energyJoules: 80 });
    await vi.advanceTimersByTimeAsync(200); // the interval goes on for the second
    await puts[3]?.watts(100);
    const secondUse = second.end();
    await puts[4]?.watts(100);
    expect(await secondUse).toMatchObject({ samples: 4, seconds: 0.6, energyJoules: 60 });
  });

  test('ask one question at a time', async () => {
    const { probe, puts } = probeInHand();
    const sampler = samplerOf(probe);
    const watches = [sampler.watch(), sampler.watch(), sampler.watch()];
    expect(puts).toHaveLength(1);
    const uses = watches.map((watch) => watch.end());
    await puts[0]?.watts(100);
    expect(puts).toHaveLength(2);
    await puts[1]?.watts(100);
    for (const use of await Promise.all(uses)) expect(use).toMatchObject({ samples: 2 });
    expect(puts).toHaveLength(2);
  });
});

describe('a sample that fails', () => {
  test('is left out, and said; the next good one takes the fault back', async () => {
    const { probe, puts } = probeInHand();
    const sampler = samplerOf(probe);
    const watch = sampler.watch();
    await puts[0]?.fail(new GpuFault('The GPU is lost.'));
    expect(sampler.fault()).toBe('The GPU is lost.');
    const use = watch.end();
    await puts[1]?.watts(100);
    expect(await use).toMatchObject({ samples: 1, powerWatts: 100 });
    expect(sampler.fault()).toBeNull();
  });

  test('every time, leaves no use and the reason', async () => {
    const { probe, puts } = probeInHand();
    const sampler = samplerOf(probe);
    const use = sampler.watch().end();
    await puts[0]?.fail(new GpuFault('The GPU is lost.'));
    await puts[1]?.fail(new TypeError('x is undefined'));
    expect(await use).toBeNull();
    expect(sampler.fault()).toBe('The probe of gpu1 could not be asked: x is undefined.');
  });

  test('because it takes too long, is stopped, and neither it nor the end takes longer than allowed', async () => {
    const { probe, puts } = probeInHand();
    const sampler = samplerOf(probe);
    const use = sampler.watch().end();
    await vi.advanceTimersByTimeAsync(TIMEOUT_MS);
    expect(await use).toBeNull();
    expect(puts.every(({ signal }) => signal.aborted)).toBe(true);
    expect(sampler.fault()).toBe('The probe of gpu1 did not answer within 0.4 s and was stopped. Look at it.');
  });

  test('and cannot even be stopped, is not joined by others', async () => {
    const { probe, puts } = probeInHand(true);
    const sampler = samplerOf(probe);
    const watch = sampler.watch();
    await vi.advanceTimersByTimeAsync(10 * EVERY_MS);
    expect(puts).toHaveLength(1);
    const use = watch.end();
    await vi.advanceTimersByTimeAsync(TIMEOUT_MS);
    expect(await use).toBeNull();
    expect(sampler.fault()).toContain('did not answer within 0.4 s');
    const closing = sampler.close();
    await vi.advanceTimersByTimeAsync(TIMEOUT_MS);
    await closing;
  });

  test('by repeating what was told before the call, leaves no use and the remedy', async () => {
    const { probe, puts } = probeInHand();
    const sampler = samplerOf(probe);
    const use = sampler.watch().end();
    await puts[0]?.watts(60, 5_000);
    await puts[1]?.watts(60, 5_000);
    expect(await use).toBeNull();
    expect(sampler.fault()).toMatch(/^The probe of gpu1 told the same .*DCGM_EXPORTER_INTERVAL=1000/);
  });
});

describe('a call watched while the question of an earlier one is being dropped', () => {
  test('has a first sample of its own, and the dropped one is no fault', async () => {
    const { probe, puts } = probeInHand(true);
    const sampler = samplerOf(probe);
    const first = sampler.watch().end();
    await vi.advanceTimersByTimeAsync(TIMEOUT_MS);
    await first;
    const watch = sampler.watch();
    expect(puts).toHaveLength(1);
    await puts[0]?.watts(999); // too late: nobody waits for it
    expect(puts).toHaveLength(2);
    await puts[1]?.watts(100);
    expect(sampler.fault()).toBeNull();
    const use = watch.end();
    await puts[2]?.watts(100);
    expect(await use).toMatchObject({ samples: 2, powerWatts: 100 });
  });
});

describe('closing', () => {
  test('stops the question, ends what is watched with what it has, and closes the probe', async () => {
    const { probe, puts, closed } = probeInHand();
    const sampler = samplerOf(probe);
    const watch = sampler.watch();
    await puts[0]?.watts(100);
    await vi.advanceTimersByTimeAsync(EVERY_MS);
    const ending = watch.end();
    await sampler.close();
    expect(puts[1]?.signal.aborted).toBe(true);
    expect(await ending).toMatchObject({ samples: 1, powerWatts: 100 });
    expect(closed()).toBe(1);
    expect(sampler.fault()).toBeNull();
  });

  test('leaves nothing to watch with, and says so', async () => {
    const { probe, puts } = probeInHand();
    const sampler = samplerOf(probe);
    await sampler.close();
    expect(await sampler.watch().end()).toBeNull();
    expect(sampler.fault()).toContain('the sampler is closed');
    expect(puts).toHaveLength(0);
  });

  test('while a call is watched, ends its watching', async () => {
    const { probe, puts } = probeInHand();
    const sampler = samplerOf(probe);
    const watch = sampler.watch();
    await sampler.close();
    await vi.advanceTimersByTimeAsync(10 * EVERY_MS);
    expect(puts).toHaveLength(1);
    expect(await watch.end()).toBeNull();
  });
});

test.each([0, -1, Number.NaN, 2 ** 31])('a time of %d ms is refused by name', (ms) => {
  const { probe } = probeInHand();
  expect(() => createSampler(probe, { everyMs: ms, timeoutMs: 1 })).toThrow(/everyMs is/);
  expect(() => createSampler(probe, { everyMs: 1, timeoutMs: ms })).toThrow(/timeoutMs is/);
});
