import { expect, it } from 'vitest';
import { describeCorpus, isHere, readSample } from '../../../test/support/corpus.ts';

describeCorpus('ollama', {
  'ollama-api/1-generate-final.json': {
    format: 'ollama-api',
    values: [
      ['load_duration', 'value', 6338219291, 'ns', '/load_duration'],
      ['prompt_eval_duration', 'value', 130079000, 'ns', '/prompt_eval_duration'],
      ['eval_duration', 'value', 4232710000, 'ns', '/eval_duration'],
      ['request_latency', 'value', 10706818083, 'ns', '/total_duration'],
      // eval_count and prompt_eval_count over their durations, computed exactly with another program.
      ['output_token_throughput', 'value', 61.19011224487385, 'tok/s', '/eval_count ÷ /eval_duration'],
      ['prompt_token_throughput', 'value', 199.87853535159402, 'tok/s', '/prompt_eval_count ÷ /prompt_eval_duration'],
    ],
    labels: { model: 'llama3.2' },
  },
  'ollama-api/2-generate-final.json': {
    format: 'ollama-api',
    values: [
      ['load_duration', 'value', 5025959, 'ns', '/load_duration'],
      ['prompt_eval_duration', 'value', 325953000, 'ns', '/prompt_eval_duration'],
      ['eval_duration', 'value', 4709213000, 'ns', '/eval_duration'],
      ['request_latency', 'value', 5043500667, 'ns', '/total_duration'],
      // eval_count and prompt_eval_count over their durations, computed exactly with another program.
      ['output_token_throughput', 'value', 61.58141498377754, 'tok/s', '/eval_count ÷ /eval_duration'],
      ['prompt_token_throughput', 'value', 79.7661012477259, 'tok/s', '/prompt_eval_count ÷ /prompt_eval_duration'],
    ],
    labels: { model: 'llama3.2' },
  },
  'ollama-api/3-generate-final.json': {
    format: 'ollama-api',
    values: [
      ['load_duration', 'value', 567678166, 'ns', '/load_duration'],
      ['prompt_eval_duration', 'value', 236000000, 'ns', '/prompt_eval_duration'],
      ['eval_duration', 'value', 269000000, 'ns', '/eval_duration'],
      ['request_latency', 'value', 1075509083, 'ns', '/total_duration'],
      // eval_count and prompt_eval_count over their durations, computed exactly with another program.
      ['output_token_throughput', 'value', 59.479553903345725, 'tok/s', '/eval_count ÷ /eval_duration'],
      ['prompt_token_throughput', 'value', 118.64406779661017, 'tok/s', '/prompt_eval_count ÷ /prompt_eval_duration'],
    ],
    labels: { model: 'llama3.1:8b' },
  },
  'ollama-run-verbose/1-pr12742-before-bug.txt': {
    format: 'ollama-run-verbose',
    values: [
      ['request_latency', 'value', 31.273112939, 's', 'line 1'],
      ['load_duration', 'value', 4.97054657, 's', 'line 2'],
      ['prompt_eval_duration', 'value', 235.137439, 'ms', 'line 4'],
      ['eval_duration', 'value', 18.173182374, 's', 'line 7'],
      ['output_token_throughput', 'value', 103.06, 'tok/s', 'line 8'],
      ['prompt_token_throughput', 'value', 139356.8, 'tok/s', 'line 5'],
    ],
  },
  'ollama-run-verbose/2-pr12742-after-fix.txt': {
    format: 'ollama-run-verbose',
    values: [
      ['request_latency', 'value', 30.024798033, 's', 'line 1'],
      ['load_duration', 'value', 4.758588663, 's', 'line 2'],
      ['prompt_eval_duration', 'value', 7.779621548, 's', 'line 4'],
      ['prompt_token_throughput', 'value', 4212.03, 'tok/s', 'line 5'],
      ['output_token_throughput', 'value', 103.16, 'tok/s', 'line 8'],
    ],
  },
  'ollama-run-verbose/3-nanobot4867-mistral.txt': {
    format: 'ollama-run-verbose',
    values: [
      ['request_latency', 'value', 12.979596599, 's', 'line 1'],
      ['load_duration', 'value', 12.265908188, 's', 'line 2'],
      ['prompt_eval_duration', 'value', 227.981, 'ms', 'line 4'],
      ['prompt_token_throughput', 'value', 43.86, 'tok/s', 'line 5'],
      ['eval_duration', 'value', 458.981, 'ms', 'line 7'],
      ['output_token_throughput', 'value', 28.32, 'tok/s', 'line 8'],
    ],
    labels: { start: 'cold' },
  },
  'ollama-bench/1-readme.csv': {
    format: 'ollama-bench',
    values: [
      ['prompt_token_throughput', 'value', 12800, 'tok/s', 'line 3 column TOKEN_PER_SEC'],
      ['output_token_throughput', 'value', 51200, 'tok/s', 'line 4 column TOKEN_PER_SEC'],
      ['time_to_first_token', 'value', 45123000, 'ns', 'line 5 column NS_PER_COUNT'],
      ['load_duration', 'value', 1500000000, 'ns', 'line 6 column NS_PER_COUNT'],
      ['request_latency', 'value', 2861047625, 'ns', 'line 7 column NS_PER_COUNT'],
    ],
    labels: { model: 'gemma3', quantization: 'Q4_K_M', parameters: '4.3B' },
  },
  'ollama-bench/2-readme.benchstat.txt': {
    format: 'ollama-bench',
    values: [
      ['prompt_token_throughput', 'value', 12800, 'tok/s', 'line 2 column token/sec'],
      ['output_token_throughput', 'value', 51200, 'tok/s', 'line 3 column token/sec'],
      ['time_to_first_token', 'value', 45123000, 'ns', 'line 4 column ns/op'],
      ['load_duration', 'value', 1500000000, 'ns', 'line 5 column ns/op'],
      ['request_latency', 'value', 2861047625, 'ns', 'line 6 column ns/op'],
    ],
    labels: { model: 'gemma3', quantization: 'Q4_K_M', parameters: '4.3B' },
  },
});

it.skipIf(!isHere)('marks what cannot be meant: a prompt whose tokens were not all evaluated', () => {
  const { measurements, warnings } = readSample('ollama-run-verbose/1-pr12742-before-bug.txt');
  expect(measurements.find(({ pointer }) => pointer === 'line 5')?.labels).toMatchObject({ prompt_cache: 'suspected' });
  expect(warnings).toEqual([expect.stringContaining('line 5: 139357 tok/s')]);
});

it.skipIf(!isHere)('holds no zero where a step has no rate', () => {
  const zeros = readSample('ollama-bench/1-readme.csv').measurements.filter(({ value }) => value === 0);
  expect(zeros).toEqual([]);
});
