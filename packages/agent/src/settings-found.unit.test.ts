import type { ModelFound, ModelOptions, Profile } from '@chimera/shared/domain';
import { describe, expect, it } from 'vitest';
import { reloadWarning, settingWarnings, warningsOf } from './settings-found.ts';

/** A model of 35 layers, trained with 8,192 tokens, all of it on the GPU, with 4,096 in force. */
const found: ModelFound = {
  ...{ server: 'http://gpu:11434', model: 'm:1b', digest: null, serverVersion: '0.33.0', replay: false },
  ...{ quantization: 'Q4_K_M', parameterSize: '4.3B', context: 4_096, trainedContext: 8_192 },
  ...{ layers: 35, layersOnGpu: 35, size: 4e9, sizeVram: 4e9, slots: { count: 1, by: 'assumed', rates: [] } },
};
const onCpu: Partial<ModelFound> = { layersOnGpu: 0, sizeVram: 0 };
const half: Partial<ModelFound> = { layersOnGpu: 18, sizeVram: 2e9 };

describe('settingWarnings', () => {
  it.each<[string, ModelOptions, Partial<ModelFound>]>([
    ['nothing was asked for', {}, {}],
    ['the context is as asked', { num_ctx: 4_096 }, {}],
    ['the server does not say which context is in force', { num_ctx: 4_096 }, { context: null }],
    ['the layers are as asked', { num_gpu: 35 }, {}],
    ['they are as asked as far as the share of bytes can tell', { num_gpu: 20 }, half],
    ['CPU only was asked for', { num_gpu: 0 }, onCpu],
    ['the server does not say where the model lies', { num_gpu: 20 }, { layersOnGpu: null, size: null, sizeVram: null }],
    ['all is on the CPU as the server chose', {}, onCpu],
    ['each sampling setting has its effect', { temperature: 0.7, top_k: 40, top_p: 0.9, seed: 1 }, {}],
    ['temperature 0 stands alone', { temperature: 0, repeat_penalty: 1.1 }, {}],
  ])('says nothing where %s', (_, asked, more) => expect(settingWarnings(asked, { ...found, ...more })).toEqual([]));

  it.each<[string, ModelOptions, Partial<ModelFound>, string[]]>([
    [
      'a context beyond the trained one',
      { num_ctx: 32_768 },
      { context: 8_192 },
      [
        'num_ctx 32768 goes beyond the 8192 tokens that the model was trained with, at which a server caps it; 8192 are in force at http://gpu:11434.',
      ],
    ],
    [
      'a context beyond the trained one, where the server says nothing else',
      { num_ctx: 32_768 },
      { context: null },
      ['num_ctx 32768 goes beyond the 8192 tokens that the model was trained with, at which a server caps it.'],
    ],
    ['another context', { num_ctx: 1_024 }, { context: 2_048 }, ['num_ctx 1024 was asked for; 2048 are in force at http://gpu:11434.']],
    [
      'more layers than there are',
      { num_gpu: 80 },
      {},
      ['num_gpu 80 goes beyond the 35 layers of the model: any value from 35 on has the same effect.'],
    ],
    [
      'more layers than there are, of which not all fit',
      { num_gpu: 80 },
      half,
      [
        'num_gpu 80 goes beyond the 35 layers of the model: any value from 35 on has the same effect.',
        'num_gpu 80 was asked for, and about 18 of its 35 layers are on the GPU at http://gpu:11434, by the share of the model in GPU memory.',
      ],
    ],
    [
      'no GPU',
      { num_gpu: 20 },
      onCpu,
      ['num_gpu 20 was asked for, and nothing of the model lies in GPU memory at http://gpu:11434: it runs on the CPU alone.'],
    ],
    [
      'fewer layers than asked',
      { num_gpu: 30 },
      half,
      [
        'num_gpu 30 was asked for, and about 18 of its 35 layers are on the GPU at http://gpu:11434, by the share of the model in GPU memory.',
      ],
    ],
    [
      'a GPU where none was wanted',
      { num_gpu: 0 },
      {},
      [
        'num_gpu 0 was asked for, and about 35 of its 35 layers are on the GPU at http://gpu:11434, by the share of the model in GPU memory.',
      ],
    ],
    [
      'the server’s own choice, spelt out',
      { num_gpu: -1 },
      {},
      ['num_gpu -1 leaves the number of layers to the server, as if it were not set.'],
    ],
    [
      'a model partly on the CPU',
      {},
      half,
      [
        'num_gpu was left to the server, and about 18 of its 35 layers are on the GPU at http://gpu:11434, by the share of the model in GPU memory: the rest runs on the CPU.',
      ],
    ],
    [
      'a model partly on the CPU, its layers unknown',
      {},
      { ...half, layers: null, layersOnGpu: null },
      ['num_gpu was left to the server, and only a part of the model lies in GPU memory at http://gpu:11434: the rest runs on the CPU.'],
    ],
    [
      'settings that temperature 0 leaves without effect',
      { temperature: 0, top_p: 0.9, top_k: 40, seed: 1 },
      {},
      ['temperature 0 always takes the likeliest token: top_p, top_k, seed have no effect.'],
    ],
    ['a seed at temperature 0', { temperature: 0, seed: 1 }, {}, ['temperature 0 always takes the likeliest token: seed has no effect.']],
    [
      'settings that top_k 1 leaves without effect',
      { top_k: 1, temperature: 0.7 },
      {},
      ['top_k 1 leaves one token to choose from: temperature has no effect.'],
    ],
  ])('tells of %s', (_, asked, more, expected) => expect(settingWarnings(asked, { ...found, ...more })).toEqual(expected));
});

