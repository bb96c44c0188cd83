import type { Measurement, NumberColumn } from '@chimera/shared/domain';
import type { Series } from '../artifact-series.ts';
import type { SampleSet } from '../samples.ts';
import { inOneGo } from '../steps.ts';
import type { Spill } from './spill.ts';
import { StreamGathering, type StreamSizes } from './stream-gathering.ts';

/** So small that a handful of numbers is spilled, selected and digested. */
export const SMALL: StreamSizes = {
  store: { arena: 64, least: 2, most: 8 },
  mostSorted: 6,
  mostHeld: 3,
  mostKept: { each: 9, inAll: 1_000 },
};

/** A spill in the memory of the test. */
export function spillInMemory(): Spill & { doubles(): number } {
  const all: number[] = [];
  return {
    append(values) {
      const place = all.length;
      all.push(...values);
      return place;
    },
    read(place, into) {
      if (place + into.length > all.length) throw new RangeError('The spill ends before that.');
      into.set(all.slice(place, place + into.length));
    },
    doubles: () => all.length,
  };
}

/** A number of a column, by the column's index, in the order of the file. */
export type Cell = { column: number; value: number; line: number };

/** What a reader of whole files would give. */
export function measurementsOf(columns: readonly NumberColumn[], cells: readonly Cell[]): Measurement[] {
  return cells.flatMap(({ column, value, line }): Measurement[] => {
    const of = columns[column];
    if (of === undefined) return [];
    const { tail, ...rest } = of;
    return [{ ...rest, value, text: null, pointer: `line ${line}${tail}` }];
  });
}

/** The same as a stream; columns are opened when their first number comes, and `dropped` ones at the end. */
export function streamed(
  columns: readonly NumberColumn[],
  cells: Iterable<Cell>,
  sizes: StreamSizes,
  spill: Spill = spillInMemory(),
  dropped: readonly number[] = [],
): { series: Series[]; samples: SampleSet[] } {
  const gathering = new StreamGathering(spill, sizes);
  const ids = new Map<number, number>();
  for (const { column, value, line } of cells) {
    const of = columns[column];
    if (of === undefined) throw new RangeError(`There is no column ${column}.`);
    const id = ids.get(column) ?? gathering.open(of);
    ids.set(column, id);
    gathering.add(id, value, line);
  }
  for (const column of dropped) {
    const id = ids.get(column);
    if (id !== undefined) gathering.drop(id);
  }
  return inOneGo(gathering.finish());
}
