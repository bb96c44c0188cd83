import { expect, test } from 'vitest';
import { networkFailure, quoted, statusFailure } from './classify.ts';

const asked = { server: 'http://gpu-a:11434', model: 'gemma3' };

test.each([
  [404, `model "gemma3" not found, try pulling it first`, 'model_not_found'],
  [404, '404 page not found', 'not_ollama'],
  [400, 'the prompt is longer than the context length currently available to the model', 'prompt_too_long'],
  [500, 'the input exceeds the available context size', 'prompt_too_long'],
  [500, 'model requires more system memory (9.1 GiB) than is available (4.0 GiB)', 'out_of_memory'],
  [500, 'unable to load full model on GPU', 'out_of_memory'],
  [500, 'unexpected EOF', 'server_error'],
  [500, 'invalid JSON schema in format', 'bad_request'],
  [500, 'invalid format: "xml"; expected "json" or a valid JSON Schema object', 'bad_request'],
  [500, 'option "num_ctx" must be of type integer', 'bad_request'],
  [502, '<html>Bad Gateway</html>', 'server_error'],
  [429, 'slow down', 'busy'],
  [499, 'request canceled', 'bad_request'],
  [405, '', 'not_ollama'],
])('%d "%s" is %s', (status, said, code) => {
  expect(statusFailure(asked, status, said)).toMatchObject({ code, status });
});

test('a Retry-After that is no number of seconds is passed over', () => {
  expect(statusFailure(asked, 503, 'busy', 'Wed, 21 Oct 2015 07:28:00 GMT').retryAfterMs).toBe(5_000);
});

test('hazard 43: what a server says is shown as one short line without control characters', () => {
  expect(quoted('a\u001b[31m\nb\u202e c')).toBe('a [31m b c');
  expect(quoted('x'.repeat(1_000))).toHaveLength(301);
});

test('the innermost reason of a failed connection is told', () => {
  const refused = Object.assign(new Error('connect ECONNREFUSED ::1:11434'), { code: 'ECONNREFUSED' });
  const error = new TypeError('fetch failed', { cause: new AggregateError([refused], '') });
  const failure = networkFailure(asked, error, false, 5_000);
  expect(failure.code).toBe('unreachable');
  expect(failure.message).toContain('ECONNREFUSED');
  expect(failure.cause).toBe(error);
});
