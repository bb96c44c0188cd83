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
  ...{ testTimeout: 60_000, hookTimeout: 60_000 },
});
// Most tests of real things wait for processes and clocks: one file more at a time than there are processors.
const sideBySide = stage(0, availableParallelism() + 1);

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
