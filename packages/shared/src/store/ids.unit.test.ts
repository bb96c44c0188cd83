import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultProfile } from '../domain/profile.ts';
import { factId, inventoryId, runOf } from './ids.ts';

const hash = fc.array(fc.constantFrom(...'0123456789abcdef'), { minLength: 64, maxLength: 64 }).map((digits) => digits.join(''));
const files = fc.uniqueArray(fc.record({ path: fc.string({ minLength: 1 }), sha256: fc.option(hash) }), {
  selector: (file) => file.path,
  minLength: 1,
});
const shuffled = files.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })));

describe('inventoryId', () => {
  it('is the hash of the name and the sorted pairs', () => {
    // printf '{"dataset":"d","pairs":[["B","<64 times b>"],["a",null]]}' | sha256sum
    expect(
      inventoryId('d', [
        { path: 'a', sha256: null },
        { path: 'B', sha256: 'b'.repeat(64) },
      ]),
    ).toBe('f1f6c831a67f92ed014a203448efbd524b2698bbac99687f60b22c68f857ff4b');
  });

  it('is that also of more files than are written at once', () => {
    const many = Array.from({ length: 2_001 }, (_, i) => ({ path: String(i).padStart(4, '0'), sha256: 'c'.repeat(64) }));
    const pairs = many.map(({ path, sha256 }) => `["${path}","${sha256}"]`).join(',');
    expect(inventoryId('d', many)).toBe(createHash('sha256').update(`{"dataset":"d","pairs":[${pairs}]}`).digest('hex'));
  });

  it('does not depend on the order of files', () => {
    fc.assert(
      fc.property(shuffled, ([list, other]) => {
        expect(inventoryId('d', other)).toBe(inventoryId('d', list));
      }),
    );
  });

  it('changes with the name of the dataset, a path, a content, a file more or less', () => {
    fc.assert(
      fc.property(files, hash, (list, other) => {
        const [first, ...rest] = list;
        if (first === undefined || first.sha256 === other) return;
        const ids = [
          inventoryId('d', list),
          inventoryId('e', list),
          inventoryId('d', [{ ...first, path: `${list.map((f) => f.path).join('/')}/x` }, ...rest]),
          inventoryId('d', [{ ...first, sha256: other }, ...rest]),
          inventoryId('d', rest),
        ];
        expect(new Set(ids).size).toBe(ids.length);
      }),
    );
  });

  it('does not change what it is given', () => {
    const list = [
      { path: 'b', sha256: null },
      { path: 'a', sha256: null },
    ];
    inventoryId('d', list);
    expect(list.map((f) => f.path)).toEqual(['b', 'a']);
  });
});

describe('runOf', () => {
  const inventory = 'a'.repeat(64);
  const run = runOf('d', inventory, defaultProfile('gemma3:latest', { seed: 7, num_ctx: 8_192 }));

  it('is the same for the same configuration, however it was written down', () => {
    expect(runOf('d', inventory, defaultProfile('gemma3:latest', { num_ctx: 8_192, seed: 7 })).id).toBe(run.id);
  });

  it('changes with inventory, profile and ordinal', () => {
    const ids = [
      run.id,
      runOf('d', 'b'.repeat(64), run.profile).id,
      runOf('d', inventory, defaultProfile(null, {})).id,
      runOf('d', inventory, { ...run.profile, name: 'other' }).id,
      runOf('d', inventory, run.profile, 0).id,
      runOf('d', inventory, run.profile, 1).id,
    ];
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('factId', () => {
  const fact = { metric: 'artifact_count', labels: { kind: 'csv', folder: 'x' }, statistic: 'count', scope: 'dataset' };

  it('is the same for the same labels in any order', () => {
    // printf '["artifact_count","{\"folder\":\"x\",\"kind\":\"csv\"}","count","dataset"]' | sha256sum, the first 16 digits
    expect(factId(fact)).toBe('f9788915f88dc71ad');
    expect(factId({ ...fact, labels: { folder: 'x', kind: 'csv' } })).toBe(factId(fact));
  });

  it('changes with each of its parts', () => {
    const others = [{ metric: 'm' }, { labels: { kind: 'csv' } }, { labels: {} }, { statistic: 'max' }, { scope: 'a.csv' }];
    const ids = [factId(fact), ...others.map((other) => factId({ ...fact, ...other }))];
    expect(new Set(ids).size).toBe(ids.length);
  });
});
