import { describe, expect, it } from 'vitest';
import { expectNoFaultWhenMangled, expectNoOtherNumberWhereCut } from '../../../../test/support/mangling.ts';
import { readText } from './reading-for-test.ts';

/** 240 answers and 10 requests cut off in 2.5 s. */
const RUN = `Summary:
  Success rate:\t100.00%
  Total:\t2.5000 secs
  Slowest:\t0.2500 secs
  Fastest:\t0.0010 secs
  Average:\t0.0300 secs
  Requests/sec:\t100.0000

  Total data:\t2.50 MiB
  Size/request:\t10.66 KiB
  Size/sec:\t1.00 MiB

Response time histogram:
  0.001 [1]   |
  0.250 [239] |■■■■■■

Response time distribution:
  10.00% in 0.0100 secs
  50.00% in 0.0200 secs
  99.90% in 0.2400 secs


Details (average, fastest, slowest):
  DNS+dialup:\t0.0016 secs, 0.0013 secs, 0.0020 secs
  DNS-lookup:\t0.0001 secs, 0.0000 secs, 0.0005 secs

Status code distribution:
  [200] 240 responses

Error distribution:
  [10] aborted due to deadline
`;
const known = (text: string) =>
  readText('oha.txt', text).measurements.flatMap(({ metric, statistic, value, unit, n, pointer }) =>
    /^(?:request|duration)/.test(metric) ? [[metric, statistic, value, unit, n, pointer]] : [],
  );

