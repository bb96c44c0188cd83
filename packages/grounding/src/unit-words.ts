import type { UnitDimension, UnitName } from '@chimera/shared/domain';

/** What a unit of prose measures: the dimensions of files, and what only prose states. */
export type Dimension = UnitDimension | 'span' | 'bits' | 'bits/s' | 'points' | 'times' | 'money' | 'euros';

const BEHIND = { second: ['s', 'sec', 'second'], minute: ['min', 'minute'], op: ['op', 'operation', 'iter', 'iteration'] } as const;

/** `tokens`, `second` → `tokens/s`, `tokens/sec`, `tokens/second`, `tokens per sec`, `tokens per second`. */
function per(behind: keyof typeof BEHIND, ...counted: readonly string[]): string[] {
  return counted.flatMap((what) => [
    ...BEHIND[behind].map((short) => `${what}/${short}`),
    ...BEHIND[behind].filter((short) => short.length > 1).map((word) => `${what} per ${word}`),
  ]);
}

/**
 * How prose spells the units of the shared table, beside their own names: every one of them has its row here. Case counts where it
 * tells units apart; words written out in small letters are found in any case (`units.ts`).
 */
export const UNIT_WORDS: Readonly<Record<UnitName, readonly string[]>> = {
  s: ['sec', 'secs', 'second', 'seconds'],
  ms: ['msec', 'msecs', 'millisecond', 'milliseconds', 'milli-seconds', 'millis'],
  us: ['µs', 'μs', 'usec', 'usecs', 'microsecond', 'microseconds', 'micros'],
  ns: ['nsec', 'nsecs', 'nanosecond', 'nanoseconds', 'nanos'],
  ps: ['psec', 'picosecond', 'picoseconds'],
  min: ['mins', 'minute', 'minutes'],
  h: ['hr', 'hrs', 'hour', 'hours'],
  's/op': per('op', 's', 'sec', 'seconds', 'second'),
  'ms/op': per('op', 'ms', 'milliseconds', 'millisecond'),
  'us/op': per('op', 'us', 'µs', 'μs', 'microseconds', 'microsecond'),
  'ns/op': per('op', 'ns', 'nanoseconds', 'nanosecond'),
  'ps/op': per('op', 'ps', 'picoseconds', 'picosecond'),
  bytes: ['byte', 'B'],
  KB: ['kB', 'kilobyte', 'kilobytes', 'Kbyte', 'Kbytes', 'kbyte', 'kbytes'],
  MB: ['megabyte', 'megabytes', 'Mbyte', 'Mbytes'],
  GB: ['gigabyte', 'gigabytes', 'Gbyte', 'Gbytes'],
  TB: ['terabyte', 'terabytes', 'Tbyte', 'Tbytes'],
  KiB: ['kibibyte', 'kibibytes'],
  MiB: ['mebibyte', 'mebibytes'],
  GiB: ['gibibyte', 'gibibytes'],
  TiB: ['tebibyte', 'tebibytes'],
  'B/op': per('op', 'B', 'bytes', 'byte'),
  'KB/op': per('op', 'KB', 'kB', 'kilobytes'),
  'MB/op': per('op', 'MB', 'megabytes'),
  'bytes/s': per('second', 'B', 'bytes'),
  'KB/s': per('second', 'KB', 'kB', 'kilobytes'),
  'MB/s': per('second', 'MB', 'megabytes'),
  'GB/s': per('second', 'GB', 'gigabytes'),
  'TB/s': per('second', 'TB', 'terabytes'),
  'KiB/s': per('second', 'KiB', 'kibibytes'),
  'MiB/s': per('second', 'MiB', 'mebibytes'),
  'GiB/s': per('second', 'GiB', 'gibibytes'),
  'TiB/s': per('second', 'TiB', 'tebibytes'),
  tokens: ['token', 'tok'],
  'tok/s': [...per('second', 'tokens', 'token', 'tok', 'toks'), 'tokens a second', 't/s', 'tps'],
  'tok/min': per('minute', 'tokens', 'token', 'tok'),
  'tok/s/W': [
    'tokens/s/W',
    'tok/s per W',
    'tok/s per watt',
    'tokens/s per watt',
    'tokens per second per watt',
    'tok/J',
    'tokens per joule',
  ],
  'tok/kWh': ['tokens/kWh', 'tokens per kWh', 'tok per kWh'],
  'req/s': [...per('second', 'requests', 'request', 'req', 'reqs', 'queries'), 'requests a second', 'rps', 'qps'],
  'req/min': per('minute', 'requests', 'request', 'req', 'reqs', 'queries'),
  '1/s': ['per second'],
  'ops/s': per('second', 'operations', 'operation', 'ops', 'op', 'calls', 'executions'),
  'ops/ms': ['op/ms', 'ops per ms', 'ops per millisecond', 'operations/ms', 'operations per millisecond'],
  'ops/us': ['op/us', 'ops/µs', 'ops/μs', 'ops per microsecond', 'operations per microsecond'],
  'ops/ns': ['op/ns', 'ops per nanosecond', 'operations per nanosecond'],
  'ops/min': per('minute', 'operations', 'ops', 'op'),
  'ops/h': ['ops/hr', 'ops/hour', 'ops per hour', 'operations per hour'],
  'it/s': per('second', 'iterations', 'iteration', 'iters', 'it'),
  'samples/s': per('second', 'samples', 'sample'),
  'items/s': per('second', 'items', 'item'),
  'inputs/s': per('second', 'inputs', 'input'),
  'images/s': per('second', 'images', 'image'),
  'frames/s': [...per('second', 'frames', 'frame'), 'fps'],
  'elem/s': per('second', 'elements', 'elem', 'elems'),
  'Kelem/s': [],
  'Melem/s': [],
  'Gelem/s': [],
  'allocs/op': [...per('op', 'allocations', 'allocation', 'allocs', 'alloc'), 'allocations', 'allocs'],
  's/token': ['s/tok', 'seconds per token', 'second per token', 'seconds/token'],
  'ms/token': ['ms/tok', 'ms per token', 'milliseconds per token', 'milliseconds/token'],
  'us/token': ['us/tok', 'µs/token', 'μs/token', 'µs per token', 'us per token', 'microseconds per token'],
  'ns/token': ['ns/tok', 'ns per token', 'nanoseconds per token'],
  ratio: [],
  '%': ['percent', 'per cent', 'pct'],
  W: ['watt', 'watts'],
  mW: ['milliwatt', 'milliwatts'],
  kW: ['kilowatt', 'kilowatts'],
  J: ['joule', 'joules'],
  mJ: ['millijoule', 'millijoules'],
  kJ: ['kilojoule', 'kilojoules'],
  MJ: ['megajoule', 'megajoules'],
  Wh: ['watt-hour', 'watt-hours', 'watt hours'],
  kWh: ['kilowatt-hour', 'kilowatt-hours', 'kilowatt hours'],
  'J/token': ['J/tok', 'J per token', 'joules per token'],
  'mJ/token': ['mJ/tok', 'mJ per token', 'millijoules per token'],
  Hz: ['hertz'],
  kHz: ['kilohertz'],
  MHz: ['megahertz'],
  GHz: ['gigahertz'],
  V: ['volt', 'volts'],
  mV: ['millivolts'],
  A: ['amperes', 'amps'],
  mA: ['milliamperes'],
  '°C': ['℃', 'degrees', 'degrees Celsius'],
};

