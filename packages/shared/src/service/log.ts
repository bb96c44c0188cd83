import { type Logger, pino } from 'pino';
import { printableJson } from '../domain/printable.ts';

export type { Logger };

/** JSON logs on standard error (standard output belongs to results), with the service's name in each line. */
export function createLogger(service: string, level: string): Logger {
  return pino(
    {
      level,
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
