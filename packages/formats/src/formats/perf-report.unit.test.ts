import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readSample, readText, SAMPLES } from './reading-for-test.ts';

const text = (...lines: string[]) => lines.map((line) => `${line}\r\n`).join('');

const AIPERF = text(
  'Metric,avg,min,max,sum,p1,p5,p10,p25,p50,p75,p90,p95,p99,std',
  'Time to First Token (ms),41.50,30.00,80.00,1660.00,30.10,30.50,31.00,35.00,40.25,45.00,60.00,70.00,77.00,9.50',
  'Inter Token Latency (ms),11.75,9.00,14.00,470.00,9.10,9.20,9.30,10.00,11.50,12.00,13.00,13.50,14.00,1.10',
  'Inter Chunk Latency (ms),11.50,8.00,31.00,,8.10,8.20,8.30,10.00,11.00,12.00,13.00,20.00,30.00,2.10',
  'HTTP Duration (excl. conn) (ms),900.00,800.00,950.00,,801.00,,,,890.00,,,,949.00,30.00',
  'Output Sequence Length (tokens),64.00,60.00,64.00,2560.00,60.00,61.00,62.00,64.00,64.00,64.00,64.00,64.00,64.00,0.90',
  '',
  'Metric,Value',
  'Benchmark Duration (sec),25.00',
  'Output Token Throughput (tokens/sec),320.50',
  'Overall Usage Prompt Cache Read % (%),93.59',
  'Request Count,40.00',
  'Request Throughput (requests/sec),1.60',
  '',
  '',
  'Endpoint,GPU_Index,GPU_Name,GPU_UUID,Metric,avg,min,max,p50,p99,std,Hostname',
  'node7:9400,0,"Acme X1, 80 GB",GPU-1,GPU Power Usage (W),301.50,100.00,350.00,310.00,349.00,20.00,node7',
  'node7:9400,0,"Acme X1, 80 GB",GPU-1,Energy Consumption (MJ),0.12,,,,,,node7',
  'node7:9400,0,"Acme X1, 80 GB",GPU-1,GPU Memory Used (GB),70.50,70.00,71.00,70.50,71.00,0.20,None',
);

