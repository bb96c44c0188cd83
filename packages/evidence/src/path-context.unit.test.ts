import { describe, expect, it } from 'vitest';
import { pathContexts } from './path-context.ts';

const patterns = (...paths: string[]) => paths.map((path) => pathContexts(paths, new Set())(path).pattern);

describe('pathContexts: what numbers repeats', () => {
  it('are words that say so, dates and times', () => {
    expect(patterns('a/run-1.json', 'a/run-2.json')).toEqual(['a/run-*.json', 'a/run-*.json']);
    expect(patterns('llama_rep03.csv', 'run7/out.json', 'b/trial 4/x.json')).toEqual([
      'llama_rep*.csv',
      'run*/out.json',
      'b/trial */x.json',
    ]);
    expect(patterns('vllm-20260427-145429.json', 'r/2026-04-27_14-54-29/x.json')).toEqual(['vllm-*.json', 'r/*/x.json']);
  });

  it('are what a sweep writes behind an equals sign', () => {
    expect(patterns('B--max_concurrency=4/run=0.json', 'B--max_concurrency=8/run=0.json')).toEqual([
      'B--max_concurrency=4/run=*.json',
      'B--max_concurrency=8/run=*.json',
    ]);
  });

  it('are not versions, devices and settings that happen to count from 1', () => {
    for (const word of ['v', 'gpu', 'config-', 'my_tp', 'conc=', 'build ', 'x/node'])
      expect(patterns(`${word}1.csv`, `${word}2.csv`, `${word}3.csv`)).toEqual([`${word}1.csv`, `${word}2.csv`, `${word}3.csv`]);
    expect(patterns('conv1.csv', 'conv2.csv', 'conv3.csv')).toEqual(['conv*.csv', 'conv*.csv', 'conv*.csv']);
  });

  it('are numbers 1, 2, 3 without a gap at the end of one name, but not 8, 16, 32', () => {
    expect(patterns('r-1.json', 'r-2.json', 'r-3.json')).toEqual(['r-*.json', 'r-*.json', 'r-*.json']);
    expect(patterns('r-8.json', 'r-16.json', 'r-32.json')).toEqual(['r-8.json', 'r-16.json', 'r-32.json']);
    expect(patterns('r-1.json', 'r-2.json')).toEqual(['r-1.json', 'r-2.json']);
    expect(patterns('r (1).csv', 'r (2).csv', 'r (3).csv')).toEqual(['r (*).csv', 'r (*).csv', 'r (*).csv']);
    expect(patterns('r-1.json', 'r-2.json', 'r-4.json')).toEqual(['r-1.json', 'r-2.json', 'r-4.json']);
  });

  it('are no settings, models or folders', () => {
    expect(patterns('h100/x.json', 'a100/x.json')).toEqual(['h100/x.json', 'a100/x.json']);
    expect(patterns('qwen2.5-7b.json', 'conc16.json', 'trunk1/x.json')).toEqual(['qwen2.5-7b.json', 'conc16.json', 'trunk1/x.json']);
  });
});

describe('pathContexts: the model', () => {
  const models = new Set(['gemma3:latest', 'gemma3:270m', 'gemma3:1b-it-qat', 'llama3.1:8b']);
  const modelOf = (path: string) => pathContexts([path], models)(path).labels.model;

  it('is the one whose words stand in the name, the longest of them', () => {
    expect(modelOf('reports/gemma3_baseline.csv')).toBe('gemma3:latest');
    expect(modelOf('reports/gemma3_270m_baseline.csv')).toBe('gemma3:270m');
    expect(modelOf('reports/gemma3_1b-it-qat_param_tuning.csv')).toBe('gemma3:1b-it-qat');
    expect(modelOf('llama3.1-8b.json')).toBe('llama3.1:8b');
  });

  it('is not told by a part of a word, a folder, or a name that no file states', () => {
    expect(modelOf('reports/gemma3/summary.csv')).toBeUndefined();
    expect(modelOf('gemma30.csv')).toBeUndefined();
    expect(modelOf('qwen2.csv')).toBeUndefined();
  });
});
