import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromSubjectToken, subjectToken } from './subject.ts';

const name = fc.string({ unit: 'binary', minLength: 1 });

describe('subjectToken', () => {
  it.each([
    ['bucket', 'bucket'],
    ['qwen2.5:7b', 'qwen2=2E5=3A7b'],
    ['a b', 'a=20b'],
    ['=', '=3D'],
    ['größe', 'gr=C3=B6=C3=9Fe'],
    ['chimera_work', 'chimera_work'],
  ])('escapes %s as %s', (plain, token) => {
    expect(subjectToken(plain)).toBe(token);
    expect(fromSubjectToken(token)).toBe(plain);
  });

  it('yields one token that subjects, durables and KV keys take, and from which the name comes back', () => {
    fc.assert(
      fc.property(name, (plain) => {
        const token = subjectToken(plain);
        expect(token).toMatch(/^[A-Za-z0-9_=-]+$/);
        expect(fromSubjectToken(token)).toBe(plain);
      }),
    );
  });

  it('refuses an empty name, which would be an empty token', () => {
    expect(() => subjectToken('')).toThrow('empty name');
  });
});
