import { availableParallelism } from 'node:os';
import { configDefaults, defineConfig } from 'vitest/config';

const UNIT = ['**/*.unit.test.ts'];
// Threads on every processor by themselves.
const SIMULATOR = ['test/simulator/simulator.unit.test.ts', 'test/simulator/planted.int.test.ts'];
// Processes by the dozen, and a look at the clock.
const CHAOS = ['test/chaos/**/*.test.ts'];
const others = [...configDefaults.exclude, '**/.cache/**'];

/** One stage after the other; within one so many files at a time. */
const stage = (groupOrder: number, maxWorkers: number) => ({
  sequence: { groupOrder },
  maxWorkers,
  // Only keep a test that hangs from hanging for ever: none depends on how fast a machine is.
  ...{ testTimeout: 120_000, hookTimeout: 120_000 },
});
// Tests of real things start processes of their own: with more files at a time than processors, they wait for each other.
const sideBySide = stage(0, Math.max(2, availableParallelism()));

export default defineConfig({
  test: {
    projects: [
      // Pure functions leave nothing behind in their process, so one process serves many files.
      { test: { name: 'unit', include: UNIT, exclude: [...others, ...SIMULATOR], isolate: false, ...sideBySide } },
      { test: { name: 'real', include: ['**/*.test.ts'], exclude: [...others, ...UNIT, ...SIMULATOR, ...CHAOS], ...sideBySide } },
      { test: { name: 'simulator', include: SIMULATOR, ...stage(1, 1) } },
      { test: { name: 'chaos', include: CHAOS, ...stage(2, 2) } },
    ],
  },
});
