import type { z } from 'zod';

/** The streams there are; their settings stand in streams.ts. */
export type StreamName = 'chimera_events' | 'chimera_work' | 'chimera_dead';

/**
 * A message: its name and version, where it travels, what it carries, and the id by which JetStream drops a repetition.
 * Fields may be added as optional ones, and whoever does not know one yet leaves it out, so that services of two
 * versions work side by side; anything else is a new version on a new subject.
 */
export type Contract<T> = {
  name: string;
  version: number;
  stream: StreamName;
  /** the exact subject of one message */
  subject: (data: T) => string;
  /** the pattern that covers all of them */
  subjects: string;
  schema: z.ZodType<T>;
  /** Nats-Msg-Id: equal for equal meaning */
  id: (data: T) => string;
};

/** Keeps the type of the data tied to the schema. */
export function contract<T>(definition: Contract<T>): Contract<T> {
  return definition;
}
