import type { LoadedModel, ModelInfo } from '@chimera/ollama';
import { ModelFound } from '@chimera/shared/domain';
import { describe, expect, it } from 'vitest';
import { modelFound } from './found.ts';
import { ASSUMED_SLOTS } from './servers/known-server.ts';
import { serverSpec } from './servers/spec.ts';

const INFO: ModelInfo = { quantization: 'Q4_K_M', parameterSize: '4.3B', blocks: 34, trainedContext: 131_072, capabilities: null };
const LOADED: LoadedModel = { name: 'tiny:1b', digest: 'b'.repeat(64), size: 1_000, sizeVram: 1_000, contextLength: 4_096 };

function found({ info = INFO, loaded = LOADED }: { info?: ModelInfo | null; loaded?: LoadedModel | null } = {}) {
  const server = {
    spec: serverSpec('http://me:secret@gpu-a:11434', 'here'),
    version: { version: '0.30.0', replay: false },
    knownInfo: () => info,
    loaded: () => loaded,
  };
  return ModelFound.parse(modelFound({ server, slots: ASSUMED_SLOTS, digest: 'a'.repeat(64) }, 'tiny:1b'));
}

describe('modelFound', () => {
  it('tells what the server told, by an address without credentials', () => {
    expect(found()).toEqual({
      server: 'http://gpu-a:11434',
      model: 'tiny:1b',
      digest: 'b'.repeat(64),
      serverVersion: '0.30.0',
      replay: false,
      quantization: 'Q4_K_M',
      parameterSize: '4.3B',
      context: 4_096,
      trainedContext: 131_072,
      layers: 35,
      layersOnGpu: 35,
      size: 1_000,
      sizeVram: 1_000,
      slots: ASSUMED_SLOTS,
    });
  });

  it.each([0, 20, 35])('counts %i layers on the GPU by the share of the model that is there, the output layer among them', (layers) => {
    expect(found({ loaded: { ...LOADED, sizeVram: Math.round((1_000 * layers) / 35) } }).layersOnGpu).toBe(layers);
  });

  it('has no more layers on the GPU than there are, whatever a server says of its memory', () => {
    expect(found({ loaded: { ...LOADED, sizeVram: 1_200 } }).layersOnGpu).toBe(35);
  });

  it('says nothing of what the server does not tell', () => {
    expect(found({ info: null })).toMatchObject({ quantization: null, layers: null, layersOnGpu: null, trainedContext: null });
    expect(found({ info: { ...INFO, blocks: null } })).toMatchObject({ layers: null, layersOnGpu: null });
    expect(found({ loaded: { ...LOADED, sizeVram: null } })).toMatchObject({ layers: 35, layersOnGpu: null, sizeVram: null });
    expect(found({ loaded: { ...LOADED, size: 0 } }).layersOnGpu).toBeNull();
  });

  it('takes the digest that the server lists where the model is not loaded', () => {
    expect(found({ loaded: null })).toMatchObject({ digest: 'a'.repeat(64), context: null, layersOnGpu: null, size: null });
    expect(found({ loaded: { ...LOADED, digest: null } }).digest).toBe('a'.repeat(64));
  });
});