describe('a CSV report of AIPerf', () => {
  const reading = readText('profile_export_aiperf.csv', AIPERF);

  it('is read as three tables', () => {
    expect(reading).toMatchObject({ format: 'aiperf', kind: 'csv', records: 1, failed: [], warnings: [] });
  });

  it.each([
    ['line 2 column avg', 'time_to_first_token', 'mean', 41.5, 'ms', 'requests', 40],
    ['line 2 column p50', 'time_to_first_token', 'median', 40.25, 'ms', 'requests', 40],
    ['line 2 column std', 'time_to_first_token', 'stddev', 9.5, 'ms', 'requests', 40],
    ['line 3 column p99', 'time_per_output_token', 'p99', 14, 'ms', 'requests', 40],
    ['line 4 column max', 'inter_token_latency', 'max', 31, 'ms', 'gaps', null],
    ['line 5 column avg', 'HTTP Duration (excl. conn)', 'mean', 900, 'ms', undefined, null],
    ['line 6 column p1', 'output_sequence_length', 'p1', 60, 'tokens', 'requests', 40],
    ['line 9 column Value', 'duration', 'value', 25, 's', 'runs', null],
    ['line 10 column Value', 'output_token_throughput', 'value', 320.5, 'tok/s', 'runs', null],
    ['line 11 column Value', 'Overall Usage Prompt Cache Read %', 'value', 93.59, '%', 'runs', null],
    ['line 12 column Value', 'request_count', 'value', 40, null, 'runs', null],
    ['line 13 column Value', 'request_throughput', 'value', 1.6, 'req/s', 'runs', null],
    ['line 17 column p50', 'power', 'median', 310, 'W', 'samples', null],
    ['line 18 column avg', 'energy', 'value', 0.12, 'MJ', 'runs', null],
    ['line 19 column max', 'gpu_memory_used', 'max', 71, 'GB', 'samples', null],
  ])('%s is %s', (pointer, metric, statistic, value, unit, over, n) => {
    const found = reading.at(pointer);
    expect(found).toMatchObject({ metric, statistic, value, unit, n });
    expect(found?.over).toBe(over);
  });

  it('has what HTTP carried in units of 1024 bytes', () => {
    const row = 'HTTP Data Received (KB),130.50,9.75,365.25,5220.00,10.75,24.00,29.75,54.75,129.25,180.75,237.75,301.75,352.50,84.50';
    const found = readText('x.csv', AIPERF.replace(/HTTP Duration.*/, row)).at('line 5 column p50');
    expect(found).toMatchObject({ metric: 'http_data_received', value: 129.25, unit: 'KiB', over: 'requests', n: 40 });
  });

  it.each([
    ['OSL Mismatch Diff % (%),-21.25,-98.00,2.00,,,,,,,,,,,', 'OSL Mismatch Count,12.00', 'by -21.3 % on average (12 requests)'],
    ['OSL Mismatch Diff % (%),-1.25,-3.00,2.00,,,,,,,,,,,', 'OSL Mismatch Count,0.00', null],
  ])('says where the lengths of outputs are not those that were asked for: %s', (row, count, told) => {
    const reading = readText(
      'x.csv',
      AIPERF.replace(/HTTP Duration.*/, row).replace('Request Count,40.00', `Request Count,40.00\r\n${count}`),
    );
    const miss = `the run: the output lengths miss what was asked for ${told}: output throughput cannot be compared with runs of other lengths`;
    expect(reading.warnings).toEqual(told === null ? [] : [miss]);
  });

  it('names the GPUs', () => {
    const gpu = { tool: 'aiperf', gpu: 'Acme X1, 80 GB', gpu_index: '0', gpu_uuid: 'GPU-1', telemetry: 'node7:9400' };
    expect(reading.at('line 17 column avg')?.labels).toEqual({ ...gpu, host: 'node7' });
    expect(reading.at('line 19 column avg')?.labels).toEqual(gpu);
    expect(reading.at('line 2 column avg')?.labels).toEqual({ tool: 'aiperf' });
  });

  it('has no sums and no empty cells', () => {
    expect(reading.at('line 2 column sum')).toBeUndefined();
    expect(reading.at('line 5 column p5')).toBeUndefined();
  });

  it('maps columns by their names, in any order and with any line end', () => {
    const other = readText('x.csv', 'Metric,std,avg,max,min,p1,p50,p99\nRequest Latency (ms),1.00,2.00,4.00,1.50,1.50,2.25,3.99\n');
    expect(other.format).toBe('aiperf');
    expect(['avg', 'std', 'p50', 'max'].map((column) => other.at(`line 2 column ${column}`)?.value)).toEqual([2, 1, 2.25, 4]);
  });

  it('without a request that succeeded has no latency', () => {
    const failed = readText(
      'profile_export_aiperf.csv',
      text('Metric,Value', 'Benchmark Duration (sec),90.00', 'Error Request Count,5.00'),
    );
    expect(failed).toMatchObject({ format: 'aiperf', records: 1, failed: [{ pointer: 'line 3', reason: 'no request succeeded of 5' }] });
    expect(failed.measurements.map(({ metric, value, failed }) => [metric, value, failed])).toEqual([
      ['duration', 90, true],
      ['error_request_count', 5, true],
    ]);
  });

  it('with failed requests says so', () => {
    expect(readText('x.csv', AIPERF.replace('Request Count,40.00', 'Request Count,40.00\r\nError Request Count,2.00')).warnings).toEqual([
      'the run: 2 of 42 requests failed; the statistics are over the others',
    ]);
  });

  it('leaves out times that are 0 throughout', () => {
    const zero = 'Time to First Token (ms),0.00,0.00,0.00,0.00,0.00,0.00,0.00,0.00,0.00,0.00,0.00,0.00,0.00,0.00';
    const reading = readText('x.csv', AIPERF.replace(/Time to First Token.*/, zero));
    expect(reading.at('line 2 column avg')).toBeUndefined();
    expect(reading.warnings).toEqual(['line 2: Time to First Token is 0 throughout, so it was not measured; it was left out']);
  });

  it('names rows that do not fit and cells that are no numbers', () => {
    const reading = readText(
      'x.csv',
      text(
        'Metric,avg,min,max,p1,p50,p99,std',
        'Request Latency (ms),1.00,2.00',
        'Time to First Token (ms),"1,5",fast,7.00,nan,1.00,1e999,2.00',
        'Time to Second Token (ms),"9"x,3.00,1.00,1.00,1.00,1.00,1.00',
      ),
    );
    expect(reading.measurements.map(({ pointer, value }) => [pointer, value])).toEqual([
      ['line 3 column max', 7],
      ['line 3 column p50', 1],
      ['line 3 column std', 2],
    ]);
    expect(reading.warnings).toEqual([
      'line 2 has 3 cells where the header has 8: it was not read',
      'line 4 has a quote that is not closed: the row, and what the quote swallows, was not read',
      'line 3 column avg: "1,5" is no number that can be told; it was not read',
      'line 3 column min: "fast" is no number that can be told; it was not read',
      'line 3 column p99: "1e999" is no number that can be told; it was not read',
    ]);
  });

  it('stops at a table that nobody knows, and goes on behind it', () => {
    const reading = readText(
      'x.csv',
      `${AIPERF}\r\nServer,Queue,Depth\r\nvllm,waiting,3\r\n\r\nMetric,Value\r\nGoodput (requests/sec),1.20\r\n`,
    );
    expect(reading.warnings).toEqual(['line 21 ("Server") begins a table that is not known here: it was not read']);
    expect(reading.at('line 25 column Value')).toMatchObject({ metric: 'goodput', value: 1.2, unit: 'req/s' });
  });

  it('that was cut is never read as other numbers', () => {
    for (let length = 1; length < AIPERF.length; length += 1) {
      const part = AIPERF.slice(0, length);
      for (const { pointer, metric, statistic, value, unit } of readText('profile_export_aiperf.txt', part).measurements)
        expect(reading.at(pointer)).toMatchObject({ metric, statistic, value, unit });
    }
  });
});

