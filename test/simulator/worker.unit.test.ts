import { AnalysisRequested, type ConsumerSpec, startWorker } from '@chimera/shared/bus';
import { defaultProfile } from '@chimera/shared/domain';
import { contentHash, runOf } from '@chimera/shared/store';
import { expect, it } from 'vitest';
import { SimulatedNats } from './nats.ts';
import { type Process, World } from './world.ts';

const quiet = { stored() {}, acknowledged() {}, written() {}, forgot() {} };
const hash = contentHash('anything');
const at = '2026-01-01T00:00:00.000Z';
const request = AnalysisRequested.schema.parse({
  run: runOf('d', hash, defaultProfile(null, {})),
  agent: 'insight',
  inventory: {
    dataset: 'd',
    inventory: hash,
    generation: 1,
    evidence: hash,
    observations: hash,
    measurements: hash,
    artifacts: 1,
    refused: 0,
    ingest: { startedAt: at, finishedAt: at, seconds: 0 },
  },
});
const consumer: ConsumerSpec = {
  stream: 'chimera_work',
  durable: 'worker',
  filter: AnalysisRequested.subjects,
  ackWaitMs: 30_000,
  maxDeliveries: 5,
};

it('hazard 9: a worker that is at one message for twenty minutes shows life, and nobody else gets the message', async () => {
  const world = new World(1, false);
  const nats = new SimulatedNats(world, quiet);
  const process: Process = { name: 'worker', alive: true, skewMs: 0, onDeath: new Set() };
  const bus = nats.busOf(process);
  const deliveries: number[] = [];
  const starting = startWorker({
    bus,
    contract: AnalysisRequested,
    consumer,
    concurrency: 2,
    async handle(_, delivery) {
      deliveries.push(delivery.deliveries);
      await bus.clock.sleep(1_200_000);
    },
  });
  await world.run(1_000);
  const worker = await starting;
  nats.store({ subject: AnalysisRequested.subject(request), text: JSON.stringify(request), id: 'one', headers: {} }, 'test');
  for (let minute = 1; minute <= 19; minute++) {
    await world.run(minute * 60_000);
    expect(worker.inFlight()).toBe(1);
    expect(worker.idleMs()).toBeLessThan(consumer.ackWaitMs);
  }
  await world.run(1_300_000);
  expect(deliveries).toEqual([1]);
  expect(nats.streams.get('chimera_work')?.messages).toEqual([]);
});