/** What prose states and no file: factor into the dimension's own unit, name, and the words. */
export const PROSE_UNITS: readonly (readonly [dimension: Dimension, factor: number, name: string, ...words: string[]])[] = [
  ['span', 1, 'days', 'day'],
  ['span', 7, 'weeks', 'week'],
  ['span', 30.44, 'months', 'month'],
  ['span', 365.25, 'years', 'year'],
  ['bits', 1, 'bits', 'bit'],
  ['bits/s', 1e3, 'Kbit/s', 'kbit/s', 'Kb/s', 'kb/s', 'Kbps', 'kbps', 'kilobits per second'],
  ['bits/s', 1e6, 'Mbit/s', 'Mb/s', 'Mbps', 'megabits per second'],
  ['bits/s', 1e9, 'Gbit/s', 'Gb/s', 'Gbps', 'gigabits per second'],
  ['operations/s', 1e3, 'kops/s', 'Kops/s', 'kops'],
  ['operations/s', 1e6, 'Mops/s', 'Mops'],
  ['operations/s', 1e9, 'Gops/s', 'Gops'],
  ['points', 1, 'points', 'pts'],
  ['points', 1, 'percentage points', 'percentage point', '% points', 'pp', 'ppt', 'percent points'],
  ['times', 1, 'times', 'x', '×', 'X', '-fold', 'fold'],
  ['money', 1, 'USD', 'dollars', 'dollar'],
  ['euros', 1, 'EUR', 'euros', 'euro'],
];

/**
 * What is one thing in prose and two in files: bytes that each operation allocates are bytes, and whatever happens so many times a
 * second may be called an operation.
 */
export const SAME_IN_PROSE: Readonly<Partial<Record<UnitDimension, UnitDimension>>> = {
  'bytes/op': 'bytes',
  'items/s': 'operations/s',
  frequency: 'operations/s',
};
