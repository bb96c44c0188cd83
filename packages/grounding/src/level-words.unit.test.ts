import type { Fact } from '@chimera/shared/domain';
import { describe, expect, it } from 'vitest';
import { bindingFaults } from './binding.ts';

const change = (verdict: 'better' | 'worse' | null, value: number, metric = 'output_token_throughput'): Fact => ({
  ...{ id: 'f0000000000000001', kind: 'history', claim: 'A change.', metric, value, unit: 'times', n: 15, interval: null },
  ...{ statistic: 'mean level over the one before, since inventory 9f0000000000', labels: { model: 'gemma3:latest' }, scope: 'runs.csv' },
  ...{ formula: 'x', inputs: [], sources: [{ path: 'runs.csv', sha256: '0'.repeat(64), pointer: '/x' }], class: 'derived' },
  change: {
    ...{ verdict, until: null, p: 0.0001, n: [7, 8], versions: [] },
    broughtBy: { inventory: '9f'.padEnd(64, '0'), takenAt: '2026-11-09T06:00:00.000Z' },
  },
});
const faults = (sentence: string, fact: Fact) => bindingFaults(sentence, new Map([['F1', fact]]));

describe('words beside a change of level', () => {
  const worse = change('worse', 0.84);
  it('may say what it says', () => {
    expect(faults('Output token throughput is lower, {{F1}} of its earlier level.', worse)).toEqual([]);
    expect(faults('Output token throughput is worse than it was: {{F1}}.', worse)).toEqual([]);
    expect(faults('Time to first token is lower and better: {{F1}}.', change('better', 0.8, 'time_to_first_token'))).toEqual([]);
  });

  it.each([
    ['Output token throughput is higher, {{F1}} of its earlier level.', worse],
    ['Output token throughput is better than before, at {{F1}}.', worse],
    ['Output token throughput is worse than before, at {{F1}}.', change(null, 0.99)],
    ['Time to first token is higher now, {{F1}}.', change('better', 0.8, 'time_to_first_token')],
  ])('%s', (sentence, fact) => {
    expect(faults(sentence, fact).join()).toMatch(/where F1 (?:rose|fell)/);
  });
});
