import { describe, expect, it } from 'vitest';
import { readText } from './reading-for-test.ts';

describe("AIPerf's timeslices", () => {
  it('are read from the long table', () => {
    const reading = readText(
      'profile_export_aiperf_timeslices.csv',
      [
        'Timeslice,Metric,Unit,Stat,Value',
        '0,Time to First Token,ms,avg,45.23',
        '0,Time to First Token,ms,p99,76.80',
        '0,Time to First Token,ms,count,12',
        '0,Request Throughput,requests/sec,avg,3.20',
        '1,Inter Token Latency,ms,p50,11.00',
        '1,Queue Depth,,avg,4',
        '1,Time to First Token,ms,avg,n/a',
        '',
      ].join('\r\n'),
    );
    expect(reading).toMatchObject({ format: 'aiperf', records: 2, failed: [], warnings: [] });
    expect(
      reading.measurements.map(({ pointer, metric, statistic, value, unit, over, labels }) => [
        pointer,
        metric,
        statistic,
        value,
        unit,
        over,
        labels.phase,
      ]),
    ).toEqual([
      ['line 2 column Value', 'time_to_first_token', 'mean', 45.23, 'ms', 'requests', 'timeslice 0'],
      ['line 3 column Value', 'time_to_first_token', 'p99', 76.8, 'ms', 'requests', 'timeslice 0'],
      ['line 5 column Value', 'request_throughput', 'value', 3.2, 'req/s', 'samples', 'timeslice 0'],
      ['line 6 column Value', 'time_per_output_token', 'median', 11, 'ms', 'requests', 'timeslice 1'],
      ['line 7 column Value', 'Queue Depth', 'mean', 4, null, undefined, 'timeslice 1'],
    ]);
  });

  it('are read from JSON, with the labels of the run', () => {
    const reading = readText(
      'profile_export_aiperf_timeslices.json',
      JSON.stringify({
        timeslices: [
          {
            timeslice_index: 0,
            request_latency: { unit: 'ms', avg: 900, p50: 880, count: 7 },
            request_throughput: { unit: 'requests/sec', avg: 3 },
          },
          { start_ns: 1, end_ns: 2, is_complete: false, request_latency: { unit: 'ms', avg: 950 } },
          'no slice',
        ],
        input_config: { model: 'acme/tiny-1b', loadgen: { concurrency: 4 } },
      }),
    );
    expect(reading).toMatchObject({ format: 'aiperf', records: 2 });
    expect(reading.at('/timeslices/0/request_latency/p50')).toMatchObject({
      metric: 'request_latency',
      statistic: 'median',
      n: 7,
      over: 'requests',
      labels: { model: 'acme/tiny-1b', concurrency: '4', phase: 'timeslice 0' },
    });
    expect(reading.at('/timeslices/0/request_throughput/avg')).toMatchObject({
      metric: 'request_throughput',
      statistic: 'value',
      over: 'samples',
    });
    expect(reading.at('/timeslices/1/request_latency/avg')?.labels.phase).toBe('timeslice 1');
    expect(reading.warnings).toEqual(['/timeslices/1 is not complete (is_complete is false): its rates are of a shorter time']);
  });

  it('are known where the first of them has no metrics', () => {
    const timeslices = [
      { start_ns: 1, end_ns: 2 },
      { start_ns: 2, end_ns: 3, request_latency: { unit: 'ms', avg: 950 } },
    ];
    const reading = readText('profile_export_aiperf_timeslices.json', JSON.stringify({ timeslices, input_config: {} }));
    expect(reading).toMatchObject({ format: 'aiperf', records: 2, warnings: [] });
    expect(reading.at('/timeslices/1/request_latency/avg')).toMatchObject({ value: 950, labels: { phase: 'timeslice 1' } });
  });
});
