import type { Commas } from './comma-numbers.ts';
import type { Writing } from './written-numbers.ts';

/**
 * How the cells of a column write their numbers. `units`: `header`, a cell may repeat that of the header; `cells`, each has to bring
 * the column's; `mixed`, each has to bring one that can stand beside the column's; `own`, each may bring its own.
 */
export type NumberStyle = { units: 'header' | 'cells' | 'mixed' | 'own'; commas: Commas | null };

/** A cell that keeps its column from being one of numbers. */
export type Offence = { line: number; cell: string };

/** Cells that are no numbers for certain, and look like some: the first ones, and how many there are. */
export type Passed = { cells: readonly Offence[]; count: number };

export const NONE: Passed = { cells: [], count: 0 };

/** A column of numbers, or why it is none: `nothing` where it holds no numbers at all. */
export type Verdict =
  | { is: 'numbers'; unit: string | null; style: NumberStyle; points: boolean; passed: Passed }
  | Trouble
  | { is: 'nothing' };

/** Why a column is left out, and the first cell that shows it. */
export type Trouble = { is: 'mixed' | 'commas' | 'units' | 'several units' | Writing; offence: Offence };