describe('reloadWarning', () => {
  const of = (collector: ModelOptions, insight: ModelOptions, models: [string | null, string | null] = ['m:1b', 'm:1b']): Profile => ({
    name: 'p',
    agents: { collector: { model: models[0], options: collector }, insight: { model: models[1], options: insight } },
  });

  it('tells of one model that two agents want loaded differently', () => {
    expect(reloadWarning(of({ num_ctx: 4_096 }, { num_ctx: 8_192 }))).toBe(
      'collector and insight ask for one model with different num_ctx (4096 and 8192): a server that serves both loads it again at each switch.',
    );
    expect(reloadWarning(of({ num_ctx: 4_096, num_gpu: 0 }, { num_ctx: 8_192, num_gpu: 20 }, ['m', 'm:latest']))).toBe(
      'collector and insight ask for one model with different num_ctx (4096 and 8192) and num_gpu (0 and 20): a server that serves both loads it again at each switch.',
    );
  });

  it.each<[string, Profile]>([
    ['they ask alike', of({ num_ctx: 4_096, temperature: 0 }, { num_ctx: 4_096, temperature: 1 })],
    ['one takes the model as it is loaded', of({ num_ctx: 4_096, num_gpu: 20 }, { num_gpu: -1 })],
    ['they ask for different models', of({ num_ctx: 4_096 }, { num_ctx: 8_192 }, ['m:1b', 'm:7b'])],
    ['one asks for none', of({ num_ctx: 4_096 }, { num_ctx: 8_192 }, ['m:1b', null])],
    ['there is one agent', { name: 'p', agents: { insight: { model: 'm', options: { num_ctx: 4_096 } } } }],
  ])('says nothing where %s', (_, profile) => expect(reloadWarning(profile)).toBeNull());
});

describe('warningsOf', () => {
  it('says each thing once, of whichever servers it holds', () => {
    const profile: Profile = {
      name: 'p',
      agents: {
        collector: { model: 'm:1b', options: { num_ctx: 4_096, temperature: 0, seed: 1 } },
        insight: { model: 'm:1b', options: { num_ctx: 2_048 } },
      },
    };
    const asked = { model: 'm:1b', options: { num_ctx: 4_096, temperature: 0, seed: 1 } };
    expect(warningsOf(asked, [found, { ...found, server: 'http://other:11434', context: 2_048 }], profile)).toEqual([
      'temperature 0 always takes the likeliest token: seed has no effect.',
      'num_ctx 4096 was asked for; 2048 are in force at http://other:11434.',
      'collector and insight ask for one model with different num_ctx (4096 and 2048): a server that serves both loads it again at each switch.',
    ]);
    expect(warningsOf({ model: null, options: {} }, [], { name: 'p', agents: { insight: { model: null, options: {} } } })).toEqual([]);
  });
});
