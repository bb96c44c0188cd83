import { describe, expect, it } from 'vitest';
import { around, evidenceOf, ofKind, values } from './testing.ts';

describe('consistency', () => {
  it('tells of a stated mean that its raw values contradict, and of outliers', () => {
    const labels = { model: 'm' };
    const stated = (mean: number) => values('output_token_throughput', labels, [mean], { statistic: 'mean', n: 8 });
    const raw = values('output_token_throughput', labels, around(100, 8));
    expect(ofKind(evidenceOf([{ path: 'a.json', measurements: [...raw, ...stated(100)] }]), 'conflict')).toEqual([]);
    expect(ofKind(evidenceOf([{ path: 'a.json', measurements: [...raw, ...stated(110)] }]), 'conflict')).toEqual([
      expect.objectContaining({ value: expect.closeTo(1.1, 9), n: 8 }),
    ]);
    const far = values('output_token_throughput', labels, [...around(100, 9), 150]);
    expect(ofKind(evidenceOf([{ path: 'a.json', measurements: far }]), 'doubt')).toEqual([
      expect.objectContaining({ statistic: 'outliers', value: 1, n: 10 }),
    ]);
  });
});
