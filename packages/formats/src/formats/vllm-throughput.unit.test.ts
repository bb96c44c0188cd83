import { describe, expect, it } from 'vitest';
import { expectNoFaultWhenMangled } from '../../../../test/support/mangling.ts';
import { readText } from './reading-for-test.ts';

const RUN = { elapsed_time: 20.5, num_requests: 41, total_num_tokens: 8200, requests_per_second: 2, tokens_per_second: 400 };

describe('vllm bench throughput', () => {
  it('reads five numbers, and calls tokens of input and output total', () => {
    const reading = readText('throughput.json', JSON.stringify(RUN));
    expect(reading).toMatchObject({ format: 'vllm-throughput', records: 1, failed: [], warnings: [] });
    expect(reading.measurements.map(({ metric, value, unit, over }) => [metric, value, unit, over])).toEqual([
      ['duration', 20.5, 's', 'runs'],
      ['/num_requests', 41, null, undefined],
      ['/total_num_tokens', 8200, 'tokens', undefined],
      ['request_throughput', 2, 'req/s', 'runs'],
      ['total_token_throughput', 400, 'tok/s', 'runs'],
    ]);
    expect(reading.measurements[0]?.labels).toEqual({ tool: 'vllm bench throughput', num_prompts: '41' });
  });

  it('knows what somebody added: words and settings are labels', () => {
    const added = { ...RUN, model: 'org/model-8b', tensor_parallel_size: 2, quantization: 'fp8', async_engine: true };
    const reading = readText('throughput.json', `\uFEFF${JSON.stringify(added, null, 2).replaceAll('\n', '\r\n')}`);
    expect(reading.format).toBe('vllm-throughput');
    expect(reading.measurements).toHaveLength(5);
    expect(reading.measurements[0]?.labels).toEqual({
      tool: 'vllm bench throughput',
      num_prompts: '41',
      model: 'org/model-8b',
      tensor_parallel: '2',
      quantization: 'fp8',
      async_engine: 'true',
    });
  });

  it('counts a run without requests as failed, with no throughput', () => {
    const reading = readText(
      't.json',
      JSON.stringify({ ...RUN, num_requests: 0, total_num_tokens: 0, requests_per_second: 0, tokens_per_second: 0 }),
    );
    expect(reading.failed).toEqual([{ pointer: '/num_requests', reason: 'num_requests is 0: nothing was measured' }]);
    expect(reading.measurements.map(({ metric, failed }) => [metric, failed])).toEqual([
      ['duration', true],
      ['/num_requests', true],
      ['/total_num_tokens', true],
    ]);
  });

  it('reads several runs of JSON lines, and names what is none', () => {
    const reading = readText('t.jsonl', `${JSON.stringify(RUN)}\n{"note": 1}\n${JSON.stringify(RUN)}\n`);
    expect(reading.records).toBe(2);
    expect(reading.at('line 3 /requests_per_second')?.value).toBe(2);
    expect(reading.warnings).toEqual(['line 2: no result of vllm bench throughput; it was not read']);
  });

  it.each([
    ['the nearest tool, which names the time otherwise', { ...RUN, elapsed_time: undefined, duration: 20.5 }],
    ['one key less', { elapsed_time: 1, num_requests: 1, requests_per_second: 1, tokens_per_second: 1 }],
  ])('does not claim %s', (_, value) => {
    expect(readText('t.json', JSON.stringify(value)).format).toBe('generic');
  });

  it('never fails where values are of the wrong type', () => {
    expectNoFaultWhenMangled('t.json', JSON.stringify(RUN));
  });
});
