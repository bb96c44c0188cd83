import type { Source } from '@chimera/shared/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contentOf, withoutContents } from './contents.ts';

const few = (...names: string[]) => fc.constantFrom(...names);
const inFile = fc.record({ path: few('a', 'b', 'c', 'd'), sha256: few('1'.repeat(64), '2'.repeat(64)), pointer: few('/x', '/y') });
const source = fc.oneof({ weight: 9, arbitrary: inFile }, fc.record({ observation: few('seen', 'heard') }));
const byPath = (a: Source, b: Source) => ('path' in a && 'path' in b && a.path < b.path ? -1 : 0);

describe('withoutContents', () => {
  it('leaves the sources whose content no other has, in any order and wherever their files are', () => {
    const sources = fc.array(source, { maxLength: 8 }).chain((some) => fc.constantFrom(some, some.toSorted(byPath)));
    fc.assert(
      fc.property(sources, sources, fc.boolean(), (some, more, shares) => {
        const others = shares ? [...more, ...some.slice(0, 3)] : more;
        const had = others.map(contentOf);
        expect(withoutContents(some, others)).toEqual(some.filter((one) => !had.includes(contentOf(one))));
      }),
    );
  });
});
