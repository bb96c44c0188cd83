import { describe, expect, it } from 'vitest';
import { labelsOfObject } from './json-labels.ts';

const NONE: ReadonlySet<string> = new Set();

describe('labelsOfObject', () => {
  it('takes the name of a model that is described instead of named, and its settings', () => {
    const model = { name: 'mlp', batch_size: 4, layers: 12 };
    expect(labelsOfObject({ model, mean_ms: 3 }, {}, NONE)).toEqual({ model: 'mlp', batch: '4' });
    expect(labelsOfObject({ model: { id: 'mlp' } }, {}, NONE)).toEqual({ model: 'mlp' });
    expect(labelsOfObject({ model: { batch_size: 4 } }, {}, NONE)).toEqual({});
  });

  it('lets what stands nearer win over what stands around', () => {
    expect(labelsOfObject({ model: 'b' }, { model: 'a', backend: 'x' }, NONE)).toEqual({ model: 'b', backend: 'x' });
  });
});
