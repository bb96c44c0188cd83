import { describe, expect, it } from 'vitest';
import { clockFacts, instantOf } from './clocks.ts';

describe('instantOf', () => {
  it.each([
    ['2025-10-28T14:35:36Z', '2025-10-28T14:35:36.000Z'],
    ['20260427-145429', '2026-04-27T14:54:29.000Z'],
    ['2025-10-28 14:35:36', '2025-10-28T14:35:36.000Z'],
    ['2025-10-28T14:35:36+02:00', '2025-10-28T12:35:36.000Z'],
  ])('reads %s', (text, iso) => expect(new Date(instantOf(text) ?? 0).toISOString()).toBe(iso));

  it.each(['', 'yesterday', '2025-13-45T99:00:00Z', '1763000000', '20251340-000000'])('knows that %j is none', (text) =>
    expect(instantOf(text)).toBeNull(),
  );
});

describe('clockFacts', () => {
  const at = (stated: string, modified = '2025-10-01T00:00:00.000Z', path = 'a.json') => ({
    path,
    sha256: 'a'.repeat(64),
    stated,
    pointer: '/date',
    modified,
  });

  it('tells of a file that ran after it was changed, once', () => {
    expect(clockFacts([at('2025-10-02T00:00:00Z'), at('2025-10-03T00:00:00Z')])).toEqual([
      expect.objectContaining({ scope: 'a.json', value: 48, unit: 'h' }),
    ]);
  });

  it('leaves out what a time zone or a later copy explains', () => {
    expect(clockFacts([at('2025-10-01T14:00:00Z'), at('2024-01-01T00:00:00Z'), at('soon')])).toEqual([]);
  });
});
