import type { FieldMeaning, FieldTable, MetricName } from '../fields.ts';
import { executionTimes } from './execution-time.ts';

const time = executionTimes('s');
const cpuTime = (): FieldMeaning => ({ metric: 'own', statistic: 'mean', unit: 's', over: 'repetitions', note: 'processor time' });

/** Statistics over the runs of one command, in JSON and CSV up to version 1.20. */
export const RESULT_FIELDS: FieldTable = {
  mean: time('mean'),
  stddev: time('stddev'),
  median: time('median'),
  min: time('min'),
  max: time('max'),
  user: cpuTime(),
  system: cpuTime(),
};

/** What stands in lists, one number a run. */
export const RAW_FIELDS = {
  times: time('value'),
  memory_usage_byte: { metric: 'peak_memory', statistic: 'value', unit: 'bytes', over: 'repetitions' },
} as const satisfies FieldTable;

/** What hyperfine measures of each run, by its names since version 2, with the unit of what JSON writes. */
export const RUN_FIELDS: FieldTable = {
  time_wall_clock: of('execution_time', 's'),
  time_cpu: of('own', 's'),
  time_user: of('own', 's'),
  time_system: of('own', 's'),
  memory_peak_resident: of('peak_memory', 'bytes'),
  cpu_cycles: of('own', null),
  instructions: of('own', null),
  cache_references: of('own', null),
  cache_misses: of('own', null),
  branch_misses: of('own', null),
};

/** The statistics over the runs, as JSON and CSV name them. */
export const STATISTICS = ['mean', 'stddev', 'median', 'min', 'max'] as const;

function of(metric: MetricName, unit: string | null): FieldMeaning {
  return { metric, statistic: 'value', unit, over: 'repetitions' };
}
