import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { foldGpuUse } from './fold.ts';
import type { GpuReading, GpuSample } from './reading.ts';

const OF = { node: 'gpu1', source: 'dcgm' } as const;

function gpu(id: string, values: Partial<GpuReading> = {}): GpuReading {
  return { gpu: id, utilization: null, memoryBytes: null, powerWatts: null, energyJoules: null, ...values };
}

const sample = (atMs: number, ...gpus: GpuReading[]): GpuSample => ({ atMs, gpus });
const fold = (fromMs: number, toMs: number, ...samples: GpuSample[]) => foldGpuUse(OF, { fromMs, toMs }, samples);

describe('power by samples', () => {
  test('the area under the sum of all GPUs, extended to the ends of the call', () => {
    const use = fold(
      0,
      10_000,
      sample(
        1_000,
        gpu('a', { utilization: 0, memoryBytes: 10, powerWatts: 50 }),
        gpu('b', { utilization: 0, memoryBytes: 5, powerWatts: 50 }),
      ),
      sample(
        9_000,
        gpu('a', { utilization: 1, memoryBytes: 30, powerWatts: 250 }),
        gpu('b', { utilization: 0.5, memoryBytes: 5, powerWatts: 50 }),
      ),
    );
    const energyJoules = 100 * 1 + 200 * 8 + 300 * 1;
    expect(use).toEqual({
      node: 'gpu1',
      source: 'dcgm',
      gpus: 2,
      samples: 2,
      seconds: 10,
      utilization: (0 * 1 + 0.375 * 8 + 0.75 * 1) / 10,
      memoryBytes: 35,
      powerWatts: energyJoules / 10,
      energyJoules,
    });
  });

  test('one sample stands for the whole call', () => {
    expect(fold(0, 4_000, sample(0, gpu('a', { powerWatts: 100 })))).toMatchObject({ samples: 1, powerWatts: 100, energyJoules: 400 });
  });

  test('what no sample tells is null, and never 0', () => {
    const unknown = { utilization: null, memoryBytes: null, powerWatts: null, energyJoules: null };
    expect(fold(0, 1_000, sample(0, gpu('a')), sample(1_000, gpu('a')))).toEqual({ ...OF, gpus: 1, samples: 2, seconds: 1, ...unknown });
  });

  test('no sample, no use', () => {
    expect(fold(0, 1_000)).toBeNull();
  });

  test('a sample in which a GPU is missing, or tells nothing, has no sum: it does not lower it', () => {
    const both = (atMs: number): GpuSample =>
      sample(atMs, gpu('a', { powerWatts: 100, memoryBytes: 7 }), gpu('b', { powerWatts: 200, memoryBytes: 7 }));
    const missing = sample(500, gpu('a', { powerWatts: 100, memoryBytes: 7 }));
    const silent = sample(600, gpu('a', { powerWatts: 100, memoryBytes: 7 }), gpu('b'));
    expect(fold(0, 1_000, both(0), missing, silent, both(1_000))).toMatchObject({ gpus: 2, samples: 4, powerWatts: 300, memoryBytes: 14 });
    expect(fold(0, 1_000, missing, silent)).toMatchObject({ gpus: 2, powerWatts: null, energyJoules: null, memoryBytes: null });
  });

  test('a call without length has the power of its moment and no energy', () => {
    expect(fold(5, 5, sample(5, gpu('a', { powerWatts: 100 })))).toMatchObject({ seconds: 0, powerWatts: 100, energyJoules: 0 });
  });
});

describe('energy counters', () => {
  const counted = (atMs: number, ...joules: (number | null)[]): GpuSample =>
    sample(atMs, ...joules.map((energyJoules, index) => gpu(`${index}`, { energyJoules, powerWatts: 1 })));

  test('their growth is preferred to power, which misses what lies between two samples', () => {
    const use = fold(0, 4_000, counted(0, 1_000, 50), counted(2_000, 1_500, 70), counted(4_000, 1_900, 90));
    expect(use).toMatchObject({ powerWatts: 235, energyJoules: 940 });
  });

  test('it is extended to the ends of the call at its mean', () => {
    expect(fold(0, 8_000, counted(2_000, 100), counted(4_000, 200), counted(6_000, 300))).toMatchObject({ energyJoules: 400 });
  });

  test('two samples cannot tell how long before the call the first was collected: power counts', () => {
    expect(fold(0, 1_000, counted(0, 100), counted(1_000, 9_000))).toMatchObject({ powerWatts: 1 });
  });

  test.each([
    ['was reset', [counted(0, 100), counted(1_000, 5), counted(2_000, 200)]],
    ['is missing at the end', [counted(0, 100), counted(1_000, 200), counted(2_000, null)]],
    ['is missing on one GPU', [counted(0, 100, null), counted(1_000, 200, null), counted(2_000, 300, null)]],
  ])('power counts where a counter %s', (_, samples) => {
    const gpus = samples[0]?.gpus.length ?? 0;
    expect(fold(0, 2_000, ...samples)).toMatchObject({ powerWatts: gpus, energyJoules: 2 * gpus });
  });
});