describe('a CSV report of GenAI-Perf', () => {
  const GENAI = text(
    'Metric,avg,min,max,p99,p95,p90,p75,p50,p25',
    'Time To First Token (ms),"1,234.56",1.00,"12,345.00","1,999.00",95.00,90.00,75.00,50.00,25.00',
    'Inter Token Latency (ms),12.00,11.00,13.00,12.99,12.95,12.90,12.75,12.50,12.25',
    'Output Sequence Length,99.00,98.00,100.00,99.99,99.95,99.90,99.75,99.50,99.25',
    '',
    'Metric,Value',
    'Output Token Throughput (per sec),456.00',
    'Request Throughput (per sec),"1,123.00"',
    'Request Goodput (per sec),12.00',
    'Request Count (count),8.00',
    '',
    'Metric,GPU,avg,min,max,p99,p95,p90,p75,p50,p25',
    'GPU Power Usage (W),gpu0,50.00,30.00,60.00,59.00,58.00,57.00,55.00,51.00,40.00',
    '',
    'Metric,GPU,Value',
    'Total GPU Memory (GB),gpu0,80.00',
  );
  const reading = readText('profile_export_genai_perf.csv', GENAI);

  it.each([
    ['line 2 column avg', 'time_to_first_token', 'mean', 1234.56, 'ms', 8],
    ['line 2 column p99', 'time_to_first_token', 'p99', 1999, 'ms', 8],
    ['line 2 column p25', 'time_to_first_token', 'p25', 25, 'ms', 8],
    ['line 3 column p50', 'time_per_output_token', 'median', 12.5, 'ms', 8],
    ['line 4 column min', 'output_sequence_length', 'min', 98, 'tokens', 8],
    ['line 7 column Value', 'output_token_throughput', 'value', 456, 'tok/s', null],
    ['line 8 column Value', 'request_throughput', 'value', 1123, 'req/s', null],
    ['line 9 column Value', 'request_goodput', 'value', 12, 'req/s', null],
    ['line 13 column p50', 'power', 'median', 51, 'W', null],
    ['line 16 column Value', 'total_gpu_memory', 'value', 80, 'GB', null],
  ])('%s is %s', (pointer, metric, statistic, value, unit, n) => {
    expect(reading.at(pointer)).toMatchObject({ metric, statistic, value, unit, n });
  });

  it('is told from AIPerf by the order of its percentiles', () => {
    expect(reading).toMatchObject({ format: 'genai-perf', records: 1, failed: [], warnings: [] });
    expect(reading.at('line 13 column p50')?.labels).toEqual({ tool: 'genai-perf', gpu_index: 'gpu0' });
  });

  it('of the first versions has the gaps between chunks, and lengths under other names', () => {
    const first = readText(
      'profile_export_genai_perf.csv',
      text(
        'Metric,avg,min,max,p99,p95,p90,p75,p50,p25',
        'Time To First Token (ms),44.50,40.00,50.00,49.90,49.00,48.00,46.00,44.00,42.00',
        'Inter Token Latency (ms),12.25,9.00,31.00,30.50,22.00,18.00,13.00,12.00,11.00',
        'Num Output Token,63.50,60.00,66.00,65.90,65.50,65.00,64.00,63.00,62.00',
        '',
        'Metric,Value',
        'Request Throughput (per sec),1.75',
      ),
    );
    expect(first.at('line 3 column avg')).toMatchObject({ metric: 'inter_token_latency', value: 12.25, over: 'gaps', n: null });
    expect(first.at('line 4 column avg')).toMatchObject({
      metric: 'output_sequence_length',
      value: 63.5,
      unit: 'tokens',
      over: 'requests',
    });
  });

  it('of telemetry alone is known, too', () => {
    const telemetry = text('Metric,GPU,avg,min,max,p99,p95,p90', 'GPU Utilization (%),gpu1,50.00,30.00,60.00,59.00,58.00,57.00');
    expect(readText('t.csv', telemetry)).toMatchObject({ format: 'genai-perf', measurements: { length: 6 } });
  });
});

