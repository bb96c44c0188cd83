import type { Group } from '@chimera/shared/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changesBetween } from './changes.ts';
import { noteBlocks } from './list-blocks.ts';
import { withoutSame, withoutUnchanged } from './unchanged.ts';

const HASH = (digit: string) => digit.repeat(64);
const group = (scope: string, sha256: string, more: Partial<Group> = {}): Group => ({
  ...{ metric: 'output_token_throughput', statistic: 'value', unit: 'tok/s', over: 'runs', labels: {}, derived: [], scope, pattern: scope },
  ...{ runs: [1, 2, 3, 4], n: 4, samples: 4, sources: [{ path: scope, sha256, pointer: '/x' }] },
  ...more,
});

describe('withoutUnchanged', () => {
  it('leaves out files whose measurements are the same, be they the same objects or read again', () => {
    const [a, b] = [group('a.json', HASH('a')), group('b.json', HASH('b'))];
    const anew = group('c.json', HASH('c'));
    expect(withoutUnchanged([a, b, anew], [a, structuredClone(b)])).toEqual({ now: [anew], before: [], unchanged: 2 });
    expect(withoutUnchanged([a], [a, b])).toEqual({ now: [], before: [b], unchanged: 1 });
  });

  it('keeps a file with all its groups where one of them changed, came or went', () => {
    const both = [group('a.json', HASH('a')), group('a.json', HASH('a'), { metric: 'time_to_first_token', unit: 's' })];
    const [first] = both;
    if (first === undefined) throw new Error('unreachable');
    expect(withoutUnchanged(both, [first])).toEqual({ now: both, before: [first], unchanged: 0 });
    const other = both.map((one) => ({ ...one, runs: [1, 2, 3, 5] }));
    expect(withoutUnchanged(other, both)).toEqual({ now: other, before: both, unchanged: 0 });
    // The same numbers in another file were measured again.
    expect(withoutUnchanged([group('a.json', HASH('b'))], [group('a.json', HASH('a'))]).now).toHaveLength(1);
  });

  it('leaves what is compared as it would be beside the others', () => {
    const then = [group('a.json', HASH('a')), group('b.json', HASH('b'), { labels: { model: 'm' } })];
    const now = [...then, group('c.json', HASH('c'))];
    const all = changesBetween({ name: 'now', groups: now }, { name: 'main', groups: then });
    const left = withoutUnchanged(now, then);
    const some = changesBetween({ name: 'now', groups: left.now }, { name: 'main', groups: left.before });
    expect(some).toEqual({ ...all, changes: [] });
    expect(all.changes.map(({ comparison }) => comparison.verdict)).toEqual(['no difference shown', 'no difference shown']);
  });

  it('gives the same of lists that are known to be joined from the same ones', () => {
    const scope = fc.integer({ min: 0, max: 9 }).map((i) => `${i}.json`);
    const blocks = fc.array(
      fc.array(scope, { maxLength: 5 }).map((scopes) => scopes.map((one) => group(one, HASH('a')))),
      { maxLength: 6 },
    );
    const both = fc.tuple(blocks, blocks, fc.array(fc.nat({ max: 5 }), { maxLength: 8 }));
    fc.assert(
      fc.property(both, ([all, others, shared]) => {
        const given = [
          all,
          [...shared.flatMap((i) => (all[i] ? [all[i]] : [])).filter((one, i, list) => list.indexOf(one) === i), ...others],
        ];
        const [now = [], before = []] = given.map((lists) => lists.flat());
        const plain = [withoutSame([...now], [...before]), withoutUnchanged([...now], [...before])];
        for (const [i, list] of [now, before].entries()) noteBlocks(list, given[i] ?? []);
        expect([withoutSame(now, before), withoutUnchanged(now, before)]).toEqual(plain);
      }),
    );
  });
});
