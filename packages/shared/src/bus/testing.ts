import { z } from 'zod';
import type { NatsBus } from './connection.ts';
import type { ConsumerSpec } from './consumer.ts';
import { type Contract, contract } from './contract.ts';
import { type DeadLetter, DeadLettered } from './contracts.ts';

export type Task = { n: number };

/** A small contract on a subject of its own, so that tests on one server do not meet, and its consumer. */
export type TaskQueue = { contract: Contract<Task>; consumer: ConsumerSpec; subject: string };

/** On the work queue, or on the events, which several durables may read. */
export function taskQueue(
  name: string,
  settings: { stream?: 'chimera_work' | 'chimera_events'; ackWaitMs?: number; maxDeliveries?: number } = {},
): TaskQueue {
  const stream = settings.stream ?? 'chimera_work';
  const subject = stream === 'chimera_work' ? `chimera.analysis.v1.requested.test.${name}` : `chimera.report.v1.published.${name}`;
  return {
    subject,
    contract: contract<Task>({
      name: `test.${name}`,
      version: 1,
      stream,
      subject: () => subject,
      subjects: subject,
      schema: z.strictObject({ n: z.int().positive() }),
      id: (task) => `${name}:${task.n}`,
    }),
    consumer: {
      stream,
      durable: `test_${name}`,
      filter: subject,
      ackWaitMs: settings.ackWaitMs ?? 10_000,
      maxDeliveries: settings.maxDeliveries ?? 5,
    },
  };
}

/** How many messages of a subject its stream holds. */
export async function held(bus: NatsBus, queue: TaskQueue): Promise<number> {
  const info = await bus.manager.streams.info(queue.consumer.stream, { subjects_filter: queue.subject });
  return info.state.subjects?.[queue.subject] ?? 0;
}

/** The dead letters of a queue, in their order. */
export async function deadLetters(bus: NatsBus, queue: TaskQueue): Promise<DeadLetter[]> {
  const { state } = await bus.manager.streams.info(DeadLettered.stream);
  const letters: DeadLetter[] = [];
  for (let seq = state.first_seq; seq > 0 && seq <= state.last_seq; seq++) {
    const message = await bus.manager.streams.getMessage(DeadLettered.stream, { seq });
    if (message) letters.push(DeadLettered.schema.parse(message.json()));
  }
  return letters.filter((letter) => letter.subject === queue.subject);
}
