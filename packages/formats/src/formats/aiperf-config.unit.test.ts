import { describe, expect, it } from 'vitest';
import { Extract } from '../extract.ts';
import { DEFAULT_LIMITS } from '../limits.ts';
import { Warnings } from '../warnings.ts';
import { configLabels } from './aiperf-config.ts';
import { optionsOf } from './command-line.ts';

function labelsOf(object: Record<string, unknown>): { labels: Record<string, string>; warnings: string[] } {
  const warnings = new Warnings();
  return { labels: configLabels(object, new Extract(DEFAULT_LIMITS, warnings)), warnings: warnings.list() };
}

describe('the configuration of AIPerf', () => {
  it('is read in the shape of 0.10: models, datasets, phases', () => {
    const { labels } = labelsOf({
      aiperf_version: '0.10.0',
      input_config: {
        models: { strategy: 'round_robin', items: [{ name: 'acme/tiny-1b' }] },
        endpoint: { type: 'completions', urls: ['http://localhost:8000'], streaming: true, extra: { temperature: 0 } },
        datasets: [{ name: 'default', type: 'synthetic', prompts: { isl: { mean: 512, stddev: 0 }, osl: 128 } }],
        phases: [
          { name: 'warmup', type: 'concurrency', concurrency: 2, requests: 10 },
          { name: 'profiling', type: 'poisson', rate: 7.5, concurrency: 64, requests: 500 },
        ],
      },
    });
    expect(labels).toEqual({
      tool: 'aiperf',
      tool_version: '0.10.0',
      model: 'acme/tiny-1b',
      backend: 'completions',
      streaming: 'true',
      concurrency: '64',
      request_rate: '7.5',
      num_prompts: '500',
      prompt_length: '512',
      output_length: '128',
      dataset: 'synthetic',
      temperature: '0',
    });
  });

  it.each<[string, unknown, string | undefined]>([
    ['a list of names', { models: ['a', 'b', 'a'] }, 'a, b'],
    ['one name', { model: 'a' }, 'a'],
    ['nothing that is a name', { models: { items: [{ weight: 1 }] } }, undefined],
  ])('names the model from %s', (_, input_config, model) => {
    expect(labelsOf({ input_config }).labels.model).toBe(model);
  });

  it.each<[string, unknown]>([
    ['by their names', { warmup: { concurrency: 1 }, profiling: { concurrency: 8 } }],
    ['alone', { type: 'concurrency', concurrency: 8, concurrency_ramp: { duration: 3 } }],
    [
      'with a kind',
      [
        { name: 'cold', kind: 'warmup', concurrency: 1 },
        { name: 'steady', kind: 'profiling', concurrency: 8 },
      ],
    ],
    [
      'with one that is left out',
      [
        { name: 'a', exclude_from_results: true, concurrency: 1 },
        { name: 'b', concurrency: 8 },
      ],
    ],
  ])('finds the phase that was measured, %s', (_, phases) => {
    expect(labelsOf({ input_config: { phases } }).labels.concurrency).toBe('8');
  });

  it('has no concurrency where phases differ in it', () => {
    const phases = [
      { name: 'low', kind: 'profiling', concurrency: 1, rate: 3 },
      { name: 'high', kind: 'profiling', concurrency: 9, rate: 3 },
    ];
    const { labels, warnings } = labelsOf({ input_config: { phases } });
    expect(labels.concurrency).toBeUndefined();
    expect(labels.request_rate).toBe('3');
    expect(warnings).toEqual(['/input_config/phases: the 2 phases that were measured differ in concurrency: the run has no such label']);
  });

  it('is taken from the command line where nothing else says it', () => {
    const cli_command =
      'aiperf profile --model "acme/tiny 1b" --endpoint-type chat --streaming --concurrency=16 --request-rate 2.5 ' +
      "--isl 256 --osl 64 --request-count 300 --public-dataset sharegpt --extra-inputs 'temperature:0.7'";
    expect(labelsOf({ run_info: { cli_command } }).labels).toEqual({
      tool: 'aiperf',
      model: 'acme/tiny 1b',
      backend: 'chat',
      streaming: 'true',
      concurrency: '16',
      request_rate: '2.5',
      num_prompts: '300',
      prompt_length: '256',
      output_length: '64',
      dataset: 'sharegpt',
      temperature: '0.7',
    });
  });

  it('prefers what was resolved to the command line, and takes no list for a number', () => {
    const input_config = { loadgen: { concurrency: 4 }, cli_command: 'aiperf profile --concurrency 32 --request-rate 1,2,4' };
    expect(labelsOf({ input_config }).labels).toEqual({ tool: 'aiperf', concurrency: '4' });
  });
});

describe('the options of a command line', () => {
  it.each<[string, Record<string, string[]>]>([
    ['tool -m a --b c d --b e', { '-m': ['a'], '--b': ['c', 'd', 'e'] }],
    ['--a="x y" --c \'z\'', { '--a': ['x y'], '--c': ['z'] }],
    ['--seed -1 --x', { '--seed': ['-1'], '--x': [] }],
    ['--open "never closed', { '--open': ['never', 'closed'] }],
    ['', {}],
  ])('%s', (command, options) => {
    expect(Object.fromEntries(optionsOf(command))).toEqual(options);
  });
});
