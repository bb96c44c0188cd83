import { type Logger, pino } from 'pino';
import { printableJson } from '../domain/printable.ts';
import type { Tracer } from '../trace/tracer.ts';

export type { Logger };

/**
 * JSON logs on standard error (standard output belongs to results), with the service's name in each line.
 * `traced`: what a line says of the span under way.
 */
export function createLogger(service: string, level: string, traced?: Tracer['logged']): Logger {
  return pino(
    {
      level,
      ...(traced ? { mixin: () => ({ ...traced() }) } : {}),
      base: { service, pid: process.pid },
      formatters: { level: (label) => ({ level: label }) },
      timestamp: pino.stdTimeFunctions.isoTime,
    },
    printable(pino.destination({ dest: 2, sync: true })),
  );
}

/** Names out of artifacts stand in logs, and logs are looked at in terminals. */
function printable(destination: { write(line: string): void }): { write(line: string): void } {
  return { write: (line) => destination.write(printableJson(line)) };
}
