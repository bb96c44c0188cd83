import { afterAll, beforeAll } from 'vitest';
import { connectBus, type NatsBus } from '../../packages/shared/src/bus/connection.ts';
import type { TaskQueue } from '../../packages/shared/src/bus/testing.ts';
import { startWorker, type Worker, type WorkerOptions } from '../../packages/shared/src/bus/worker.ts';
import { type Nats, type NatsBinary, PATIENT_MS, startNats } from './nats.ts';
import { recorder } from './wait.ts';

type Event = Parameters<NonNullable<WorkerOptions<unknown>['observe']>>[0];

/** For a suite: a NATS of its own, and workers on it, which are stopped at its end. */
export function recordedWorkers(binary: NatsBinary) {
  let nats: Nats;
  let bus: NatsBus;
  const workers: Worker[] = [];
  beforeAll(async () => {
    nats = await startNats(binary);
    bus = await connectBus({ url: nats.url, name: 'test', connectTimeoutMs: PATIENT_MS });
  });
  afterAll(async () => {
    await Promise.all(workers.map((worker) => worker.stop(0)));
    await bus.close();
    await nats.close();
  });

  /** A worker whose outcomes are recorded. */
  async function start(queue: TaskQueue, handle: WorkerOptions<{ n: number }>['handle'], more: Partial<WorkerOptions<{ n: number }>> = {}) {
    const events = recorder<Event>();
    const errors = recorder<Error>();
    const worker = await startWorker({
      bus,
      contract: queue.contract,
      consumer: queue.consumer,
      concurrency: 1,
      handle,
      observe: events.add,
      onError: errors.add,
      ...more,
    });
    workers.push(worker);
    return { worker, events, errors };
  }

  return {
    get bus() {
      return bus;
    },
    start,
  };
}
