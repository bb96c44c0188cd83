import { expect, it } from 'vitest';
import { describeOnEachNats, PATIENT_MS, startNats } from '../../../../test/support/nats.ts';
import { type Means, Seats } from '../../../../test/support/seats.ts';
import { recorder, until } from '../../../../test/support/wait.ts';
import { connectBus, type NatsBus } from './connection.ts';
import { type GatedOptions, startGatedWorker } from './gated-worker.ts';
import { publish } from './publish.ts';
import { held, taskQueue } from './testing.ts';

type Task = { n: number };

describeOnEachNats(
  'a gated worker whose server fails',
  (binary) => {
    it('hazard 2: has a message once more where its acknowledgement was lost, and goes on', async () => {
      const nats = await startNats(binary);
      const bus = await connectBus({ url: nats.url, name: 'test', connectTimeoutMs: PATIENT_MS });
      const queue = taskQueue('g-lost', { ackWaitMs: 1_000 });
      await bus.consumer(queue.consumer);
      const deliveries = recorder<number>();
      const errors = recorder<Error>();
      let lose = true;
      const lossy: NatsBus = {
        ...bus,
        async take(spec) {
          const message = await bus.take(spec);
          const acknowledge = async () => {
            if (!lose) return message?.acknowledge();
            lose = false;
            throw new Error('the server did not confirm');
          };
          return message && { ...message, acknowledge };
        },
      };
      const seats = new Seats(queue);
      const { contract } = queue;
      const handle: GatedOptions<Task, Means>['handle'] = async (_, delivery) => deliveries.add(delivery.deliveries);
      const worker = startGatedWorker<Task, Means>({ bus: lossy, contract, nextSeat: seats.next, handle, onError: errors.add });
      await publish(bus, contract, { n: 1 });
      const end = bus.clock.every(100, () => seats.offer(1));
      expect(await deliveries.count(2)).toEqual([1, 2]);
      expect(errors.all.map(({ message }) => message)).toEqual(['the server did not confirm']);
      await until('the empty queue', async () => (await held(bus, queue)) === 0);
      end();
      await worker.stop(1_000);
      await bus.close();
      await nats.close();
    });

    it('hazard 2, 3: goes on after a SIGKILL of the server, and after its state was wiped', async () => {
      const nats = await startNats(binary);
      const bus = await connectBus({ url: nats.url, name: 'test', connectTimeoutMs: PATIENT_MS });
      const queue = taskQueue('g-killed', { ackWaitMs: 1_000 });
      await bus.consumer(queue.consumer);
      const got = recorder<number>();
      const seats = new Seats(queue);
      const worker = startGatedWorker<Task, Means>({
        bus,
        contract: queue.contract,
        nextSeat: seats.next,
        handle: async ({ n }) => got.add(n),
      });
      const end = bus.clock.every(50, () => seats.offer(1));
      await publish(bus, queue.contract, { n: 1 });
      await got.count(1);
      await nats.kill();
      await nats.restart();
      await publish(bus, queue.contract, { n: 2 });
      await until('the second message', () => got.all.includes(2));
      await nats.stop();
      await nats.wipe();
      await nats.restart();
      await publish(bus, queue.contract, { n: 3 });
      await until('the third message', () => got.all.includes(3));
      end();
      await worker.stop(1_000);
      await bus.close();
      await nats.close();
    });
  },
  { concurrent: true },
);
