import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { type Outcome, simulate } from './simulate.ts';

/** What many schedules came to: how many, how much happened in them, and those in which a promise did not hold. */
export type Many = { schedules: number; events: number; failed: Outcome[] };

const CHUNK = 50;
// A broken program fails everywhere; a few seeds are enough to look into.
const ENOUGH_FAILURES = 20;

/** Runs the seeds from `first` on, on as many threads as there are processors; `tell` hears how far it is. */
export async function simulateMany(
  first: number,
  schedules: number,
  tell: (done: number) => void = () => {},
  enough = ENOUGH_FAILURES,
): Promise<Many> {
  const many: Many = { schedules: 0, events: 0, failed: [] };
  let next = first;
  const threads = Math.max(1, Math.min(availableParallelism(), Math.ceil(schedules / CHUNK)));
  await Promise.all(
    Array.from({ length: threads }, async () => {
      const worker = new Worker(fileURLToPath(import.meta.url), {
        workerData: 'simulate',
        execArgv: ['--disable-warning=ExperimentalWarning'],
      });
      try {
        while (next < first + schedules && many.failed.length < enough) {
          const from = next;
          const count = Math.min(CHUNK, first + schedules - next);
          next += count;
          const chunk = await ask(worker, { from, count });
          many.schedules += chunk.schedules;
          many.events += chunk.events;
          many.failed.push(...chunk.failed);
          tell(many.schedules);
        }
      } finally {
        await worker.terminate();
      }
    }),
  );
  many.failed.sort((a, b) => a.seed - b.seed);
  return many;
}

function ask(worker: Worker, work: { from: number; count: number }): Promise<Many> {
  return new Promise((resolve, reject) => {
    const end = (act: () => void) => {
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      act();
    };
    const onMessage = (many: Many) => end(() => resolve(many));
    const onError = (error: Error) => end(() => reject(error));
    const onExit = (code: number) => end(() => reject(new Error(`A thread of the simulator ended with ${code}.`)));
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    worker.postMessage(work);
  });
}

if (!isMainThread && workerData === 'simulate') {
  // Thousands of errors are part of each schedule, and nobody reads where one of them began: a seed is played again for that.
  Error.stackTraceLimit = 0;
  parentPort?.on('message', async ({ from, count }: { from: number; count: number }) => {
    const many: Many = { schedules: 0, events: 0, failed: [] };
    for (let seed = from; seed < from + count; seed++) {
      const outcome = await simulate(seed);
      many.schedules++;
      many.events += outcome.events;
      if (outcome.violations.length > 0) many.failed.push(outcome);
    }
    parentPort?.postMessage(many);
  });
}
