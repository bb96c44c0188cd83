import { availableParallelism } from 'node:os';
import { configDefaults, defineConfig } from 'vitest/config';

const UNIT = ['**/*.unit.test.ts'];
// Threads on every processor by themselves, of a lower priority than all else.
const SIMULATOR = ['test/simulator/simulator.unit.test.ts', 'test/simulator/planted.int.test.ts'];
// Processes by the dozen, and a look at the clock.
const CHAOS = ['test/chaos/**/*.test.ts'];
const others = [...configDefaults.exclude, '**/.cache/**'];

const processors = Math.max(2, availableParallelism());
/** One stage after the other; within one so many files at a time, project by project in the order of their names. */
const stage = (groupOrder: number, maxWorkers: number) => ({
  sequence: { groupOrder },
  maxWorkers,
  // Only keep a test that hangs from hanging for ever: none depends on how fast a machine is.
  ...{ testTimeout: 120_000, hookTimeout: 120_000 },
});
// Tests of real things often wait, for processes and timers: one file more than processors uses what they leave over.
const sideBySide = stage(0, processors + 1);
// The simulator takes, with a lower priority, what the processes of chaos leave over.
const last = stage(1, processors);

export default defineConfig({
  test: {
    projects: [
      // Pure functions leave nothing behind in their process, so one process serves many files.
      { test: { name: 'unit', include: UNIT, exclude: [...others, ...SIMULATOR], isolate: false, ...sideBySide } },
      { test: { name: 'real', include: ['**/*.test.ts'], exclude: [...others, ...UNIT, ...SIMULATOR, ...CHAOS], ...sideBySide } },
      { test: { name: 'chaos', include: CHAOS, ...last } },
      { test: { name: 'simulator', include: SIMULATOR, ...last } },
    ],
  },
});