describe('an exporter that collects more seldom than it is asked', () => {
  const told = (atMs: number, energyJoules: number, powerWatts: number): GpuSample =>
    sample(atMs, gpu('a', { energyJoules, powerWatts, utilization: powerWatts / 1_000, memoryBytes: powerWatts }));

  test('nothing was measured where it repeats itself from beginning to end', () => {
    expect(fold(0, 2_000, told(0, 100, 60), told(1_000, 100, 60), told(2_000, 100, 60))).toBeNull();
  });

  test('only what it collected during the call counts', () => {
    const use = fold(0, 3_000, told(0, 100, 60), told(1_000, 100, 60), told(2_000, 9_000, 300), told(3_000, 9_000, 300));
    expect(use).toMatchObject({ samples: 1, powerWatts: 300, energyJoules: 900, utilization: 0.3, memoryBytes: 300 });
  });

  test('between two collections the counter tells the energy', () => {
    const samples = [told(0, 100, 60), told(1_000, 7_000, 60), told(2_000, 7_000, 60), told(3_000, 7_500, 60), told(4_000, 7_500, 60)];
    expect(fold(0, 4_000, ...samples)).toMatchObject({ samples: 2, powerWatts: 250, energyJoules: 1_000 });
  });

  test('readings without a counter are taken as they come: equal ones may be fresh', () => {
    const still = gpu('a', { powerWatts: 60 });
    expect(fold(0, 2_000, sample(0, still), sample(2_000, still))).toMatchObject({ samples: 2, energyJoules: 120 });
  });
});

const maybe = (max: number) => fc.option(fc.double({ min: 0, max, noNaN: true }), { nil: null });
const reading = fc.record({ utilization: maybe(1), memoryBytes: maybe(1e12), powerWatts: maybe(1e3), energyJoules: maybe(1e9) });
const samples = fc
  .array(fc.record({ atMs: fc.nat({ max: 10_000 }), gpus: fc.array(reading, { minLength: 1, maxLength: 3 }) }), { maxLength: 8 })
  .map((all) =>
    all
      .toSorted((one, other) => one.atMs - other.atMs)
      .map(({ atMs, gpus }) => sample(atMs, ...gpus.map((values, index) => gpu(`${index}`, values)))),
  );

test('whatever the samples tell, every field is in its range or null', () => {
  fc.assert(
    fc.property(samples, fc.nat({ max: 5_000 }), fc.nat({ max: 5_000 }), (taken, fromMs, length) => {
      const use = fold(fromMs, fromMs + length, ...taken);
      if (use === null) return;
      expect(use.gpus).toBeGreaterThan(0);
      expect(use.samples).toBeGreaterThan(0);
      expect(use.seconds).toBeCloseTo(length / 1_000, 9);
      expect(use.utilization === null || (use.utilization >= 0 && use.utilization <= 1)).toBe(true);
      for (const field of [use.memoryBytes, use.powerWatts, use.energyJoules])
        expect(field === null || (field >= 0 && Number.isFinite(field))).toBe(true);
      expect(use.powerWatts === null).toBe(use.energyJoules === null);
    }),
    { numRuns: 500 },
  );
});

test('a steady power gives power times time, however it is sampled', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.nat({ max: 10_000 }), { minLength: 1 }),
      fc.double({ min: 1, max: 1e3, noNaN: true }),
      (moments, powerWatts) => {
        const taken = moments
          .toSorted((one, other) => one - other)
          .map((atMs) => sample(atMs, gpu('a', { powerWatts }), gpu('b', { powerWatts })));
        expect(fold(0, 10_000, ...taken)?.energyJoules).toBeCloseTo(20 * powerWatts, 6);
      },
    ),
  );
});
