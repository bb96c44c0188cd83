import { describe, expect, it } from 'vitest';
import { expectNoFaultWhenMangled, expectNoOtherNumberWhereCut } from '../../../../test/support/mangling.ts';
import { readText } from './reading-for-test.ts';

const RUN = `Running 10s test @ http://localhost:3000/a?b=1
200 connections with 4 pipelining factor
2 workers

┌─────────┬──────┬────────┬────────┬────────┬───────────┬───────────┬─────────┐
│ Stat    │ 2.5% │ 50%    │ 97.5%  │ 99%    │ Avg       │ Stdev     │ Max     │
├─────────┼──────┼────────┼────────┼────────┼───────────┼───────────┼─────────┤
│ Latency │ 5 ms │ 340 ms │ 371 ms │ 492 ms │ 362.77 ms │ 404.64 ms │ 9758 ms │
└─────────┴──────┴────────┴────────┴────────┴───────────┴───────────┴─────────┘
┌───────────┬────────┬────────┬─────────┬────────┬──────────┬────────┬─────────┐
│ Stat      │ 1%     │ 2.5%   │ 50%     │ 97.5%  │ Avg      │ Stdev  │ Min     │
├───────────┼────────┼────────┼─────────┼────────┼──────────┼────────┼─────────┤
│ Req/Sec   │ 23,711 │ 23,711 │ 25,615  │ 25,807 │ 25,424.5 │ 597.23 │ 701     │
├───────────┼────────┼────────┼─────────┼────────┼──────────┼────────┼─────────┤
│ Bytes/Sec │ 5.4 MB │ 5.4 MB │ 5.87 MB │ 5.9 MB │ 5.82 MB  │ 136 kB │ 512 B   │
└───────────┴────────┴────────┴─────────┴────────┴──────────┴────────┴─────────┘

Req/Bytes counts sampled once per second.
# of samples: 10

254k requests in 10.03s, 58.2 MB read
`;
const read = (text: string) => readText('a.txt', text);

