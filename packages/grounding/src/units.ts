/** What a unit measures. Values of different dimensions are never equal, whatever their digits. */
export type Dimension =
  | 'time'
  | 'span'
  | 'bytes'
  | 'bytes/s'
  | 'tokens/s'
  | 'requests/s'
  | 'operations/s'
  | 'time/token'
  | 'ratio'
  | 'points'
  | 'times'
  | 'power'
  | 'energy'
  | 'energy/token'
  | 'frequency'
  | 'temperature'
  | 'money'
  | 'euros'
  | 'bits'
  | 'tokens';

/** A unit as prose or a file writes it: `factor` takes a value in it to the dimension's own unit (s, bytes, tok/s, ratio, W, J). */
export type Unit = { name: string; dimension: Dimension; factor: number };

type Row = readonly [dimension: Dimension, factor: number, name: string, ...words: string[]];

// Case counts where it tells units apart (MB and Mb, MJ and mJ); words written out are found in any case.
const ROWS: readonly Row[] = [
  ['time', 1, 's', 'sec', 'secs', 'second', 'seconds'],
  ['time', 1e-3, 'ms', 'msec', 'msecs', 'millisecond', 'milliseconds', 'milli-seconds', 'millis'],
  ['time', 1e-6, 'us', 'µs', 'μs', 'usec', 'microsecond', 'microseconds'],
  ['time', 1e-9, 'ns', 'nsec', 'nanosecond', 'nanoseconds'],
  ['time', 60, 'min', 'mins', 'minute', 'minutes'],
  ['time', 3600, 'h', 'hr', 'hrs', 'hour', 'hours'],
  ['span', 1, 'days', 'day'],
  ['span', 7, 'weeks', 'week'],
  ['span', 30.44, 'months', 'month'],
  ['span', 365.25, 'years', 'year'],
  ['bytes', 1, 'bytes', 'byte', 'B'],
  ['bytes', 1e3, 'KB', 'kB', 'kilobyte', 'kilobytes', 'Kbyte', 'Kbytes'],
  ['bytes', 1e6, 'MB', 'megabyte', 'megabytes', 'Mbyte', 'Mbytes'],
  ['bytes', 1e9, 'GB', 'gigabyte', 'gigabytes', 'Gbyte', 'Gbytes'],
  ['bytes', 1e12, 'TB', 'terabyte', 'terabytes'],
  ['bytes', 2 ** 10, 'KiB', 'kibibyte', 'kibibytes'],
  ['bytes', 2 ** 20, 'MiB', 'mebibyte', 'mebibytes'],
  ['bytes', 2 ** 30, 'GiB', 'gibibyte', 'gibibytes'],
  ['bytes', 2 ** 40, 'TiB', 'tebibyte', 'tebibytes'],
  ['bits', 1, 'bits', 'bit'],
  ['bytes/s', 1, 'B/s', 'bytes/s', 'bytes per second', 'bytes/sec'],
  ['bytes/s', 1e3, 'KB/s', 'kB/s', 'KB per second'],
  ['bytes/s', 1e6, 'MB/s', 'MB per second'],
  ['bytes/s', 1e9, 'GB/s', 'GB per second'],
  ['tokens/s', 1, 'tok/s', 't/s', 'tokens/s', 'token/s', 'tokens/sec', 'tok/sec', 'toks/s', 'tokens/second', 'tps'],
  ['tokens/s', 1, 'tok/s', 'tokens per second', 'token per second', 'tokens per sec', 'tokens a second'],
  ['tokens/s', 1 / 60, 'tok/min', 'tokens/min', 'tokens per minute', 'tokens/minute'],
  ['requests/s', 1, 'req/s', 'requests/s', 'requests per second', 'request/s', 'rps', 'qps', 'queries per second', 'requests/second'],
  ['requests/s', 1 / 60, 'req/min', 'requests per minute', 'requests/min'],
  [
    'operations/s',
    1,
    '1/s',
    'ops/s',
    'it/s',
    'samples/s',
    'samples/second',
    'samples per second',
    'iterations per second',
    'operations per second',
    'Hz',
  ],
  ['time/token', 1, 's/token', 's/tok', 'seconds per token', 'second per token', 'seconds/token'],
  ['time/token', 1e-3, 'ms/token', 'ms/tok', 'ms per token', 'milliseconds per token', 'milliseconds/token'],
  ['ratio', 0.01, '%', 'percent', 'per cent', 'pct'],
  ['ratio', 1, 'ratio'],
  ['points', 1, 'points', 'percentage points', 'percentage point', '% points', 'pp', 'ppt', 'percent points'],
  ['times', 1, 'times', 'x', '×', 'X', '-fold', 'fold'],
  ['power', 1, 'W', 'watt', 'watts'],
  ['power', 1e-3, 'mW', 'milliwatts'],
  ['power', 1e3, 'kW', 'kilowatt', 'kilowatts'],
  ['energy', 1, 'J', 'joule', 'joules'],
  ['energy', 1e-3, 'mJ', 'millijoules'],
  ['energy', 1e3, 'kJ', 'kilojoules'],
  ['energy', 1e6, 'MJ', 'megajoules'],
  ['energy', 3600, 'Wh', 'watt-hours'],
  ['energy', 3.6e6, 'kWh'],
  ['energy/token', 1, 'J/token', 'J/tok', 'joules per token'],
  ['frequency', 1e6, 'MHz'],
  ['frequency', 1e9, 'GHz'],
  ['temperature', 1, '°C', '℃', 'degrees'],
  ['money', 1, 'USD', 'dollars', 'dollar'],
  ['euros', 1, 'EUR', 'euros', 'euro'],
  ['tokens', 1, 'tokens', 'token', 'tok'],
];

const EXACT: ReadonlyMap<string, Unit> = new Map(
  ROWS.flatMap(([dimension, factor, name, ...words]) => [name, ...words].map((word) => [word, { name, dimension, factor }] as const)),
);
const LOOSE: ReadonlyMap<string, Unit> = new Map(
  [...EXACT]
    .filter(([word]) => word.length > 3 || /^(?:sec|ms|tps|rps|qps|min)$/.test(word))
    .map(([word, unit]) => [word.toLowerCase(), unit]),
);

/** The unit that a word or sign names; null where it names none that is known. Words of four letters and more in any case. */
export function unitOf(word: string): Unit | null {
  return EXACT.get(word) ?? LOOSE.get(word.toLowerCase()) ?? null;
}

const escaped = (word: string) => word.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&').replaceAll(' ', '\\s+');

const WORDS = [...new Set([...EXACT.keys(), ...LOOSE.keys()])].sort((a, b) => b.length - a.length);
const endsInLetter = (word: string) => /[\p{L}]$/u.test(word);
const either = (words: readonly string[]) => words.map(caseless).join('|');

/**
 * The source of a regular expression that finds any unit, the longest first; it does not end inside of a word. What may not follow
 * is said once for all words: of a pattern that says it for each, the engine would take seconds to make code. No sign begins as a
 * word does, so that it makes no difference that signs come last.
 */
export const UNIT_PATTERN = `(?:(?:${either(WORDS.filter(endsInLetter))})(?![\\p{L}\\p{N}])|${either(WORDS.filter((word) => !endsInLetter(word)))})`;

// Words written out may begin with a capital; short signs may not.
function caseless(word: string): string {
  const text = escaped(word);
  return /^[a-z]/.test(word) && word.length > 3 ? `[${word.charAt(0)}${word.charAt(0).toUpperCase()}]${escaped(word.slice(1))}` : text;
}
