import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Setting } from './frame.ts';
import { distance, nearest } from './nearest.ts';

const NOTHING: Setting['mentions'] = {
  metrics: [],
  labels: [],
  clusters: [],
  kinds: [],
  files: [],
  folders: [],
  quotes: [],
  statistics: [],
};

it('is the first of those at the least distance, however many are named', () => {
  const words = fc.array(fc.constantFrom('a', 'than', 'and', 'of the', '(', ',', 'median', 'throughput', '   ', '**'), { maxLength: 60 });
  const span = (length: number) =>
    fc.tuple(fc.nat(length), fc.nat(12)).map(([start, size]) => ({ start, end: Math.min(length, start + size) }));
  const made = words
    .map((some) => some.join(' '))
    .chain((text) => fc.tuple(fc.constant(text), span(text.length), fc.array(span(text.length), { maxLength: 12 }), fc.boolean()));
  fc.assert(
    fc.property(made, ([text, claim, mentions, elsewhere]) => {
      const setting: Setting = { text, mentions: NOTHING, ...(elsewhere ? { start: -1, end: -1 } : claim) };
      const away = mentions.map((mention) => distance(mention, setting));
      const least = away.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
      expect(nearest(mentions, setting)).toBe(mentions[away.indexOf(least)] ?? null);
    }),
    { numRuns: 2_000 },
  );
});
