import type { Fact } from '@chimera/shared/domain';
import { describe, expect, it } from 'vitest';
import { bindingFaults } from './binding.ts';

const base = {
  claim: 'A claim.',
  n: 5,
  interval: null,
  scope: 'a.csv',
  formula: 'f',
  inputs: [],
  sources: [{ inventory: 'x' }],
  class: 'measured',
} satisfies Partial<Fact>;
const group = (id: string, metric: string, unit: string, model: string, value: number, statistic = 'median'): Fact => ({
  ...base,
  id,
  kind: 'group',
  metric,
  statistic,
  unit,
  value,
  labels: { model },
});
const comparison = (id: string, verdict: 'better' | 'no difference shown'): Fact => ({
  ...base,
  id,
  kind: 'comparison',
  metric: 'output_token_throughput',
  statistic: 'ratio of medians: model a7b to b7b',
  unit: 'times',
  value: 1.5,
  labels: {},
  comparison: {
    verdict,
    label: 'model',
    of: 'a7b',
    to: 'b7b',
    n: [5, 5],
    medians: [150, 100],
    p: 0.01,
    adjusted: 0.01,
    family: ['output_token_throughput'],
    superiority: 1,
    floor: 0.02,
    needed: 0,
    caveats: [],
  },
});
const count = (id: string, labels: Record<string, string>, value: number): Fact => ({
  ...base,
  id,
  kind: 'count',
  metric: 'artifact_count',
  statistic: 'count',
  unit: null,
  n: null,
  scope: '/',
  value,
  labels,
});

const facts = new Map<string, Fact>([
  ['F1', group('f1', 'output_token_throughput', 'tok/s', 'a7b', 150)],
  ['F2', group('f2', 'output_token_throughput', 'tok/s', 'b7b', 100)],
  ['F3', group('f3', 'time_to_first_token', 's', 'a7b', 0.2)],
  ['F4', group('f4', 'time_to_first_token', 's', 'a7b', 0.9, 'p99')],
  ['F5', comparison('f5', 'better')],
  ['F6', count('f6', {}, 101)],
  ['F7', count('f7', { kind: 'json' }, 44)],
  ['F8', group('f8', 'time_to_first_token', 's', 'a7b', 0.95, 'max')],
  ['F9', group('f9', 'time_to_first_token', 's', 'a7b', 0.1, 'min')],
]);

describe('bindingFaults', () => {
  it.each([
    'The median throughput of a7b is {{F1}}.',
    'Model a7b reaches {{F1}} and b7b {{F2}}.',
    'Its **time to first token** is {{F3}}, and the p99 is {{F4}}.',
    'Throughput of a7b is {{F5}} that of b7b, so a7b is faster than b7b.',
    'The dataset holds {{F6}} artifacts, {{F7}} of them JSON files.',
    'JSON: {{F7}}.',
    'Nothing of this is about speed.',
    'Throughput is stated by {{F6}} artifacts.',
    '{{F6}} artifacts state no time to first token.',
    'Artifacts that state throughput: {{F6}}.',
    'The throughput is missing in {{F6}} artifacts.',
    'The number of artifacts without time to first token is {{F6}}.',
    'It cannot be told whether b7b is faster than a7b.',
    'It is not shown that b7b is faster than a7b.',
    'In throughput b7b is not faster than a7b.',
    'Nobody waits longer: time to first token of a7b is at most {{F8}}.',
    'The time to first token of a7b never exceeds {{F8}}.',
    'Its time to first token is at least {{F9}}.',
    'Averaged over {{F6}} artifacts, little can be said.',
    'The best throughput belongs to a7b, at {{F5}} that of b7b.',
    'None of the models is the fastest, and a7b reaches {{F1}}.',
  ])('lets pass: %s', (text) => expect(bindingFaults(text, facts)).toEqual([]));

  it.each([
    ['The time to first token of a7b is {{F1}}.', 'time to first token'],
    ['Throughput of b7b is {{F1}}.', 'another configuration'],
    ['The mean time to first token of a7b is {{F4}}.', 'mean'],
    ['Model b7b is faster than a7b: {{F5}}.', 'otherwise'],
    ['There are {{F6}} JSON files.', 'json'],
    ['CSV files: {{F7}}.', 'csv'],
    ['The median time to first token is {{F6}}.', 'time to first token'],
    ['Throughput: {{F6}}.', 'throughput'],
    ['The throughput reaches {{F6}} artifacts.', 'throughput'],
    ['{{F6}} is the median time to first token.', 'time to first token'],
    ['A throughput of {{F6}} is reached.', 'throughput'],
    ['The p99 is {{F6}}.', 'p99'],
    ['The average is {{F6}}.', 'mean'],
    ['If anything, b7b is faster than a7b.', 'otherwise'],
    ['Without doubt, b7b is faster than a7b.', 'otherwise'],
    ['Without doubt b7b is faster than a7b.', 'otherwise'],
    ['This may surprise, but b7b is faster than a7b.', 'otherwise'],
    ['It is no accident: b7b is faster than a7b.', 'otherwise'],
    ['Not surprisingly b7b is faster than a7b.', 'otherwise'],
    ['The time to first token of a7b never exceeds {{F3}}.', 'bound'],
    ['The time to first token of a7b is at most {{F3}}.', 'bound'],
    ['The throughput of a7b is up to {{F1}}.', 'bound'],
    ['The throughput of a7b is at least {{F1}}.', 'bound'],
    ['The throughput of a7b is above {{F1}}.', 'bound'],
    ['The throughput of a7b is {{F1}} or more.', 'bound'],
    ['The time to first token of a7b is at least {{F8}}.', 'bound'],
    ['At most {{F6}} artifacts were read.', 'bound'],
    ['Model a7b is the fastest, at {{F1}}.', 'fastest'],
    ['The best throughput is that of b7b: {{F2}}.', 'best'],
    ['Slowest of all is b7b at {{F2}}.', 'lowest'],
  ])('stops: %s', (text, fault) => expect(bindingFaults(text, facts).join('; ')).toContain(fault));

  it('stops a winner where no difference is shown', () => {
    const tied = new Map([...facts, ['F5', comparison('f5', 'no difference shown')] as const]);
    expect(bindingFaults('Model a7b is faster than b7b, at {{F5}} its throughput.', tied).join()).toMatch(/otherwise|no difference/);
  });
});
