import { expect, test } from 'vitest';
import { tokensPerJoule } from './gpu-use.ts';

test('tokens per joule are a quotient, and unknown where a part of it is', () => {
  expect(tokensPerJoule(300, 600)).toBe(0.5);
  expect(tokensPerJoule(0, 600)).toBe(0);
  expect(tokensPerJoule(null, 600)).toBeNull();
  expect(tokensPerJoule(300, null)).toBeNull();
  expect(tokensPerJoule(Number.NaN, 600)).toBeNull();
  expect(tokensPerJoule(300, Number.NaN)).toBeNull();
});

test('tokens without energy have no efficiency, not a boundless one', () => {
  expect(tokensPerJoule(300, 0)).toBeNull();
  expect(tokensPerJoule(300, Number.MIN_VALUE)).toBeNull();
});
