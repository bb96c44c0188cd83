/** Bytes of the engine's heap: in use, and the most that the process may have. As `v8.getHeapStatistics()` names them. */
export type Heap = { used_heap_size: number; heap_size_limit: number };

// The next inventory needs room for what changes, and at the limit the process ends.
const NEARLY_FULL = 0.75;

/** What to tell of a heap that is nearly full after an inventory of so many artifacts; null where there is room. */
export function heapWarning({ used_heap_size: used, heap_size_limit: limit }: Heap, artifacts: number): string | null {
  if (used < NEARLY_FULL * limit) return null;
  return `after ${artifacts} artifacts ${gigabytes(used)} of the ${gigabytes(limit)} that the heap of this process may have are in use; at the limit it ends. Start it with NODE_OPTIONS=--max-old-space-size-percentage=75 (of the machine's memory), or have each folder be a dataset (CHIMERA_DATASETS=folders)`;
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
