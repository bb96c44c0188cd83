import { expect, it } from 'vitest';
import { heapWarning } from './heap-room.ts';

it('is told of when it is nearly full, with what to do about it', () => {
  expect(heapWarning({ used_heap_size: 2.9e9, heap_size_limit: 4e9 }, 90_000)).toBeNull();
  expect(heapWarning({ used_heap_size: 3.04e9, heap_size_limit: 4e9 }, 100_000)).toBe(
    "after 100000 artifacts 3.0 GB of the 4.0 GB that the heap of this process may have are in use; at the limit it ends. Start it with NODE_OPTIONS=--max-old-space-size-percentage=75 (of the machine's memory), or have each folder be a dataset (CHIMERA_DATASETS=folders)",
  );
});
