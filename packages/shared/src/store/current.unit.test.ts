import { describe, expect, it } from 'vitest';
import { fenced, leastToken, nextCurrent, type Taken } from './current.ts';
import { StaleLease } from './lease.ts';

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
const me = (token: number) => ({ token, holder: 'me' });
const you = (token: number) => ({ token, holder: 'you' });
const current = (inventory: string, generation: number, token: number) => ({
  inventory: { ...taken(inventory), generation },
  fence: me(token),
});

describe('nextCurrent', () => {
  it('counts generations from 1', () => {
    const first = nextCurrent(null, taken('a'), me(1));
    expect(first).toEqual(current('a', 1, 1));
    expect(nextCurrent(first, taken('b'), me(1))).toEqual(current('b', 2, 1));
  });

  it('hazard 5: leaves the same inventory as it is, even where it was taken again at another time', () => {
    expect(nextCurrent(current('a', 7, 1), { ...taken('a'), observations: hash('9') }, me(1))).toBeNull();
    expect(nextCurrent(current('a', 7, 1), taken('a'), me(2))).toEqual(current('a', 7, 2));
  });

  it('hazard 5: makes A, B, A three generations', () => {
    let now = nextCurrent(null, taken('a'), me(1));
    now = nextCurrent(now, taken('b'), me(1));
    now = nextCurrent(now, taken('a'), me(1));
    expect(now).toMatchObject({ inventory: { inventory: hash('a'), generation: 3 } });
  });

  it('refuses an inventory of no artifact', () => {
    expect(() => nextCurrent(null, { ...taken('a'), artifacts: 0 }, me(1))).toThrow();
  });

  it('hazard 10: refuses a writer whose lease another has taken', () => {
    const now = current('a', 1, 5);
    expect(() => nextCurrent(now, taken('b'), you(4))).toThrow(StaleLease);
    expect(() => nextCurrent(now, taken('a'), you(4))).toThrow(/another process wrote under token 5, and this one holds 4/);
    expect(() => fenced(now, me(4))).toThrow(StaleLease);
    expect(fenced(now, you(6))).toEqual({ ...now, fence: you(6) });
    expect(fenced(now, me(5))).toBeNull();
    expect(fenced(null, me(1))).toBeNull();
  });

  it('hazard 10: refuses the second of two that hold one token, as they may after a server forgot the lease', () => {
    expect(() => nextCurrent(current('a', 1, 5), taken('b'), you(5))).toThrow(StaleLease);
    expect(leastToken(current('a', 1, 5), 'you')).toBe(6);
    expect(leastToken(current('a', 1, 5), 'me')).toBe(5);
  });
});
