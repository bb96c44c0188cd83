import { describe, expect, it } from 'vitest';
import { readArtifact } from './read-artifact.ts';

function read(value: unknown, path = 'a.json') {
  const reading = readArtifact({ path, bytes: Buffer.from(JSON.stringify(value)) });
  if (reading.status !== 'read') throw new Error(reading.reason);
  return reading.measurements;
}

describe('a table that JSON holds by its columns', () => {
  it('has what was set, and what was measured, as labels of each row', () => {
    const all = read({ model: ['a', 'a', 'N/A'], batch_size: [1, 8, 16], ttft_ms: [80.5, 120, null] });
    expect(
      all.filter(({ metric }) => metric === 'time_to_first_token').map(({ pointer, value, labels }) => [pointer, value, labels]),
    ).toEqual([
      ['/ttft_ms/0', 80.5, { model: 'a', batch: '1' }],
      ['/ttft_ms/1', 120, { model: 'a', batch: '8' }],
    ]);
    expect(all.filter(({ metric }) => metric === '/batch_size/*').map(({ labels }) => labels)).toEqual([{}, {}, {}]);
  });

  it('stands deeper too, with the labels around it', () => {
    const all = read([{ gpu: 'x', rows: { concurrency: [1, 2], ttft_ms: [80, 90] } }]).filter(
      ({ metric }) => metric === 'time_to_first_token',
    );
    expect(all.map(({ labels }) => labels)).toEqual([
      { gpu: 'x', concurrency: '1' },
      { gpu: 'x', concurrency: '2' },
    ]);
  });

  it.each([
    ['lists of different lengths', { batch_size: [1, 8, 16], ttft_ms: [80, 90] }],
    ['a setting of all', { batch_size: 8, ttft_ms: [80, 90] }],
    ['lists of lists', { batch_size: [1, 8], ttft_ms: [[80], [90]] }],
    ['nothing that was set', { step: [1, 2], ttft_ms: [80, 90] }],
    ['quantiles that the numbers may be of', { batch_size: [1, 8], quantiles: [0.5, 0.99], ttft_ms: [80, 90] }],
    ['records of another number', { batch_size: [1, 8], tpot_ms: [8, 9], requests: [{ ttft_ms: 80 }, { ttft_ms: 81 }, { ttft_ms: 82 }] }],
    ['records beside them', { batch_size: [1, 8], tpot_ms: [8, 9], requests: [{ ttft_ms: 80 }, { ttft_ms: 81 }] }],
    ['one row', { batch_size: [8], ttft_ms: [80] }],
    ['the requests of a run', { input_len: Array.from({ length: 101 }, (_, row) => row), ttft_ms: Array(101).fill(80) }],
  ])('is none where there are %s', (_, value) => {
    const all = read(value).filter(({ metric }) => metric === 'time_to_first_token');
    expect(all.length).toBeGreaterThan(0);
    expect(new Set(all.map(({ labels }) => JSON.stringify(labels)))).toEqual(
      new Set([JSON.stringify(value).includes('"batch_size":8') ? '{"batch":"8"}' : '{}']),
    );
  });
});
