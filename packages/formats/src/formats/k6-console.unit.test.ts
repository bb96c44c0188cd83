import { describe, expect, it } from 'vitest';
import { expectNoFaultWhenMangled, expectNoOtherNumberWhereCut } from '../../../../test/support/mangling.ts';
import { readText } from './reading-for-test.ts';

const OLD = `     execution: local
        script: load/shop.js
        output: -

running (1m05.5s), 07/12 VUs, 80 complete and 0 interrupted iterations
running (1m30.5s), 00/12 VUs, 150 complete and 0 interrupted iterations
default ✓ [======================================] 12 VUs  1m30s

     ✓ status was 200
     ✗ is fast
      ↳  90% — ✓ 270 / ✗ 30

     checks.........................: 95.00% ✓ 570      ✗ 30
     data_received..................: 3.3 MB 36 kB/s
     data_sent......................: 900 B  9.9 B/s
     http_req_blocked...............: avg=8.53ms  min=1µs     med=5.5µs  max=254.83ms p(90)=11µs   p(95)=18.5µs
   ✗ http_req_duration..............: avg=31.64ms min=10.25ms med=20.5ms max=1m2.5s   p(90)=80.1ms p(95)=1.25s
       { expected_response:true }...: avg=30.5ms  min=11.25ms med=19.5ms max=59s      p(90)=79.1ms p(95)=1.2s
     http_req_failed................: 1.00%  ✓ 3        ✗ 297
     http_reqs......................: 300    3.315/s
     iteration_duration.............: avg=1.04s   min=1.01s   med=1.02s  max=1m3s     p(90)=1.1s   p(95)=2.2s
     iterations.....................: 150    1.657/s
     vus............................: 1      min=1      max=12
     vus_max........................: 12     min=12     max=12
     waiting_room...................: avg=12.75   min=0       med=12     max=24       p(90)=20     p(95)=22
`;
const NEW = `  █ THRESHOLDS

    http_req_duration
    ✗ 'p(95)<500' p(95)=1.25s

  █ TOTAL RESULTS

    checks_total.......: 600    6.63/s
    checks_succeeded...: 95.00% 570 out of 600
    checks_failed......: 5.00%  30 out of 600

    ✗ is fast
      ↳  90% — ✓ 270 / ✗ 30

    HTTP
    http_req_duration..............: avg=31.64ms min=10.25ms med=20.5ms max=1m2.5s p(90)=80.1ms p(95)=1.25s
      { expected_response:true }...: avg=30.5ms min=11.25ms med=19.5ms max=59s p(90)=79.1ms p(95)=1.2s
    http_req_failed................: 1.00%  3 out of 300
    http_reqs......................: 300    3.315/s

    EXECUTION
    iteration_duration.............: avg=1.04s min=1.01s med=1.02s max=1m3s p(90)=1.1s p(95)=2.2s
    iterations.....................: 150    1.657/s
    vus............................: 1      min=1        max=12
    vus_max........................: 12     min=12       max=12

    NETWORK
    data_received..................: 3.3 MB 36 kB/s
    data_sent......................: 900 B  9.9 B/s

running (1m30.5s), 00/12 VUs, 150 complete and 0 interrupted iterations
`;
/** `--summary-mode=full`: below the total, what is of groups and scenarios. */
const FULL = `${NEW.slice(0, NEW.indexOf('\nrunning'))}

  █ GROUP: buy

    ✓ is fast

    HTTP
    http_req_duration..............: avg=14.5ms min=5.5ms med=10.5ms max=95ms p(90)=17.5ms p(95)=31.5ms
    http_req_failed................: 0.00%  0 out of 48
    http_reqs......................: 48     1.75/s

      █ GROUP: pay

        HTTP
        http_req_duration..............: avg=24.5ms min=15.5ms med=20.5ms max=95ms p(90)=27.5ms p(95)=41.5ms
        http_req_failed................: 100.00% 12 out of 12
        http_reqs......................: 12     0.5/s

  █ SCENARIO: night

    EXECUTION
    iteration_duration.............: avg=2s min=1s med=2s max=3s p(90)=2.5s p(95)=2.75s
    iterations.....................: 40     0.25/s

running (1m30.5s), 00/12 VUs, 150 complete and 0 interrupted iterations
`;
const numbers = (text: string, pattern = /^(?:request_|error_|duration)/) =>
  readText('k6.txt', text)
    .measurements.filter(({ metric, labels }) => pattern.test(metric) && labels.tags === undefined)
    .map(({ metric, statistic, value, unit, n, over, failed }) => [metric, statistic, value, unit, n, over, failed]);

