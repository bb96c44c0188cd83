import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Entry } from './entry.ts';
import { afterTaking, decide, disturbed, hold, look, type Settling, type SettlingDecision } from './settling.ts';

const LIMITS = { quietMs: 5_000, restlessMs: 60_000 };
const file = (path: string, bytes = 1, changedMs = 0): Entry => ({ path, bytes, modifiedMs: 0, changedMs, inode: 1, type: 'file' });

/** Looks at a dataset at given times; returns what was decided at each, taking what is due. */
function watch(looks: readonly { at: number; entries: Entry[]; done?: string }[], limits = LIMITS): string[] {
  let state: Settling | null = null;
  return looks.map(({ at, entries, done }) => {
    state = look(state, entries, done ?? null, at, limits);
    const decision: SettlingDecision = decide(state, entries, at, limits);
    if (decision.act !== 'take') return decision.act === 'wait' ? `wait ${decision.forMs}` : 'rest';
    state = afterTaking(state, decision.entries);
    const left = decision.left.length > 0 ? ` without ${decision.left.map((e) => e.path).join()}` : '';
    return `take ${decision.entries.map((e) => e.path).join()}${left}`;
  });
}

describe('a dataset', () => {
  it('hazard 22: is taken after every file has looked the same for the quiet time, those that were there at the start too', () => {
    const entries = [file('a'), file('b')];
    expect(
      watch([
        { at: 0, entries },
        { at: 4_999, entries },
        { at: 5_000, entries },
        { at: 9_000, entries },
      ]),
    ).toEqual(['wait 5000', 'wait 1', 'take a,b', 'rest']);
  });

  it('is never taken at the first look, even without a quiet time', () => {
    const entries = [file('a')];
    const limits = { quietMs: 0, restlessMs: 0 };
    expect(
      watch(
        [
          { at: 7, entries },
          { at: 8, entries },
        ],
        limits,
      ),
    ).toEqual(['wait 1', 'take a']);
  });

  it('hazard 21: waits while a file grows, and anew whenever one is written to with size and time put back', () => {
    const grow = [1, 2, 3, 4].map((bytes, i) => ({ at: i * 3_000, entries: [file('a', bytes)] }));
    expect(watch([...grow, { at: 13_999, entries: [file('a', 4)] }, { at: 14_000, entries: [file('a', 4)] }])).toEqual([
      'wait 5000',
      'wait 5000',
      'wait 5000',
      'wait 5000',
      'wait 1',
      'take a',
    ]);
    // Size, modification time and inode are the same: only the change time tells.
    expect(
      watch([
        { at: 0, entries: [file('a', 9, 1)] },
        { at: 4_000, entries: [file('a', 9, 2)] },
        { at: 5_000, entries: [file('a', 9, 2)] },
      ]),
    ).toEqual(['wait 5000', 'wait 5000', 'wait 4000']);
  });

  it('is taken without a file that keeps changing, and again once that has come to rest', () => {
    const looks = [];
    for (let at = 0; at <= 63_000; at += 3_000) looks.push({ at, entries: [file('a'), file('log', at)] });
    const outcomes = watch([
      ...looks,
      { at: 66_000, entries: [file('a'), file('log', 63_000)] },
      { at: 68_000, entries: [file('a'), file('log', 63_000)] },
    ]);
    expect(outcomes.slice(0, 20).every((outcome) => outcome.startsWith('wait'))).toBe(true);
    expect(outcomes[20]).toBe('take a without log');
    expect(outcomes.at(-2)).toMatch(/^wait/);
    expect(outcomes.at(-1)).toBe('take a,log');
  });

  it('has nothing due while all that changes is a file that is written to without end', () => {
    let state: Settling | null = null;
    const due: boolean[] = [];
    for (let at = 0; at <= 90_000; at += 3_000) {
      const entries = [file('a'), file('log', at)];
      state = look(state, entries, null, at, LIMITS);
      const decision = decide(state, entries, at, LIMITS);
      due.push(decision.act === 'take' || (decision.act === 'wait' && decision.due));
      if (decision.act === 'take') state = afterTaking(state, decision.entries);
    }
    // Until it is taken without the file, after 60 s; then never again.
    expect(due.slice(0, 21).every((one) => one)).toBe(true);
    expect(due.slice(21).some((one) => one)).toBe(false);
  });

  it('waits its time for a file that rested for long and changes then', () => {
    expect(
      watch([
        { at: 0, entries: [file('a')] },
        { at: 5_000, entries: [file('a')] },
        { at: 900_000, entries: [file('a')] },
        { at: 900_001, entries: [file('a', 2)] },
        { at: 905_001, entries: [file('a', 2)] },
      ]),
    ).toEqual(['wait 5000', 'take a', 'rest', 'wait 5000', 'take a']);
  });

  it('becomes another one when a file goes away', () => {
    const both = [file('a'), file('b')];
    expect(
      watch([
        { at: 0, entries: both },
        { at: 5_000, entries: both },
        { at: 6_000, entries: [file('a')] },
        { at: 11_000, entries: [file('a')] },
        { at: 12_000, entries: [] },
      ]),
    ).toEqual(['wait 5000', 'take a,b', 'wait 5000', 'take a', 'rest']);
  });

  it('is taken at once where .done says so; what comes after that settles as ever, until there is another .done', () => {
    const entries = [file('a')];
    const more = [file('a'), file('b')];
    expect(
      watch([
        { at: 0, entries, done: '1' },
        { at: 1_000, entries: more, done: '1' },
        { at: 2_000, entries: more, done: '2' },
      ]),
    ).toEqual(['take a', 'wait 5000', 'take a,b']);
  });

  it('waits for a file that looked cut off, but only once', () => {
    const entries = [file('a'), file('b')];
    let state = look(look(null, entries, null, 0, LIMITS), entries, null, 5_000, LIMITS);
    expect(decide(state, entries, 5_000, LIMITS)).toMatchObject({ act: 'take' });
    const first = hold(state, ['b'], 35_000);
    expect(first.held).toEqual(['b']);
    state = first.state;
    expect(decide(state, entries, 6_000, LIMITS)).toEqual({ act: 'wait', forMs: 29_000, due: true });
    expect(hold(state, ['b'], 99_000).held).toEqual([]);
    state = look(state, entries, null, 35_000, LIMITS);
    expect(decide(state, entries, 35_000, LIMITS)).toMatchObject({ act: 'take', left: [] });
    // It was written to: it may be whole now, and is not held by what it was.
    const whole = [file('a'), file('b', 2)];
    state = look(look(first.state, whole, null, 7_000, LIMITS), whole, null, 12_000, LIMITS);
    expect(decide(state, whole, 12_000, LIMITS)).toMatchObject({ act: 'take' });
  });

  it('begins to wait anew for a file that changed while it was read', () => {
    const entries = [file('a')];
    const state = disturbed(look(look(null, entries, null, 0, LIMITS), entries, null, 5_000, LIMITS), 'a', 5_500);
    expect(decide(state, entries, 5_600, LIMITS)).toEqual({ act: 'wait', forMs: 4_900, due: true });
  });

  it('hazard 22: takes in the end whatever the order of looks and changes, and never what was seen but once', () => {
    const change = fc.record({
      ms: fc.integer({ min: 1, max: 4_000 }),
      path: fc.constantFrom('a', 'b', 'c'),
      what: fc.constantFrom('write', 'remove', 'none'),
    });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 30 }), (changes) => {
        const files = new Map<string, number>([['a', 0]]);
        let state: Settling | null = null;
        let at = 0;
        let taken: string | null = null;
        const seen = new Map<string, number>();
        const step = (ms: number) => {
          at += ms;
          const entries = [...files].sort().map(([path, version]) => file(path, version));
          for (const entry of entries) seen.set(`${entry.path} ${entry.bytes}`, (seen.get(`${entry.path} ${entry.bytes}`) ?? 0) + 1);
          state = look(state, entries, null, at, LIMITS);
          const decision = decide(state, entries, at, LIMITS);
          if (decision.act !== 'take') return;
          for (const entry of decision.entries) expect(seen.get(`${entry.path} ${entry.bytes}`)).toBeGreaterThan(1);
          state = afterTaking(state, decision.entries);
          taken = decision.entries.map((e) => `${e.path} ${e.bytes}`).join();
        };
        for (const { ms, path, what } of changes) {
          if (what === 'write') files.set(path, at + ms);
          if (what === 'remove' && files.size > 1) files.delete(path);
          step(ms);
        }
        for (let i = 0; i < 4; i++) step(5_000);
        expect(taken).toBe(
          [...files]
            .sort()
            .map(([path, version]) => `${path} ${version}`)
            .join(),
        );
      }),
    );
  });
});
