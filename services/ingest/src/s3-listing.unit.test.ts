import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { OUTPUT_MARKER } from '@chimera/shared/domain';
import type { S3Listed } from '@chimera/shared/store';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scanFolder } from './folder.ts';
import { scanOf } from './s3-listing.ts';

const object = (key: string, of: Partial<S3Listed> = {}): S3Listed => ({
  key,
  exact: true,
  bytes: 1,
  modifiedMs: 1_000,
  etag: 'tag',
  ...of,
});
const scan = (...keys: string[]) => scanOf(keys.map((key) => object(key)));
const paths = (...keys: string[]) => scan(...keys).entries.map(({ path }) => path);
const types = (...keys: string[]) => Object.fromEntries(scan(...keys).entries.map(({ path, type }) => [path, type]));

describe('a listing of S3', () => {
  it('becomes entries in the order of their paths, with what tells one content from the next', () => {
    const { entries } = scanOf([object('b.csv', { etag: null }), object('a/x.csv', { bytes: 7, modifiedMs: 5_000, etag: 'abc-2' })]);
    expect(entries).toEqual([
      { path: 'a/x.csv', bytes: 7, modifiedMs: 5_000, changedMs: 5_000, inode: 0, type: 'file', entityTag: 'abc-2' },
      { path: 'b.csv', bytes: 1, modifiedMs: 1_000, changedMs: 1_000, inode: 0, type: 'file' },
    ]);
  });

  it('leaves out what a folder would: hidden and unfinished names, and what Chimera wrote', () => {
    const left = ['.git/x.csv', 'a/.hidden', 'a/b.csv.part', '~lock.csv', 'out/.chimera-output', 'out/report.md', 'out/deep/report.json'];
    expect(paths(...left, 'a/b.csv', 'outer/x.csv')).toEqual(['a/b.csv', 'outer/x.csv']);
    expect(paths(OUTPUT_MARKER, 'a.csv')).toEqual([]);
  });

  it('takes empty objects that stand for folders for no artifacts', () => {
    const placeholder = (key: string) => object(key, { bytes: 0 });
    expect(scanOf([placeholder(''), placeholder('a/'), placeholder('a/b/'), object('a/x.csv')]).entries.map(({ path }) => path)).toEqual([
      'a/x.csv',
    ]);
  });

  it('knows by folder what says that it is done, and one such from a later one', () => {
    const { done } = scanOf([object('.done'), object('a/.done', { etag: 'x' }), object('.git/.done'), object('a/b.csv')]);
    expect([...done.keys()]).toEqual(['', 'a']);
    const marks = ['x', 'y'].map((etag) => scanOf([object('.done', { etag })]).done.get(''));
    expect(marks[0]).not.toBe(marks[1]);
  });

  it('hazard 30: refuses keys that are no path below the bucket, under names that lead nowhere', () => {
    const keys = ['../../x', '..', '.', '/abs', 'a//b', 'a/./b', 'a/../../b', 'new\nline', 'nul\u0000', 'x/', '/'];
    expect(types(...keys, 'good.csv')).toEqual({
      '..%2F..%2Fx': 'unsafe',
      '%2E%2E': 'unsafe',
      '%2E': 'unsafe',
      '%2Fabs': 'unsafe',
      'a%2F%2Fb': 'unsafe',
      'a%2F.%2Fb': 'unsafe',
      'a%2F..%2F..%2Fb': 'unsafe',
      'new%0Aline': 'unsafe',
      'nul%00': 'unsafe',
      'x%2F': 'unsafe',
      '%2F': 'unsafe',
      'good.csv': 'file',
    });
  });

  it('keeps a refused key apart from a good one of the same name', () => {
    expect(types('a//b', 'a%2F%2Fb')).toEqual({ 'a%2F%2Fb': 'file', 'a%2F%2Fb (2)': 'unsafe' });
    const broken = scanOf([object('a\ufffd.csv'), object('a\ufffd.csv ', { exact: false })]);
    expect(broken.entries.map(({ type }) => type)).toEqual(['file', 'unnamed']);
  });

  it('takes the newer of two words on one key', () => {
    const [older, newer] = [object('a.csv', { etag: 'old' }), object('a.csv', { etag: 'new', modifiedMs: 2_000 })];
    for (const both of [
      [older, newer],
      [newer, older],
    ])
      expect(scanOf(both).entries).toMatchObject([{ path: 'a.csv', entityTag: 'new' }]);
  });

  it('hazard 30: refuses or takes every key, whatever it is, and no path leads out', () => {
    const part = fc.oneof(fc.constantFrom('..', '.', '', 'a', 'b.csv'), fc.string({ unit: 'binary', maxLength: 4 }));
    fc.assert(
      fc.property(fc.array(fc.array(part, { minLength: 1, maxLength: 4 }), { maxLength: 8 }), (keys) => {
        const { entries } = scanOf(keys.map((parts) => object(parts.join('/'))));
        expect(new Set(entries.map(({ path }) => path)).size).toBe(entries.length);
        for (const { path } of entries)
          for (const one of path.split('/')) expect(one === '' || one === '.' || one === '..', JSON.stringify(path)).toBe(false);
      }),
    );
  });

  it('finds in a copy of a folder what is found in the folder', async () => {
    const names = [
      'a.csv',
      'deep/er/b.json',
      '.hidden/c.csv',
      'x.tmp',
      'mine/.chimera-output',
      'mine/report.md',
      'runs/.done',
      '#auto#',
      'c++ d%.md',
    ];
    const root = mkdtempSync(join(tmpdir(), 'chimera-listing-'));
    for (const name of names) {
      mkdirSync(dirname(join(root, name)), { recursive: true });
      writeFileSync(join(root, name), 'x');
    }
    const folder = await scanFolder(root);
    rmSync(root, { recursive: true });
    const listed = scan(...names);
    expect(listed.entries.map(({ path }) => path)).toEqual(folder.entries.map(({ path }) => path));
    expect([...listed.done.keys()]).toEqual([...folder.done.keys()]);
  });
});
