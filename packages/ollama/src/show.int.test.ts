import { afterEach, expect, test } from 'vitest';
import { clients, failureOf } from './testing/clients.ts';
import { rawServer } from './testing/raw-server.ts';

const { keep, clientOf, replay } = clients(afterEach);

test('what a model is made of is read', async () => {
  const models = [{ name: 'qwen3:4b', family: 'qwen3', layers: 36, trainedContext: 40_960, parameterSize: '4.0B', thinking: true }];
  const server = await replay({ kind: 'well-behaved' }, { models });
  expect(await clientOf(server.url).show('qwen3:4b')).toEqual({
    quantization: 'Q4_K_M',
    parameterSize: '4.0B',
    blocks: 36,
    trainedContext: 40_960,
    capabilities: ['completion', 'thinking'],
  });
});

test('a model that is not there is told', async () => {
  const server = await replay({ kind: 'well-behaved' });
  const failure = await failureOf(clientOf(server.url).show('llama9:tiny'));
  expect(failure).toMatchObject({ code: 'model_not_found', status: 404, retry: 'elsewhere', model: 'llama9:tiny' });
  expect(failure.message).toContain('ollama pull llama9:tiny');
});

const NOTHING = { quantization: null, parameterSize: null, blocks: null, trainedContext: null, capabilities: null };

test.each<[string, object, object]>([
  ['an older server, which says little', { details: { parameter_size: '7B' } }, { ...NOTHING, parameterSize: '7B' }],
  ['nothing at all', {}, NOTHING],
  [
    'numbers of another architecture than its own',
    { model_info: { 'general.architecture': 'gemma3', 'llama.block_count': 32, 'gemma3.context_length': 8_192 } },
    { ...NOTHING, trainedContext: 8_192 },
  ],
  ['numbers without an architecture', { model_info: { 'gemma3.block_count': 34 } }, NOTHING],
  [
    'what is no number of blocks or tokens',
    { model_info: { 'general.architecture': 'gemma3', 'gemma3.block_count': 0, 'gemma3.context_length': 1.5 } },
    NOTHING,
  ],
  ['capabilities that are no texts', { capabilities: ['completion', 7, null] }, { ...NOTHING, capabilities: ['completion'] }],
])('of %s only what is said is known', async (_, answer, expected) => {
  const server = keep(
    await rawServer((request, response) => {
      request.resume();
      response.end(JSON.stringify(answer));
    }),
  );
  expect(await clientOf(server.url).show('gemma3')).toEqual(expected);
});

test('a list is no answer of an Ollama server', async () => {
  const server = keep(
    await rawServer((request, response) => {
      request.resume();
      response.end('[1]');
    }),
  );
  expect((await failureOf(clientOf(server.url).show('gemma3'))).code).toBe('not_ollama');
});
