import { describe, expect, it } from 'vitest';
import type { Entry } from './folder.ts';
import { settle } from './settling.ts';

const file = (path: string, more: Partial<Entry> = {}): Entry => ({ path, bytes: 1, modifiedMs: 1, inode: 1, type: 'file', ...more });

describe('settle', () => {
  it('is due only after the quiet time without any change', () => {
    const first = settle(null, [file('a.csv')], 0, 5_000, false);
    expect(first.due).toBe(false);
    const grown = settle(first.state, [file('a.csv', { bytes: 2 })], 4_000, 5_000, false);
    expect(grown.due).toBe(false);
    expect(settle(grown.state, [file('a.csv', { bytes: 2 })], 8_999, 5_000, false).due).toBe(false);
    expect(settle(grown.state, [file('a.csv', { bytes: 2 })], 9_000, 5_000, false).due).toBe(true);
  });

  it('notices a file replaced by one of the same size and time', () => {
    const first = settle(null, [file('a.csv')], 0, 10, false);
    expect(settle(first.state, [file('a.csv', { inode: 2 })], 20, 10, false).due).toBe(false);
  });

  it('is due at once when the dataset is marked done', () => {
    expect(settle(null, [file('a.csv')], 0, 5_000, true).due).toBe(true);
  });

  it('is never due for no files, nor for what was taken already', () => {
    expect(settle(null, [], 0, 0, true).due).toBe(false);
    const { state } = settle(null, [file('a.csv')], 0, 0, false);
    expect(settle({ ...state, taken: state.signature }, [file('a.csv')], 99, 0, false).due).toBe(false);
  });
});