describe('what is no such report', () => {
  it.each([
    ['a table of metrics and values', 'Metric,Value\nrequest_latency,5\n'],
    ['a table of statistics without percentiles', 'Metric,avg,min,max\nRequest Latency (ms),1,2,3\n'],
    ['metrics that nobody knows', 'Metric,avg,min,max,p50,p90,p99\nPressure (bar),1,2,3,4,5,6\n'],
    ['other columns', 'Name,avg,min,max,p50,p90,p99\nRequest Latency (ms),1,2,3,4,5,6\n'],
  ])('%s', (_, csv) => {
    expect(readText('x.csv', csv).format).toBe('generic');
  });
});

describe.skipIf(!existsSync(SAMPLES))('the real report of GenAI-Perf', () => {
  it('has its columns by name', () => {
    const reading = readSample('genai-perf/1-expected-streaming.csv');
    expect(reading).toMatchObject({ format: 'genai-perf', records: 1, failed: [], warnings: [] });
    expect(reading.at('line 2 column avg')).toMatchObject({ metric: 'time_to_first_token', value: 8, unit: 'ms', statistic: 'mean', n: 3 });
    expect(reading.at('line 2 column p1')).toMatchObject({ value: 7.02, statistic: 'p1' });
    expect(reading.at('line 5 column p99')).toMatchObject({ metric: 'time_per_output_token', value: 11.98, unit: 'ms' });
    expect(reading.at('line 6 column min')).toMatchObject({ metric: 'output_token_throughput_per_user', value: 4, unit: 'tok/s' });
    expect(reading.at('line 11 column Value')).toMatchObject({ metric: 'output_token_throughput', value: 456, unit: 'tok/s' });
    expect(reading.at('line 12 column Value')).toMatchObject({ metric: 'request_throughput', value: 123, unit: 'req/s' });
    expect(reading.measurements).toHaveLength(7 * 12 + 3);
  });
});
