import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from './limits.ts';
import { closesRow, isRuler, plainCell, splitRow } from './markdown-row.ts';

describe('splitRow', () => {
  it.each<[string, string[]]>([
    ['| a | b |', ['a', 'b']],
    ['a | b', ['a', 'b']],
    ['| a | b', ['a', 'b']],
    ['  || a ||  ', ['', 'a', '']],
    ['| a\\|b | c\\|', ['a|b', 'c|']],
    ['|', ['']],
    ['', ['']],
    ['none', ['none']],
  ])('splits %j', (line, cells) => expect(splitRow(line, 1, DEFAULT_LIMITS)).toEqual(cells));

  it('refuses what is beyond the limits', () => {
    const limits = { maxColumns: 2, maxCellChars: 3 };
    expect(() => splitRow('|a|b|c|', 7, limits)).toThrow('has a row of 3 cells (line 7): the limit CHIMERA_MAX_COLUMNS is 2');
    expect(() => splitRow('|a|  long  |', 7, limits)).toThrow('has a cell of 4 characters (line 7): the limit CHIMERA_MAX_CELL_CHARS is 3');
  });
});

describe('a row of Markdown', () => {
  it('is a ruler if it has a pipe and nothing but dashes, colons and blanks', () => {
    expect(['|-|', ' :--: | --\t', '|', '---', '|a|', ''].map(isRuler)).toEqual([true, true, true, false, false, false]);
  });

  it('is closed by a pipe that is no part of a cell', () => {
    expect(['| a |', '| a | ', '| a', '| a \\|', ''].map(closesRow)).toEqual([true, true, false, false, false]);
  });

  it('has cells with marks around them', () => {
    expect(['**1**', '__a__', '*a*', '_ a _', '`x`', '***', '**', '*', '**a*', 'a'].map(plainCell)).toEqual([
      '1',
      'a',
      'a',
      'a',
      'x',
      '*',
      '',
      '*',
      '*a',
      'a',
    ]);
  });
});
