import { type Logger, pino } from 'pino';

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
    pino.destination({ dest: 2, sync: true }),
  );
}
