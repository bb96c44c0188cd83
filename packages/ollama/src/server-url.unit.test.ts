import { expect, test } from 'vitest';
import { OllamaFailure } from './failure.ts';
import { fullModelName, sameModel } from './model-name.ts';
import { serverAddress } from './server-url.ts';

test.each([
  ['http://127.0.0.1:11434/', 'http://127.0.0.1:11434'],
  ['127.0.0.1', 'http://127.0.0.1:11434'],
  ['gpu-a:8080', 'http://gpu-a:8080'],
  ['gpu-a:80', 'http://gpu-a'],
  [':11500', 'http://127.0.0.1:11500'],
  ['https://gpu-a/ollama/', 'https://gpu-a/ollama'],
  ['http://gpu-a:11434#slots=2', 'http://gpu-a:11434'],
  ['[::1]', 'http://[::1]:11434'],
])('%s is the server %s', (given, url) => {
  expect(serverAddress(given)).toEqual({ url, headers: {} });
});

test.each(['', '  ', 'ftp://gpu-a', 'http://', 'http://user:secret@gpu a'])('"%s" is refused, and no password shown', (given) => {
  expect(() => serverAddress(given)).toThrow(OllamaFailure);
  expect(() => serverAddress(given)).toThrow(/^(?!.*secret).*must look like/);
});

test('a model without a tag is its latest', () => {
  expect(fullModelName('gemma3')).toBe('gemma3:latest');
  expect(fullModelName('host:5000/team/gemma3')).toBe('host:5000/team/gemma3:latest');
  expect(sameModel('gemma3', 'Gemma3:latest')).toBe(true);
  expect(sameModel('gemma3', 'gemma3:1b')).toBe(false);
});
