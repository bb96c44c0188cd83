import { describe, expect, it } from 'vitest';
import { expectNoFaultWhenMangled } from '../../../../test/support/mangling.ts';
import { readText } from './reading-for-test.ts';

const RUN = {
  avg_latency: 1.5,
  std_latency: 0.25,
  latencies: [1.25, 1.5, 1.75],
  percentiles: { '10': 1.3, '50': 1.5, '99': 1.745, mean: 7 },
};

describe('vllm bench latency', () => {
  it('reads the seconds of each batch and their statistics', () => {
    const reading = readText('latency.json', JSON.stringify(RUN));
    expect(reading).toMatchObject({ format: 'vllm-latency', records: 1, failed: [], warnings: [] });
    expect(reading.measurements.map(({ statistic, value, n, pointer }) => [statistic, value, n, pointer])).toEqual([
      ['mean', 1.5, 3, '/avg_latency'],
      ['stddev', 0.25, 3, '/std_latency'],
      ['value', 1.25, null, '/latencies/0'],
      ['value', 1.5, null, '/latencies/1'],
      ['value', 1.75, null, '/latencies/2'],
      ['p10', 1.3, 3, '/percentiles/10'],
      ['median', 1.5, 3, '/percentiles/50'],
      ['p99', 1.745, 3, '/percentiles/99'],
    ]);
    for (const { metric, unit, over } of reading.measurements) expect([metric, unit, over]).toEqual(['execution_time', 's', 'repetitions']);
  });

  it('knows what somebody added: words and settings are labels', () => {
    const added = readText('latency.json', JSON.stringify({ ...RUN, model: 'org/model-8b', batch_size: 8, note_count: 3 }));
    expect(added.measurements).toHaveLength(8);
    expect(added.measurements[0]?.labels).toEqual({ tool: 'vllm bench latency', model: 'org/model-8b', batch: '8' });
  });

  it('has no latency of a run without iterations', () => {
    const reading = readText('latency.json', JSON.stringify({ avg_latency: 0, latencies: [], percentiles: {} }));
    expect(reading).toMatchObject({ format: 'vllm-latency', measurements: [], failed: [{ pointer: '/latencies' }] });
  });

  it.each([
    ['percentiles that are a list', { ...RUN, percentiles: [1] }],
    ['no latencies', { avg_latency: 1, percentiles: {} }],
  ])('does not claim %s', (_, value) => {
    expect(readText('l.json', JSON.stringify(value)).format).toBe('generic');
  });

  it('never fails where values are of the wrong type', () => {
    expectNoFaultWhenMangled('l.json', JSON.stringify(RUN));
  });
});
