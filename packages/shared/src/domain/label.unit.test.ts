import { describe, expect, it } from 'vitest';
import { canonicalLabel, isSetting, LABELS } from './label.ts';

describe('canonicalLabel', () => {
  it.each([
    ['goos', 'os'],
    ['goarch', 'architecture'],
    ['pkg', 'package'],
    ['n_shot', 'num_fewshot'],
    ['commit_hash', 'commit'],
    ['http_method', 'method'],
    ['hostname', 'host'],
    ['GPU_Name', 'gpu'],
    ['executor_type', 'strategy'],
    ['vus', 'concurrency'],
    ['num_gpus', 'gpu_count'],
    ['torch_dtype', 'dtype'],
    ['n_gpu_layers', 'num_gpu'],
  ])('%s is %s', (name, wanted) => expect(canonicalLabel(name)).toBe(wanted));

  it('gives each name of the list itself, and none is two things', () => {
    for (const name of Object.keys(LABELS)) expect(canonicalLabel(name)).toBe(name);
  });

  it('leaves a file’s own name as it is', () => {
    expect(canonicalLabel('Perturbation')).toBe('perturbation');
    expect(canonicalLabel('toString')).toBe('tostring');
  });
});

describe('isSetting', () => {
  it.each(['num_fewshot', 'num_gpus', 'vus', '/results/*/num_gpu'])('%s was set, not measured', (name) =>
    expect(isSetting(name)).toBe(true),
  );
  it.each(['connections', 'limit', 'score', '/results/*/value'])('%s may be measured', (name) => expect(isSetting(name)).toBe(false));
});
