import { GATHERING_VERSION } from '@chimera/evidence';
import { DEFAULT_LIMITS, LIMIT_VARIABLES, type Limits, READER_VERSION } from '@chimera/formats';
import { expect, it } from 'vitest';
import { type ContentId, contentKey, READING_VERSION } from './content-reading.ts';

const id: ContentId = { path: 'runs/a.csv', sha256: 'ab'.repeat(32), limits: DEFAULT_LIMITS };

it('the version of a reading is another one for each version of the readers and of the gathering', () => {
  expect([Math.floor(READING_VERSION / 1_000), READING_VERSION % 1_000]).toEqual([READER_VERSION, GATHERING_VERSION]);
});

it('contentKey differs with all that a reading depends on, and with nothing else', () => {
  const names = Object.keys(LIMIT_VARIABLES) as (keyof Limits)[];
  const others = [
    contentKey({ ...id, path: 'runs/a.tsv' }),
    contentKey({ ...id, sha256: 'ac'.repeat(32) }),
    contentKey(id, READING_VERSION + 1),
    ...names.map((name) => contentKey({ ...id, limits: { ...DEFAULT_LIMITS, [name]: DEFAULT_LIMITS[name] + 1 } })),
  ];
  expect(new Set([contentKey(id), ...others]).size).toBe(1 + others.length);
  const turned = Object.fromEntries(Object.entries(DEFAULT_LIMITS).reverse()) as Limits;
  expect(contentKey({ path: 'other/B.CSV', sha256: id.sha256, limits: turned })).toBe(contentKey(id));
});
