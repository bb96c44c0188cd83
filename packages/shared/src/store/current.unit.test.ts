import { describe, expect, it } from 'vitest';
import { nextCurrent, type Taken } from './current.ts';

const hash = (digit: string) => digit.repeat(64);
const taken = (inventory: string): Taken => ({
  dataset: 'bucket',
  inventory: hash(inventory),
  evidence: hash('1'),
  observations: hash('2'),
  measurements: hash('3'),
  artifacts: 4,
  refused: 0,
  ingest: { startedAt: '2025-11-14T18:54:07.000Z', finishedAt: '2025-11-14T18:54:08.000Z', seconds: 1 },
});

describe('nextCurrent', () => {
  it('counts generations from 1', () => {
    const first = nextCurrent(null, taken('a'));
    expect(first).toEqual({ ...taken('a'), generation: 1 });
    expect(nextCurrent(first, taken('b'))).toEqual({ ...taken('b'), generation: 2 });
  });

  it('leaves the same inventory as it is, even where it was taken again at another time', () => {
    const now = { ...taken('a'), generation: 7 };
    expect(nextCurrent(now, { ...taken('a'), observations: hash('9') })).toBeNull();
  });

  it('makes A, B, A three generations', () => {
    let now = nextCurrent(null, taken('a'));
    now = nextCurrent(now, taken('b'));
    now = nextCurrent(now, taken('a'));
    expect(now).toMatchObject({ inventory: hash('a'), generation: 3 });
  });

  it('refuses an inventory of no artifact', () => {
    expect(() => nextCurrent(null, { ...taken('a'), artifacts: 0 })).toThrow();
  });
});
