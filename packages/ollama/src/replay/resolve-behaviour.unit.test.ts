import { describe, expect, it } from 'vitest';
import type { BehaviourScript } from './behaviour.ts';
import type { ReplayRequest } from './request.ts';
import { behaviourResolver } from './resolve-behaviour.ts';

const request: ReplayRequest = { model: 'gemma3', messages: [], stream: true, truncate: true, options: {} };

function kinds(script: BehaviourScript, calls: number, now = () => 0): string[] {
  const resolve = behaviourResolver(script, now);
  return Array.from({ length: calls }, (_, index) => resolve(request, index).kind);
}

describe('busy-for', () => {
  it('is busy for so many calls, then well', () => {
    expect(kinds({ kind: 'busy-for', calls: 2 }, 4)).toEqual(['busy', 'busy', 'well-behaved', 'well-behaved']);
    expect(kinds({ kind: 'busy-for' }, 4)).toEqual(['busy', 'busy', 'busy', 'well-behaved']);
  });

  it('is busy for a while from the first call on', () => {
    const times = [1_000, 1_000, 1_499, 1_500, 9_000]; // the first call asks twice: since when, and for how long
    expect(kinds({ kind: 'busy-for', ms: 500 }, 4, () => times.shift() ?? 0)).toEqual(['busy', 'busy', 'well-behaved', 'well-behaved']);
  });

  it('counts the calls that meet it, not all', () => {
    const busy = { kind: 'busy-for', calls: 1 } as const;
    const script: BehaviourScript = (_, index) => (index % 2 === 0 ? { kind: 'lies' } : busy);
    expect(kinds(script, 4)).toEqual(['lies', 'busy', 'lies', 'well-behaved']);
  });
});

describe('mixed', () => {
  const faulty = (list: string[]): number => list.filter((kind) => kind !== 'well-behaved').length;

  it('is the same for the same seed, and another for another', () => {
    const mixed = (seed: number): string[] => kinds({ kind: 'mixed', share: 0.3, seed }, 200);
    expect(mixed(7)).toEqual(mixed(7));
    expect(mixed(7)).not.toEqual(mixed(8));
    expect(kinds({ kind: 'mixed', share: 0.3 }, 200)).toEqual(mixed(1));
  });

  it('has about its share of faults, of all its kinds about as many', () => {
    const list = kinds({ kind: 'mixed', share: 0.25, seed: 3, kinds: ['cut', 'lies'] }, 4_000);
    // The standard deviation of a share of 4,000 is below 0.008; five of them are a wide margin.
    expect(faulty(list) / 4_000).toBeGreaterThan(0.21);
    expect(faulty(list) / 4_000).toBeLessThan(0.29);
    const cut = list.filter((kind) => kind === 'cut').length;
    expect(cut / faulty(list)).toBeGreaterThan(0.42);
    expect(cut / faulty(list)).toBeLessThan(0.58);
    expect(new Set(list)).toEqual(new Set(['well-behaved', 'cut', 'lies']));
  });

  it('with a share of 0 is well-behaved, with 1 never', () => {
    expect(faulty(kinds({ kind: 'mixed', share: 0 }, 500))).toBe(0);
    expect(faulty(kinds({ kind: 'mixed', share: 1 }, 500))).toBe(500);
  });

  it('has no fault that does not end by itself, unless told to', () => {
    const all = new Set(kinds({ kind: 'mixed', share: 1 }, 1_000));
    for (const endless of ['hang', 'stall', 'endless', 'slow-first-token']) expect(all).not.toContain(endless);
    expect(all.size).toBeGreaterThan(8);
  });
});