describe('autocannon, on the terminal', () => {
  it('reads the rows by their columns; no percentiles of seconds', () => {
    const reading = read(RUN);
    expect(reading).toMatchObject({ format: 'autocannon', records: 1, failed: [], warnings: [] });
    expect(
      reading.measurements.map(({ metric, statistic, value, unit, n, over, pointer }) => [
        metric,
        statistic,
        value,
        unit,
        n,
        over,
        pointer,
      ]),
    ).toEqual([
      ['request_latency', 'p2.5', 5, 'ms', null, 'requests', 'line 8 column Latency 2.5%'],
      ['request_latency', 'median', 340, 'ms', null, 'requests', 'line 8 column Latency 50%'],
      ['request_latency', 'p97.5', 371, 'ms', null, 'requests', 'line 8 column Latency 97.5%'],
      ['request_latency', 'p99', 492, 'ms', null, 'requests', 'line 8 column Latency 99%'],
      ['request_latency', 'mean', 362.77, 'ms', null, 'requests', 'line 8 column Latency Avg'],
      ['request_latency', 'stddev', 404.64, 'ms', null, 'requests', 'line 8 column Latency Stdev'],
      ['request_latency', 'max', 9758, 'ms', null, 'requests', 'line 8 column Latency Max'],
      ['request_throughput', 'mean', 25424.5, 'req/s', null, 'samples', 'line 13 column Req/Sec Avg'],
      ['request_throughput', 'stddev', 597.23, 'req/s', null, 'samples', 'line 13 column Req/Sec Stdev'],
      ['request_throughput', 'min', 701, 'req/s', null, 'samples', 'line 13 column Req/Sec Min'],
      ['Bytes/Sec', 'mean', 5.82, 'MB/s', null, 'samples', 'line 15 column Bytes/Sec Avg'],
      ['Bytes/Sec', 'stddev', 136, 'KB/s', null, 'samples', 'line 15 column Bytes/Sec Stdev'],
      ['Bytes/Sec', 'min', 512, 'bytes/s', null, 'samples', 'line 15 column Bytes/Sec Min'],
      ['duration', 'value', 10.03, 's', null, 'runs', 'line 21 column requests in'],
    ]);
    expect(reading.measurements[0]?.labels).toEqual({
      tool: 'autocannon',
      url: 'http://localhost:3000/a?b=1',
      concurrency: '200',
      pipelining: '4',
      workers: '2',
    });
  });

  it('takes n from a count that is not rounded', () => {
    const old = RUN.replace('# of samples: 10\n', '\n').replace('254k', '1536');
    expect(read(old).at('line 8 column Latency Avg')?.n).toBe(1536);
  });

  it('takes no number of requests that were sent for n, but that of the responses', () => {
    const answered = RUN.replace('254k', '1200 2xx responses, 30 non 2xx responses\n1250');
    expect(read(RUN.replace('254k', '1536')).at('line 8 column Latency Avg')?.n).toBeNull();
    expect(read(answered).at('line 8 column Latency Avg')?.n).toBe(1230);
  });

  it('keeps a run as failed of which nothing was read, though requests were sent', () => {
    const reading = read(RUN.replace('254k', '50').replace('58.2 MB read\n', '0 B read\n50 errors (50 timeouts)\n'));
    expect(reading.failed).toEqual([{ pointer: 'line 1', reason: 'no request succeeded: 50 errors, 0 responses other than 2xx' }]);
    expect(reading.at('line 8 column Latency Avg')?.failed).toBe(true);
  });

  it('says how many failed where that is rounded, or by words of other versions', () => {
    const of = (line: string) => read(RUN.replace(' read\n', ` read\n${line}\n`));
    expect(of('2k errors (1k timeouts)').warnings).toEqual([
      'line 1: 2k errors (timeouts among them) and 0 responses other than 2xx; the latencies are over all that were answered',
    ]);
    expect(of('2k errors (1k timeouts)').at('line 22 column errors')).toBeUndefined();
    expect(of('other words\n7 errors').warnings).toEqual([]);
    expect(of('7 errors').at('line 22 column errors')?.value).toBe(7);
    expect(of('3 requests with mismatched body').warnings).toEqual([
      'line 1: 3 responses had another body than was expected; the latencies are over all that were answered',
    ]);
  });

  it('reads no requests by second that were counted by another time', () => {
    const reading = read(RUN.replace('sampled once per second', 'sampled every 0.5 seconds'));
    expect(reading.measurements.filter(({ over }) => over === 'samples')).toEqual([]);
    expect(reading.at('line 8 column Latency Avg')?.value).toBe(362.77);
    expect(reading.warnings).toEqual(['line 1: requests and bytes were counted every 0.5 seconds and not by second: they were not read']);
  });

  it('reads no requests by second whose thousands may have points', () => {
    const german = RUN.replace(/│ Req\/Sec.*/, '│ Req/Sec   │ 23.711 │ 23.711 │ 25.615 │ 25.807 │ 25.424,5 │ 597,23 │ 23.701  │');
    const reading = read(german);
    expect(reading.measurements.filter(({ metric }) => metric === 'request_throughput')).toEqual([]);
    expect(reading.at('line 15 column Bytes/Sec Avg')?.value).toBe(5.82);
    expect(reading.warnings).toHaveLength(1);
  });

  it('says where a run broke off before another began', () => {
    const { records, warnings } = read(RUN.slice(0, RUN.indexOf('254k')) + RUN);
    expect(records).toBe(1);
    expect(warnings).toEqual(['line 1: the run that begins here does not say how many requests there were: it was not read']);
  });

  it('says where requests failed, and keeps a run without a success as a failed record', () => {
    const some = RUN.replace('254k', '1200 2xx responses, 30 non 2xx responses\n1230').replace(
      ' read\n',
      ' read\n20 errors (5 timeouts)\n',
    );
    expect(read(some).warnings).toEqual([
      'line 1: 20 errors (timeouts among them) and 30 responses other than 2xx; the latencies are over all that were answered',
    ]);
    expect(read(some).at('line 23 column errors')).toMatchObject({ metric: 'errors', value: 20 });
    const none = RUN.replace('254k', '0 2xx responses, 30 non 2xx responses\n30');
    const reading = read(none + RUN);
    expect(reading.records).toBe(2);
    expect(reading.failed).toEqual([{ pointer: 'line 1', reason: 'no request succeeded: 0 errors, 30 responses other than 2xx' }]);
    expect(reading.measurements.filter(({ failed }) => failed)).toHaveLength(15);
  });

  it('does not read a run that broke off', () => {
    const { measurements, warnings } = read(RUN.slice(0, RUN.indexOf('254k')));
    expect(measurements).toEqual([]);
    expect(warnings).toEqual(['line 1: the run that begins here does not say how many requests there were: it was not read']);
  });

  it('does not claim other texts', () => {
    expect(read('│ Latency │ 5 ms │\n').format).toBe('unknown');
    expect(readText('a.md', RUN).format).toBe('generic');
  });

  it('survives whatever stands there', () => {
    expectNoFaultWhenMangled('a.txt', RUN);
    expectNoOtherNumberWhereCut('a.txt', RUN + RUN);
  });
});
