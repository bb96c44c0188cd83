import { describe, expect, it } from 'vitest';
import { FAMILIES, isHere, isTold, readingOf, sampleFolders, samplesIn } from '../../../test/support/corpus.ts';

describe.skipIf(!isHere)('the collected files', () => {
  it('belong to a family where they are of a known format, and each folder to one', () => {
    const folders = Object.values(FAMILIES).flat();
    expect([...new Set(folders)]).toEqual(folders);
    const told = sampleFolders().filter((folder) => samplesIn(folder).some((path) => isTold(readingOf(path))));
    expect(told.filter((folder) => !folders.some((one) => one === folder))).toEqual([]);
  });
});
