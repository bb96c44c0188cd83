import { describe, expect, it } from 'vitest';
import { allDuties } from './all.ts';

describe('the duties of the single agent', () => {
  it('are the collector’s, then insight’s, each once', () =>
    expect(allDuties.sections.map(({ id }) => id)).toEqual([
      ...['coverage', 'modifications', 'gaps'],
      ...['summary', 'performance', 'findings', 'recommendations', 'risks', 'conclusion'],
    ]));

  it('stay within the words of both: below 250, and 400', () => {
    const words = allDuties.sections.reduce((sum, duty) => sum + duty.words, 0);
    expect(words).toBeGreaterThan(400);
    expect(words).toBeLessThan(650);
  });
});
