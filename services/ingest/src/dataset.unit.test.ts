import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { divide, parseDatasetFile } from './dataset.ts';
import type { Entry } from './entry.ts';

/** Ten aliases of ten aliases of …: `depth` of them make ten to that power. */
function aliases(depth: number): string {
  const level = (n: number) =>
    `[${Array(10)
      .fill(`*a${n - 1}`)
      .join(', ')}]`;
  return ['a0: &a0 ["lol"]', ...Array.from({ length: depth }, (_, i) => `a${i + 1}: &a${i + 1} ${level(i + 1)}`)].join('\n');
}

describe('chimera.yaml', () => {
  it.each([
    ['a bomb of aliases', aliases(12)],
    ['a bomb of aliases where a setting belongs', `${aliases(12)}\nexpected: {folders: *a12}`],
    ['an alias of itself', 'expected: &e\n  folders: [*e]'],
    ['merges of merges', `${aliases(9)}\n<<: *a9`],
    ['lists in lists', `title: ${'['.repeat(16_000)}`],
    ['many keys', Array.from({ length: 1_800 }, (_, i) => `k${i}: 1`).join('\n')],
    ['keys of JavaScript', '__proto__: {title: owned}\nconstructor: {prototype: {title: owned}}'],
    ['another document behind its end', 'title: one\n---\ntitle: two'],
  ])('hazard 35: is refused with the reason, soon: %s', (_, text) => {
    const parsed = parseDatasetFile(text);
    expect(parsed).toEqual({ fault: expect.stringMatching(/^chimera\.yaml is not (valid YAML|as expected): .{3,}/) });
    expect(Object.hasOwn(Object.prototype, 'title')).toBe(false);
  });

  it('hazard 35: is refused unread where it is long: keys take time by their square', () => {
    const keys = Array.from({ length: 100_000 }, (_, i) => `k${i}: &a${i} 1`).join('\n');
    expect(parseDatasetFile(keys)).toEqual({ fault: expect.stringMatching(/^chimera\.yaml holds more than 16384 characters: /) });
    expect(parseDatasetFile(`title: ${'x'.repeat(16_377)}`)).toMatchObject({ file: {} });
  });

  it('hazard 35: makes no program of a type of one: it is text', () => {
    const parsed = parseDatasetFile(
      'title: !!js/function "function () { throw 1 }"\nexpected: {folders: !!python/object/apply:os.system ["id"]}',
    );
    expect(parsed).toEqual({ file: { title: 'function () { throw 1 }', expected: { folders: ['id'] } } });
  });

  it('hazard 43: says nothing of its own accord, where its words would stand in a log as they are', () => {
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    parseDatasetFile('title: !<tag:owned> "\u001b[31mred"\n');
    expect(warn).not.toHaveBeenCalled();
    warn.mockRestore();
  });
});

describe('divide', () => {
  const entry = (path: string): Entry => ({ path, bytes: 1, modifiedMs: 0, changedMs: 0, inode: 1, type: 'file' });
  const foldersOf = (paths: readonly string[]) =>
    divide(paths.map(entry), 'folders').map(({ dataset, folder, entries }) => [dataset, folder, entries.map(({ path }) => path)]);

  it('makes the whole one dataset, or each top-level folder and what lies beside them', () => {
    expect(divide(['a.json', 'nightly/b.json'].map(entry), 'bucket')).toEqual([
      { dataset: 'bucket', folder: '', entries: ['a.json', 'nightly/b.json'].map(entry) },
    ]);
    expect(foldersOf(['a.json', 'nightly/b/c.json', 'two words/d.json'])).toEqual([
      ['(root)', '', ['a.json']],
      ['nightly', 'nightly', ['b/c.json']],
      ['two words', 'two words', ['d.json']],
    ]);
  });

  it('calls no folder as the whole bucket or the files beside the folders are called', () => {
    expect(foldersOf(['a.json', 'bucket/b.json', '(root)/c.json', '(bucket)/d.json', 'root/e.json', '(old)/f.json'])).toEqual([
      ['(root)', '', ['a.json']],
      ['(bucket)', 'bucket', ['b.json']],
      ['((root))', '(root)', ['c.json']],
      ['((bucket))', '(bucket)', ['d.json']],
      ['root', 'root', ['e.json']],
      ['(old)', '(old)', ['f.json']],
    ]);
  });

  it('gives each folder a name of its own, whatever folders there are, and only those names to others that are taken', () => {
    const name = fc
      .tuple(fc.constantFrom('bucket', 'root', 'nightly', '', ')'), fc.nat(3), fc.nat(3))
      .map(([inner, before, after]) => `${'('.repeat(before)}${inner}${')'.repeat(after)}`)
      .filter((folder) => folder !== '');
    fc.assert(
      fc.property(fc.uniqueArray(fc.oneof(name, fc.stringMatching(/^[^/]+$/))), (folders) => {
        const found = foldersOf(['beside.json', ...folders.map((folder) => `${folder}/a.json`)]);
        const names = found.map(([dataset]) => dataset);
        expect(found).toHaveLength(folders.length + 1);
        expect(new Set([...names, 'bucket']).size).toBe(names.length + 1);
        for (const [dataset, folder] of found) if (dataset !== folder) expect(folder).toMatch(/^$|^\(*(bucket|\(root\))\)*$/);
      }),
    );
  });
});
