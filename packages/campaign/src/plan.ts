import type { CampaignFile } from './campaign-file.ts';
import { type Cell, cellKey, cellsOf } from './cell.ts';
import { generatorOf, shuffled } from './shuffle.ts';

/** How often the results of a campaign that goes on until all is decided are looked at, at most, the last look counted. */
export const MOST_LOOKS = 5;

/** One run that a campaign means to make. */
export type PlannedRun = {
  /** its number in the plan, from 1: the order in which runs are made */
  ordinal: number;
  /** which repeat of its cell, from 1 */
  repeat: number;
  /** how often the results had been looked at when it was added: 0 for what the file asks for */
  look: number;
  cell: Cell;
};

/**
 * The runs that a campaign's file asks for, in order: blocks of one repeat each, every cell once in a block, shuffled by the file's
 * seed. So whatever drifts while the campaign goes on (heat, other load) meets all cells alike.
 */
export function planOf(file: CampaignFile): PlannedRun[] {
  const cells = cellsOf(file);
  const blocks = Array.from({ length: file.repeats }, () => cells);
  return numbered(blocks, [], file.seed, 0);
}

/**
 * The runs that are added after a look at the results: so many of each cell as `wanted` says by its key, again in shuffled blocks
 * of each cell once. Ordinals and repeats go on where `planned` ends; the same arguments always give the same runs.
 * @returns the added runs alone
 */
export function moreRuns(
  planned: readonly PlannedRun[],
  file: CampaignFile,
  wanted: ReadonlyMap<string, number>,
  look: number,
): PlannedRun[] {
  const asked = cellsOf(file).map((cell) => ({ cell, count: wanted.get(cellKey(cell)) ?? 0 }));
  const most = Math.max(0, ...asked.map(({ count }) => count));
  const blocks = Array.from({ length: most }, (_, i) => asked.filter(({ count }) => count > i).map(({ cell }) => cell));
  return numbered(blocks, planned, file.seed, look);
}

function numbered(blocks: readonly Cell[][], before: readonly PlannedRun[], seed: number, look: number): PlannedRun[] {
  const repeats = new Map<string, number>();
  for (const { cell, repeat } of before) repeats.set(cellKey(cell), Math.max(repeat, repeats.get(cellKey(cell)) ?? 0));
  const first = Math.max(0, ...before.map(({ ordinal }) => ordinal)) + 1;
  const random = generatorOf(seed, look);
  return blocks
    .flatMap((block) => shuffled(block, random))
    .map((cell, i) => {
      const repeat = (repeats.get(cellKey(cell)) ?? 0) + 1;
      repeats.set(cellKey(cell), repeat);
      return { ordinal: first + i, repeat, look, cell };
    });
}
