import type { Clock } from '../bus/clock.ts';
import type { ConsumerSpec } from '../bus/consumer.ts';
import type { Bus } from '../bus/port.ts';
import type { Blobs } from '../store/blobs.ts';
import type { Tracer } from '../trace/tracer.ts';
import type { Logger } from './log.ts';
import type { Metrics } from './metrics.ts';

/** What every service is given; the shell makes it, the service only uses it. */
export type Dependencies = {
  bus: Bus;
  blobs: Blobs;
  logger: Logger;
  metrics: Metrics;
  clock: Clock;
  /** this process among all that do the same work: its name in leases */
  instance: string;
  /** where the spans of its work go: the bus's own; absent: nothing is traced */
  tracer?: Tracer;
};

/** A running service: what is asked of it while it runs, and how it ends. */
export type Service = {
  name: string;
  /** what must turn for it to live: workers and loops */
  loops: readonly { idleMs(): number }[];
  consumers: readonly ConsumerSpec[];
  /** a sentence for each reason why it is not ready, beyond the connection */
  notReady(): string[];
  /** what one should know who asks whether it is ready, and that is no reason why it is not */
  notes?(): string[];
  /** Sets the gauges of what it knows by itself; called when somebody scrapes, asks nobody, takes no time. */
  sample?(): void;
  /** Stops taking work and ends what is in flight within the deadline. */
  stop(deadlineMs: number): Promise<void>;
};

// A pull lasts five seconds; a loop that shows no life for this long hangs.
const LIFELESS_MS = 60_000;

/** Why a service does not live: a loop that no longer turns. */
export function lifeless(service: Service): string[] {
  return service.loops.flatMap((loop, i) =>
    loop.idleMs() > LIFELESS_MS ? [`loop ${i} of ${service.name} has shown no life for ${Math.round(loop.idleMs() / 1_000)} s`] : [],
  );
}
