import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NumberColumn } from '@chimera/shared/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seriesOf } from '../artifact-series.ts';
import { MOST_KEPT } from '../digest.ts';
import type { Spill } from './spill.ts';
import { STREAM_SIZES } from './stream-gathering.ts';
import { type Cell, measurementsOf, streamed } from './testing.ts';

const N = MOST_KEPT + 50_000;
const COLUMNS: readonly NumberColumn[] = ['a', 'b', 'c'].map((model) => ({
  ...{ metric: 'request_latency', statistic: 'value', unit: 'ms', n: null, labels: { model }, failed: false, tail: ' column latency_ms' },
}));

/** As many of the first model as make a digest, a third of that of the second, three of the last. */
function* cells(): Generator<Cell> {
  for (let i = 0; i < N; i += 1) {
    const line = i + 2;
    // Milliseconds with three digits, as tools write them: many come more than once.
    yield { column: 0, value: Math.round(1000 * Math.exp(3 + Math.sin(i * 12.9898) * 1.5)) / 1000, line };
    if (i % 3 === 0) yield { column: 1, value: Math.round(Math.abs(Math.cos(i * 78.233)) * 500), line };
    if (i % 100_000 === 0) yield { column: 2, value: i, line };
  }
}

describe('StreamGathering over a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'chimera-spill-'));
  let descriptor = 0;
  beforeAll(() => {
    descriptor = openSync(join(folder, 'spill'), 'wx+');
  });
  afterAll(() => {
    closeSync(descriptor);
    rmSync(folder, { recursive: true });
  });

  it('has the quantiles of all numbers, and the moments that sorting them gives', () => {
    let doubles = 0;
    const bytes = ({ buffer, byteOffset, byteLength }: Float64Array) => new Uint8Array(buffer, byteOffset, byteLength);
    const spill: Spill = {
      append(values) {
        const place = doubles;
        expect(writeSync(descriptor, bytes(values), 0, values.byteLength, place * 8)).toBe(values.byteLength);
        doubles += values.length;
        return place;
      },
      read(place, into) {
        expect(readSync(descriptor, bytes(into), 0, into.byteLength, place * 8)).toBe(into.byteLength);
      },
    };
    const { series, samples } = streamed(COLUMNS, cells(), STREAM_SIZES, spill);
    const expected = seriesOf(measurementsOf(COLUMNS, [...cells()]));
    expect(expected.map(({ labels }) => labels)).toEqual([{ model: 'a' }, { model: 'b' }, { model: 'c' }, { pooled: '3 configurations' }]);
    const rounded = series.map((one, i) => {
      const { mean = 0, stddev = 0 } = expected[i] ?? {};
      expect(Math.abs(one.mean / mean - 1)).toBeLessThan(1e-12);
      expect(Math.abs((one.stddev ?? 0) / (stddev ?? 1) - 1)).toBeLessThan(1e-11);
      const { summed, ...rest } = one;
      expect(summed).toBe(one.n > MOST_KEPT ? 'compensated' : undefined);
      return { ...rest, mean, stddev };
    });
    expect(rounded).toEqual(expected);
    expect(series[1]).toEqual(expected[1]);
    expect(doubles).toBeGreaterThan(N);

    const sorted = Float64Array.from([...cells()].filter(({ column }) => column === 0).map(({ value }) => value / 1000)).sort();
    const at = (p: number) => {
      const place = (N - 1) * p;
      const [low = 0, high = 0] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
      const between = place - Math.floor(place);
      return between === 0 ? low : low * (1 - between) + high * between;
    };
    expect(samples.map(({ values, digest }) => [values.length, digest?.n])).toEqual([
      [0, N],
      [N / 3, undefined],
      [3, undefined],
    ]);
    expect(samples[0]?.digest).toMatchObject({ min: sorted[0], max: sorted[N - 1], median: at(0.5), p95: at(0.95), p99: at(0.99) });
  });
});
