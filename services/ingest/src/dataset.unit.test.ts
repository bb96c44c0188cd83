import { describe, expect, it, vi } from 'vitest';
import { parseDatasetFile } from './dataset.ts';

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
