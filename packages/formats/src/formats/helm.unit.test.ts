import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { expectNoFaultWhenMangled } from '../../../../test/support/mangling.ts';
import { readSample, readText, SAMPLES } from './reading-for-test.ts';

const stat = (name: object, mean: number, count = 1) => ({
  name,
  count,
  sum: mean * count,
  sum_squared: 1,
  min: mean - 1,
  max: mean + 1,
  mean,
  variance: 0,
  stddev: 0.5,
});
const STATS = [
  stat({ name: 'exact_match', split: 'valid' }, 0.25),
  stat({ name: 'exact_match', split: 'valid', perturbation: { name: 'robustness', computed_on: 'worst' } }, 0.125),
  stat({ name: 'f1_score', split: 'valid' }, 0.5, 3),
  stat({ name: 'inference_runtime', split: 'valid' }, 2.5),
  { name: { name: 'training_co2_cost', split: 'valid' }, count: 0, sum: 0, sum_squared: 0 },
];

describe('HELM, stats.json', () => {
  it('reads each mean over its trials', () => {
    const reading = readText('stats.json', JSON.stringify(STATS));
    expect(reading).toMatchObject({ format: 'helm', records: 5, failed: [], warnings: [] });
    expect(
      reading.measurements.map(({ metric, statistic, value, unit, n, pointer }) => [metric, statistic, value, unit, n, pointer]),
    ).toEqual([
      ['accuracy', 'mean', 0.25, 'ratio', 1, '/0/mean'],
      ['accuracy', 'mean', 0.125, 'ratio', 1, '/1/mean'],
      ['f1_score', 'mean', 0.5, null, 3, '/2/mean'],
      ['f1_score', 'stddev', 0.5, null, 3, '/2/stddev'],
      ['f1_score', 'min', -0.5, null, 3, '/2/min'],
      ['f1_score', 'max', 1.5, null, 3, '/2/max'],
      ['inference_runtime', 'mean', 2.5, 's', 1, '/3/mean'],
    ]);
    expect(reading.measurements[0]?.labels).toEqual({ tool: 'helm', split: 'valid', score: 'exact_match' });
    expect(reading.measurements[1]?.labels).toEqual({
      tool: 'helm',
      split: 'valid',
      score: 'exact_match',
      perturbation: 'robustness',
      computed_on: 'worst',
    });
  });

  it('names what is no statistic, and does not claim other lists', () => {
    expect(readText('stats.json', JSON.stringify([STATS[0], { a: 1 }])).warnings).toEqual(['/1: no statistic of HELM: it was not read']);
    expect(readText('stats.json', JSON.stringify([{ name: 'a', count: 1, sum: 1, sum_squared: 1, mean: 1 }])).format).toBe('generic');
  });

  it('reads nothing from the statistics of single questions', () => {
    const one = { instance_id: 'id7', train_trial_index: 0, stats: STATS };
    const reading = readText('per_instance_stats.json', JSON.stringify([one, { ...one, instance_id: 'id8' }]));
    expect(reading).toMatchObject({ format: 'helm', records: 2, measurements: [], failed: [] });
    expect(reading.warnings).toEqual([
      'the file holds the statistics of 2 single questions and no result of all: nothing was read from it',
    ]);
  });

  it('never fails where values are of the wrong type', () => {
    expectNoFaultWhenMangled('stats.json', JSON.stringify(STATS));
  });
});

const SAMPLE = 'helm/1-hellaswag-pythia-stats.json';
const absent = !existsSync(`${SAMPLES}${SAMPLE}`);

describe.skipIf(absent)(`HELM, a real file${absent ? ' (left out: it is not there)' : ''}`, () => {
  it('has the mean of every statistic of a trial', () => {
    const reading = readSample(SAMPLE);
    const raw: { name: { name: string }; count: number; mean?: number }[] = JSON.parse(readFileSync(`${SAMPLES}${SAMPLE}`, 'utf8'));
    const expected = raw.flatMap(({ count, mean }, index) => (count > 0 ? [[`/${index}/mean`, mean]] : []));
    expect(reading).toMatchObject({ format: 'helm', warnings: [], records: raw.length });
    expect(reading.measurements.map(({ pointer, value }) => [pointer, value])).toEqual(expected);
    const at = raw.findIndex(({ name }) => name.name === 'exact_match');
    expect(reading.at(`/${at}/mean`)).toMatchObject({ metric: 'accuracy', value: 0.3, unit: 'ratio', n: 1 });
  });

  it('leaves the specification of the run to others', () => {
    expect(readSample('helm/2-hellaswag-pythia-run_spec.json').format).toBe('generic');
  });
});