describe('oha, on the terminal', () => {
  it('reads each number in its unit, over the requests that were answered', () => {
    const reading = readText('oha.txt', RUN);
    expect(reading).toMatchObject({ format: 'oha', records: 1, failed: [] });
    expect(known(RUN)).toEqual([
      ['duration', 'value', 2.5, 's', null, 'line 3 column Total'],
      ['request_latency', 'max', 0.25, 's', 240, 'line 4 column Slowest'],
      ['request_latency', 'min', 0.001, 's', 240, 'line 5 column Fastest'],
      ['request_latency', 'mean', 0.03, 's', 240, 'line 6 column Average'],
      ['request_throughput', 'value', 100, 'req/s', null, 'line 7 column Requests/sec'],
      ['request_latency', 'p10', 0.01, 's', 240, 'line 18 column 10.00%'],
      ['request_latency', 'median', 0.02, 's', 240, 'line 19 column 50.00%'],
      ['request_latency', 'p99.9', 0.24, 's', 240, 'line 20 column 99.90%'],
    ]);
    expect(reading.at('line 9 column Total data')).toMatchObject({ metric: 'Total data', value: 2.5, unit: 'MiB' });
    expect(reading.at('line 11 column Size/sec')).toMatchObject({ metric: 'Size/sec', value: 1, unit: 'MiB/s' });
    expect(reading.warnings).toEqual([
      'line 2: 10 requests were cut off by the end of the run: the latencies leave them out, and the rate counts them',
    ]);
  });

  it('reads times that are printed in milliseconds', () => {
    const times = RUN.replace('2.5000 secs', '2500.0000 ms').replace('0.0300 secs', '30.0000 ms');
    expect(known(times)).toContainEqual(['duration', 'value', 2500, 'ms', null, 'line 3 column Total']);
    expect(known(times)).toContainEqual(['request_latency', 'mean', 30, 'ms', 240, 'line 6 column Average']);
  });

  it('reads times that are printed in tens of seconds or of minutes, or in hours', () => {
    const unit = (symbol: string, factor: number): string =>
      RUN.replace(/(\d+\.\d{4}) secs/g, (_, time: string) => `${(Number(time) / factor).toFixed(4)} ${symbol}`).replace(
        'Requests/sec:\t100.0000',
        `Requests/sec:\t${(250 / (Number((2.5 / factor).toFixed(4)) * factor)).toFixed(4)}`,
      );
    const times = (text: string) =>
      known(text).flatMap(([, statistic, value, symbol]) => (symbol === 'req/s' ? [] : [[statistic, value, symbol]]));
    expect(times(unit('10 sec', 10)).slice(0, 5)).toEqual([
      ['value', 2.5, 's'],
      ['max', 0.25, 's'],
      ['min', 0.001, 's'],
      ['mean', 0.03, 's'],
      ['p10', 0.01, 's'],
    ]);
    const slow = RUN.replace('2.5000 secs', '0.0250 10 min')
      .replace('sec:\t100.0000', 'sec:\t16.6667')
      .replace('0.2500 secs', '1.2345 10 min');
    expect(times(slow).slice(0, 2)).toEqual([
      ['value', 0.25, 'min'],
      ['max', 12.345, 'min'],
    ]);
    const hours = RUN.replace('2.5000 secs', '2.5000 hr').replace('sec:\t100.0000', 'sec:\t0.0278').replace('0.2500 secs', '1.2345 hr');
    expect(times(hours).slice(0, 2)).toEqual([
      ['value', 2.5, 'h'],
      ['max', 1.2345, 'h'],
    ]);
  });

  it('says of a run without an answer that it failed, and nothing of its times', () => {
    const dead = RUN.replace('100.00%', '0.00%')
      .replace('2.5000 secs', '2500000000.0000 ns')
      .replace('0.2500 secs', '-inf ns')
      .replace('0.0010 secs', 'inf ns')
      .replace('0.0300 secs', 'NaN ns')
      .replace('10.66 KiB', 'NaN')
      .replace(/in 0\.\d+ secs/g, 'in NaN ns')
      .replace('  [200] 240 responses\n', '')
      .replace('[10] aborted due to deadline', '[250] connection refused');
    const reading = readText('oha.txt', dead);
    expect(reading.failed).toEqual([
      { pointer: 'line 2', reason: 'no request was answered: 250 had no answer, 0 were cut off by the end of the run' },
    ]);
    expect(reading.warnings).toEqual([]);
    expect(reading.measurements.filter(({ metric }) => metric === 'request_latency')).toEqual([]);
  });

  it('takes no numbers of a tool that prints alike', () => {
    const other = `\nSummary:\n  Total:\t9.5000 secs\n  Slowest:\t9.0000 secs\n  Average:\t7.0000 secs\n  Requests/sec:\t1.0000\n
Latency distribution:\n  50% in 7.1000 secs\n\nStatus code distribution:\n  [200] 9 responses\n\nError distribution:\n  [3] timed out\n`;
    expect(known(RUN + other)).toEqual(known(RUN));
    expect(readText('oha.txt', RUN + other).warnings).toEqual(readText('oha.txt', RUN).warnings);
  });

  it('misses a single request that is not accounted for', () => {
    const cut = RUN.replace('[200] 240 responses', '[200] 239 responses');
    expect(readText('oha.txt', cut).measurements).toEqual([]);
  });

  it('takes no rate for a throughput where requests failed', () => {
    const reading = readText('oha.txt', RUN.replace('[200] 240 responses', '[200] 200 responses\n  [503] 40 responses'));
    expect(reading.at('line 7 column Requests/sec')).toMatchObject({ metric: 'Requests/sec', unit: 'req/s', failed: false });
    expect(reading.warnings[0]).toMatch(
      /^line 2: 40 of 240 answers were errors, which the latencies include; 0 had no answer, 10 were cut off/,
    );
  });

  it('keeps a run of errors alone as a failed record, among others', () => {
    const reading = readText('oha.txt', RUN.replace('[200]', '[500]') + RUN);
    expect(reading.records).toBe(2);
    expect(reading.failed).toEqual([
      { pointer: 'line 28', reason: 'all of 240 answers were errors; 0 had no answer, 10 were cut off by the end of the run' },
    ]);
    expect(reading.at('line 6 column Average')?.failed).toBe(true);
    expect(reading.at('line 37 column Average')?.failed).toBe(false);
  });

  it('reads no run that does not say what came of its requests', () => {
    for (const part of [RUN.slice(0, RUN.indexOf('Status')), RUN.slice(0, RUN.indexOf('Error dist')).replace('240 r', '100 r')]) {
      const reading = readText('oha.txt', part);
      expect(reading.measurements).toEqual([]);
      expect(reading.warnings).toEqual(['line 2: the run does not say what came of all its requests: it may be cut off, and was not read']);
    }
  });

  it('does not claim other texts', () => {
    expect(readText('x.txt', 'Success rate: 99.5%\nRequests/sec: 120.4\n').format).toBe('unknown');
    expect(readText('x.txt', 'Summary:\n  Total:\t2.5 secs\n  Requests/sec:\t100.0\n').format).toBe('unknown');
    expect(readText('x.md', RUN).format).toBe('generic');
  });

  it('survives whatever stands there', () => {
    expectNoFaultWhenMangled('oha.txt', RUN);
    expectNoOtherNumberWhereCut('oha.txt', RUN + RUN);
  });
});
