import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeListedKey } from './s3-key.ts';

/** As AWS writes keys: everything but a few characters in percent-encoding, a space as a plus. */
const written = (key: string) => encodeURIComponent(key).replaceAll('%2F', '/').replaceAll('%20', '+');

it('reads every key as it was written', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (key) => {
      expect(decodeListedKey(written(key), true)).toEqual({ key, exact: true });
    }),
  );
});

it('takes a key as it is where it was not encoded', () => {
  expect(decodeListedKey('a+b %20', false)).toEqual({ key: 'a+b %20', exact: true });
});

it('shows what is no UTF-8, and says so', () => {
  expect(decodeListedKey('a+b/%ff%FEc', true)).toEqual({ key: 'a b/��c', exact: false });
  expect(decodeListedKey('100%', true)).toEqual({ key: '100%', exact: false });
});
