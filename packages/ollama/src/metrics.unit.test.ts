import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chatMetrics } from './metrics.ts';

const wall = { startedAt: 1, timeToFirstTokenSeconds: 0.5, wallSeconds: 2, gaps: null };

test('nanoseconds become seconds, and the rest of the total is the queue', () => {
  const last = {
    total_duration: 24_897_384_800,
    load_duration: 145_936_900,
    prompt_eval_count: 512,
    prompt_eval_duration: 74_822_400,
    eval_count: 992,
    eval_duration: 23_865_016_300,
    done_reason: 'stop',
  };
  const metrics = chatMetrics(last, wall);
  expect(metrics).toMatchObject({
    ...wall,
    loadSeconds: 0.1459369,
    promptEvalSeconds: 0.0748224,
    evalSeconds: 23.8650163,
    totalSeconds: 24.8973848,
  });
  expect(metrics).toMatchObject({ promptTokens: 512, outputTokens: 992, doneReason: 'stop' });
  expect(metrics.outputTokensPerSecond).toBeCloseTo(41.567, 3);
  expect(metrics.queueSeconds).toBeCloseTo(0.8116092, 6);
});

test('what is absent, or no number, is null and never 0', () => {
  const metrics = chatMetrics({ eval_count: 5, load_duration: 'soon', total_duration: Number.NaN, done_reason: '' }, wall);
  expect(metrics).toEqual({
    ...wall,
    queueSeconds: null,
    loadSeconds: null,
    promptEvalSeconds: null,
    evalSeconds: null,
    totalSeconds: null,
    promptTokens: null,
    outputTokens: 5,
    outputTokensPerSecond: null,
    doneReason: null,
  });
  expect(chatMetrics({ eval_count: 0, eval_duration: 1e9 }, wall).outputTokensPerSecond).toBeNull();
  expect(chatMetrics({ eval_count: 7, eval_duration: 0 }, wall).outputTokensPerSecond).toBeNull();
});

test('the queue is never negative', () => {
  const ns = fc.nat({ max: 1e12 });
  fc.assert(
    fc.property(ns, ns, ns, ns, (total, load, prompt, output) => {
      const last = { total_duration: total, load_duration: load, prompt_eval_duration: prompt, eval_duration: output };
      expect(chatMetrics(last, wall).queueSeconds).toBeGreaterThanOrEqual(0);
    }),
  );
});
