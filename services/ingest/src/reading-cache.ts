import type { Reading } from '@chimera/shared/domain';

/** Remembers readings by content, so that one new file does not make all others be read again. */
export type ReadingCache = {
  reading(key: string, read: () => Reading): Reading;
  /** Forgets what the inventory that just ended did not ask for. */
  endOfInventory(): void;
};

/** Holds at most `maxMeasurements` in all; a reading that no longer fits is read again next time. */
export function createReadingCache(maxMeasurements = 1_000_000): ReadingCache {
  const readings = new Map<string, Reading>();
  const used = new Set<string>();
  let held = 0;
  const size = (reading: Reading) => (reading.status === 'read' ? reading.measurements.length : 0) + 1;
  return {
    reading(key, read) {
      used.add(key);
      const known = readings.get(key);
      if (known) return known;
      const reading = read();
      if (held + size(reading) <= maxMeasurements) {
        readings.set(key, reading);
        held += size(reading);
      }
      return reading;
    },
    endOfInventory() {
      for (const [key, reading] of readings) {
        if (used.has(key)) continue;
        readings.delete(key);
        held -= size(reading);
      }
      used.clear();
    },
  };
}
