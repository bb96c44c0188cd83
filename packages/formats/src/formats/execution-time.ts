import type { FieldMeaning } from '../fields.ts';

/** What statistics of the time of a program or function mean, over its repetitions. */
export function executionTimes(unit: 's' | 'ms' | 'us' | 'ns'): (statistic: string) => FieldMeaning & { metric: 'execution_time' } {
  return (statistic) => ({ metric: 'execution_time', statistic, unit, over: 'repetitions' });
}
