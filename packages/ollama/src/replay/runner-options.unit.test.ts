import { describe, expect, it } from 'vitest';
import { ReplayModels } from './models.ts';
import { replayRequest } from './request.ts';
import { layersOnGpu, needsReload, runnerOptions } from './runner-options.ts';

const model = new ReplayModels([{ name: 'gemma3', trainedContext: 8192, layers: 34, gpuLayersAtMost: 20 }]).find('gemma3');
if (model === undefined) throw new Error('There is no model.');
const known = model;

function optionsOf(options: object, rest: object = {}) {
  const request = replayRequest({ model: 'gemma3', options, ...rest });
  if (typeof request === 'string') throw new Error(request);
  return runnerOptions(request, known);
}

const loaded = { ...optionsOf({ num_gpu: 10 }), context: 4096 };

describe('a model is loaded again', () => {
  it.each([[{ num_ctx: 2048 }], [{ num_gpu: 9 }], [{ num_batch: 256 }], [{ main_gpu: 1 }], [{ use_mmap: false }], [{ num_thread: 8 }]])(
    'for %o',
    (options) => {
      expect(needsReload(loaded, optionsOf({ num_gpu: 10, ...options }))).toBe(true);
    },
  );

  it('for another shift', () => {
    expect(needsReload(loaded, optionsOf({ num_gpu: 10 }, { shift: false }))).toBe(true);
  });

  it.each([[{}], [{ num_gpu: -1 }], [{ num_ctx: 4096 }], [{ num_gpu: 10, temperature: 1, num_predict: 9, seed: 3 }]])(
    'but not for %o',
    (options) => {
      expect(needsReload(loaded, optionsOf(options))).toBe(false);
    },
  );

  it('but not for a context beyond what it was trained with, once it has that', () => {
    expect(needsReload({ ...loaded, context: 8192 }, optionsOf({ num_ctx: 32_768 }))).toBe(false);
  });
});

describe('layers on the GPU', () => {
  it.each([
    [-1, 20],
    [0, 0],
    [12, 12],
    [20, 20],
    [21, null],
    [999, null],
  ])('num_gpu %i, where 20 fit: %s', (gpu, layers) => {
    expect(layersOnGpu({ gpu }, known)).toBe(layers);
  });

  it('are all of them and the output layer where the GPU holds them', () => {
    const [whole] = [new ReplayModels(['gemma3']).find('gemma3')];
    expect(whole && layersOnGpu({ gpu: 999 }, whole)).toBe(35);
    expect(whole && layersOnGpu({ gpu: -1 }, whole)).toBe(35);
  });
});
