import { describe, expect, it } from 'vitest';
import { expectNoFaultWhenMangled, expectNoOtherNumberWhereCut } from '../../../../test/support/mangling.ts';
import { readText } from './reading-for-test.ts';

const THROUGHPUT = `INFO 01-01 10:00:00 [core.py:1] engine up
Processed prompts: 100%|##########| 200/200
Throughput: 8.25 requests/s, 2000.50 total tokens/s, 1000.75 output tokens/s
Total num prompt tokens:  25600
Total num output tokens:  25700
`;
const LATENCY = `Profiling iterations: 100%|##########| 30/30
Avg latency: 1.2519043 seconds
10% percentile latency: 1.21 seconds
50% percentile latency: 1.25 seconds
99% percentile latency: 1.3025 seconds
`;
const numbers = (text: string) =>
  readText('run.log', text).measurements.map(({ metric, statistic, value, unit, over, labels, pointer }) => [
    ...[metric, statistic, value, unit, over],
    ...[labels.tool, pointer],
  ]);
const [OF_THROUGHPUT, OF_LATENCY] = ['vllm bench throughput', 'vllm bench latency'];

describe('vllm bench throughput and latency, on the terminal', () => {
  it('reads the rates, each for what it is of', () => {
    expect(readText('run.log', THROUGHPUT)).toMatchObject({ format: 'vllm-offline-console', records: 1, failed: [], warnings: [] });
    expect(numbers(THROUGHPUT)).toEqual([
      ['request_throughput', 'value', 8.25, 'req/s', 'runs', OF_THROUGHPUT, 'line 3 column requests/s'],
      ['total_token_throughput', 'value', 2000.5, 'tok/s', 'runs', OF_THROUGHPUT, 'line 3 column total tokens/s'],
      ['output_token_throughput', 'value', 1000.75, 'tok/s', 'runs', OF_THROUGHPUT, 'line 3 column output tokens/s'],
      ['Total num prompt tokens', 'value', 25600, 'tokens', 'runs', OF_THROUGHPUT, 'line 4 column Total num prompt tokens'],
      ['Total num output tokens', 'value', 25700, 'tokens', 'runs', OF_THROUGHPUT, 'line 5 column Total num output tokens'],
    ]);
  });

  it('reads the latency of a batch', () => {
    expect(numbers(LATENCY)).toEqual([
      ['execution_time', 'mean', 1.2519043, 's', 'repetitions', OF_LATENCY, 'line 2 column Avg latency'],
      ['execution_time', 'p10', 1.21, 's', 'repetitions', OF_LATENCY, 'line 3 column 10% percentile latency'],
      ['execution_time', 'median', 1.25, 's', 'repetitions', OF_LATENCY, 'line 4 column 50% percentile latency'],
      ['execution_time', 'p99', 1.3025, 's', 'repetitions', OF_LATENCY, 'line 5 column 99% percentile latency'],
    ]);
    expect(numbers(LATENCY.replaceAll('\n', '\r\n'))).toEqual(numbers(LATENCY));
    expect(readText('run.txt', LATENCY + THROUGHPUT).records).toBe(2);
  });

  it('keeps what measured nothing as failed', () => {
    const none = THROUGHPUT.replace('8.25', '0.00').replace('2000.50', '0.00').replace('1000.75', '0.00');
    expect(readText('run.log', none).failed).toEqual([{ pointer: 'line 3', reason: 'the rate of requests is 0: nothing was measured' }]);
    expect(readText('run.log', none).at('line 3 column requests/s')?.failed).toBe(true);
    const nan = readText('run.log', LATENCY.replaceAll(/\d\.\d+ seconds/g, 'nan seconds'));
    expect(nan.failed).toEqual([{ pointer: 'line 2', reason: 'the average is nan: no iteration was measured' }]);
    expect(nan.measurements).toEqual([]);
  });

  it.each([
    ['a rate of tokens of no kind', 'Throughput: 8.25 requests/s, 2000.50 tokens/s\n'],
    ['an average alone', 'Avg latency: 1.25 seconds\n'],
    ['other units', LATENCY.replaceAll('seconds', 'ms')],
  ])('does not claim %s', (_, text) => {
    expect(readText('a.txt', text).format).toBe('unknown');
  });

  it('survives whatever stands there, and yields no other number where it is cut', () => {
    for (const text of [THROUGHPUT, LATENCY]) {
      expectNoFaultWhenMangled('run.log', text);
      expectNoOtherNumberWhereCut('run.log', text);
    }
  });
});
