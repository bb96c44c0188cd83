import { describe, expect, it } from 'vitest';
import { evidenceOf, type File, ofKind, values } from './testing.ts';

describe('spellings', () => {
  it('of one model that differ in capitals or in the tag latest are named', () => {
    const file = (model: string, i: number): File => ({
      path: `${i}x.csv`,
      measurements: values('output_token_throughput', { model }, [i]),
    });
    const told = (...models: string[]) =>
      ofKind(evidenceOf(models.map(file)), 'doubt').map(({ metric, value, labels }) => [metric, value, labels.value]);
    expect(told('gemma3', 'gemma3:latest', 'Gemma3', 'gemma3:1b')).toEqual([['label_spelling', 3, 'gemma3']]);
    expect(told('gemma3', 'gemma3:1b')).toEqual([]);
  });
});