const EXPECTED = [
  ['request_latency', 'mean', 31.64, 'ms', 300, 'requests', false],
  ['request_latency', 'min', 10.25, 'ms', 300, 'requests', false],
  ['request_latency', 'median', 20.5, 'ms', 300, 'requests', false],
  ['request_latency', 'max', 62.5, 's', 300, 'requests', false],
  ['request_latency', 'p90', 80.1, 'ms', 300, 'requests', false],
  ['request_latency', 'p95', 1.25, 's', 300, 'requests', false],
  ['error_rate', 'value', 1, '%', null, 'runs', false],
  ['request_throughput', 'value', 3.315, 'req/s', null, 'runs', false],
  ['duration', 'value', 90.5, 's', null, 'runs', false],
];

describe('k6, the summary on the terminal', () => {
  it.each([
    ['one list', OLD, 'line 17 column http_req_duration p(95)'],
    ['headings', NEW, 'line 16 column http_req_duration p(95)'],
    ['line ends of Windows', OLD.replaceAll('\n', '\r\n'), 'line 17 column http_req_duration p(95)'],
  ])('reads the layout with %s', (_, text, pointer) => {
    const reading = readText('k6.txt', text);
    expect(reading).toMatchObject({ format: 'k6-console', records: 1, failed: [] });
    expect(numbers(text)).toEqual(EXPECTED);
    expect(reading.at(pointer)).toMatchObject({ value: 1.25, unit: 's' });
    expect(reading.warnings).toHaveLength(2);
    expect(reading.warnings[0]).toContain('3 of 300 requests failed (1.00 %)');
    expect(reading.warnings[1]).toMatch(/a threshold was crossed \((?:http_req_duration|p\(95\)<500)\)/);
  });

  it('keeps what has no name of its own, each in the unit behind it', () => {
    const reading = readText('k6.txt', OLD);
    expect(reading.measurements[0]?.labels).toEqual({ tool: 'k6', script: 'load/shop.js', concurrency: '12' });
    expect(reading.at('line 13 column checks rate')).toMatchObject({ value: 95, unit: '%', statistic: 'value' });
    expect(reading.at('line 14 column data_received')).toMatchObject({ value: 3.3, unit: 'MB' });
    expect(reading.at('line 14 column data_received rate')).toMatchObject({ value: 36, unit: 'KB/s' });
    expect(reading.at('line 15 column data_sent rate')).toMatchObject({ value: 9.9, unit: 'bytes/s' });
    expect(reading.at('line 16 column http_req_blocked min')).toMatchObject({ value: 1, unit: 'us', n: 300, over: 'requests' });
    expect(reading.at('line 18 column http_req_duration avg')).toMatchObject({
      metric: 'request_latency',
      value: 30.5,
      n: null,
      labels: { tags: 'expected_response:true' },
    });
    expect(reading.at('line 21 column iteration_duration max')).toMatchObject({ value: 63, unit: 's', n: 150 });
    expect(reading.at('line 22 column iterations rate')).toMatchObject({ value: 1.657, unit: '1/s' });
    expect(reading.at('line 24 column vus_max max')).toMatchObject({ value: 12, unit: null });
    expect(reading.at('line 25 column waiting_room avg')).toMatchObject({ value: 12.75, unit: null, n: null, metric: 'waiting_room' });
    expect(reading.measurements).toHaveLength(1 + 2 + 2 + 4 * 6 + 1 + 2 + 2 + 3 + 3 + 6 + 1);
  });

  it('takes groups and scenarios for parts of their run, not for runs', () => {
    const reading = readText('k6.txt', FULL);
    expect(reading).toMatchObject({ records: 1, failed: [] });
    expect(
      reading.measurements.flatMap(({ metric, statistic, value, n, failed, labels }) =>
        statistic === 'mean' && labels.tags === undefined ? [[metric, value, n, failed, labels.group, labels.scenario]] : [],
      ),
    ).toEqual([
      ['request_latency', 31.64, 300, false, undefined, undefined],
      ['iteration_duration', 1.04, 150, false, undefined, undefined],
      ['request_latency', 14.5, 48, false, '::buy', undefined],
      ['request_latency', 24.5, 12, true, '::buy::pay', undefined],
      ['iteration_duration', 2, 40, false, undefined, 'night'],
    ]);
    expect(
      reading.measurements.filter(({ metric }) => metric === 'duration').map(({ value, labels }) => [value, labels.concurrency]),
    ).toEqual([[90.5, '12']]);
  });

  it('takes no summary for a part of the one above it', () => {
    const reading = readText('k6.log', `${FULL}\n${OLD}`);
    expect(reading.records).toBe(2);
    const [, last] = reading.measurements.filter(({ metric, statistic, labels }) => {
      return metric === 'request_latency' && statistic === 'p95' && labels.tags === undefined && labels.group === undefined;
    });
    expect(last).toMatchObject({ value: 1.25, n: 300 });
    expect(last?.labels.scenario).toBeUndefined();
  });

  it('reads no part that the text ends in', () => {
    const { measurements, warnings } = readText('k6.txt', FULL.slice(0, FULL.indexOf('  █ SCENARIO')));
    expect(measurements.some(({ labels }) => labels.group === '::buy')).toBe(true);
    expect(measurements.some(({ labels }) => labels.group === '::buy::pay')).toBe(false);
    expect(warnings).toContainEqual(expect.stringMatching(/^line \d+: the part that the text ends in may go on: it was not read$/));
  });

  it('reads several summaries of one text, each with its own time', () => {
    const reading = readText('k6.log', `${OLD}\n${OLD.replace('1m30.5s', '45.5s').replace('shop.js', 'cart.js')}`);
    expect(reading.records).toBe(2);
    const durations = reading.measurements.filter(({ metric }) => metric === 'duration');
    expect(durations.map(({ value, labels }) => [value, labels.script])).toEqual([
      [90.5, 'load/shop.js'],
      [45.5, 'load/cart.js'],
    ]);
    const twice = readText('k6.log', NEW + NEW.replace('1m30.5s', '45.5s'));
    expect(twice.measurements.filter(({ metric }) => metric === 'duration').map(({ value }) => value)).toEqual([90.5, 45.5]);
  });

  it('keeps a run of which all requests failed as failed', () => {
    const all = OLD.replace('1.00%  ✓ 3        ✗ 297', '100.00% ✓ 300      ✗ 0');
    const reading = readText('k6.txt', all);
    expect(reading.failed).toEqual([{ pointer: 'line 19 column http_req_failed rate', reason: 'no request succeeded of 300' }]);
    expect(numbers(all, /^request_/).every(([, , , , , , failed]) => failed === true)).toBe(true);
    expect(reading.at('line 21 column iteration_duration max')).toMatchObject({ failed: false });
  });

  it('has no latency, rate or share of no request', () => {
    const none = OLD.replace(': 300    3.315/s', ': 0      0/s').replace('1.00%  ✓ 3        ✗ 297', '0.00%  ✓ 0        ✗ 0');
    expect(numbers(none)).toEqual([EXPECTED.at(-1)]);
    const nothing = readText('k6.txt', none.replace(': 150    1.657/s', ': 0      0/s'));
    expect(nothing.failed).toEqual([{ pointer: 'line 13', reason: 'no request was sent, and no iteration completed' }]);
  });

  it.each([
    ['a page that quotes it', 'README.md', OLD],
    ['metrics without dots', 'a.txt', 'http_reqs: 300 3.315/s\niterations: 150 1.657/s\n'],
    ['a list with dots', 'a.txt', '  chapter one......: 12\n  iterations.......: 150\n'],
  ])('does not claim %s', (_, path, text) => {
    expect(readText(path, text).format).not.toBe('k6-console');
  });

  it('survives whatever stands there, and yields no other number where it is cut', () => {
    for (const text of [OLD, NEW, FULL]) {
      expectNoFaultWhenMangled('k6.txt', text);
      expectNoOtherNumberWhereCut('k6.txt', text);
    }
  });
});
