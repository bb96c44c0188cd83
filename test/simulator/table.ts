import type { TableFactory } from '@chimera/shared/store';

/** A table that only counts: what is in it is no matter of schedules. */
export const simulatedTable: TableFactory = async () => {
  const rows = new Map<number, number>();
  return {
    append(content) {
      rows.set(content, (rows.get(content) ?? 0) + 1);
    },
    async adopt() {
      throw new Error('Nobody else reads in a simulation.');
    },
    async forget(contents) {
      for (const content of contents) rows.delete(content);
    },
    parquet: async (list) =>
      Buffer.from(JSON.stringify(list.map(({ path, sha256, content, counted }) => [path, sha256, rows.get(content) ?? 0, counted]))),
    async close() {
      rows.clear();
    },
  };
};
