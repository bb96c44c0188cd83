import { describe, expect, it } from 'vitest';
import { compareVersions, isAtLeast, versionIn } from './version.mjs';

describe('versionIn', () => {
  it.each([
    ['nats-server: v2.9.10', '2.9.10'],
    ['v26.10.0\n', '26.10.0'],
    ['nats-server: v2.12.2-RC.1', '2.12.2-RC.1'],
    ['2.9', null],
    ['command not found', null],
  ])('%j → %s', (text, expected) => expect(versionIn(text)).toBe(expected));
});

describe('compareVersions', () => {
  it('orders by number, not by letter', () => {
    const mixed = ['2.10.27', '2.9.4', '2.15.0', '2.9.10', '10.0.0', '2.15.0-RC.2', '2.15.0-RC.10'];
    expect(mixed.sort(compareVersions)).toEqual(['2.9.4', '2.9.10', '2.10.27', '2.15.0-RC.2', '2.15.0-RC.10', '2.15.0', '10.0.0']);
  });

  it('takes a leading v and a missing part for what they mean', () => {
    expect(compareVersions('v2.9.0', '2.9')).toBe(0);
  });
});

describe('isAtLeast', () => {
  it.each([
    ['2.9.4', true],
    ['2.9.10', true],
    ['2.9.3', false],
    ['2.9.4-beta.1', false],
  ])('%s against 2.9.4 is %s', (version, expected) => expect(isAtLeast(version, '2.9.4')).toBe(expected));
});
