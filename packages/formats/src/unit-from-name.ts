import { isPercentileName, isStatisticWord, NAME_CHARS, wordsOf } from './name-words.ts';
import { remembered } from './remembered.ts';

/** Unit → the words at the end of a name that state it. */
const SUFFIXES: Readonly<Record<string, readonly string[]>> = {
  'tok/s': ['tps'],
  'req/s': ['qps', 'rps'],
  h: ['hours'],
  min: ['minutes'],
  ms: ['ms', 'msec', 'msecs', 'millis', 'millisecond', 'milliseconds'],
  us: ['us', 'usec', 'usecs', 'micros', 'microsecond', 'microseconds'],
  ns: ['ns', 'nsec', 'nsecs', 'nanos', 'nanosecond', 'nanoseconds'],
  bytes: ['byte', 'bytes'],
  KB: ['kb', 'kilobyte', 'kilobytes'],
  MB: ['mb', 'megabyte', 'megabytes'],
  GB: ['gb', 'gigabyte', 'gigabytes'],
  TB: ['tb', 'terabyte', 'terabytes'],
  KiB: ['kib', 'kibibytes'],
  MiB: ['mib', 'mebibytes'],
  GiB: ['gib', 'gibibytes'],
  TiB: ['tib', 'tebibytes'],
  '%': ['percent', 'pct', 'percentage', '%'],
  W: ['watt', 'watts'],
  mW: ['milliwatt', 'milliwatts'],
  J: ['joule', 'joules'],
  kWh: ['kwh'],
  Wh: ['wh'],
  Hz: ['hz'],
  kHz: ['khz'],
  MHz: ['mhz'],
  GHz: ['ghz'],
  '°C': ['celsius', '°c'],
};

/** Single letters state a unit only behind these words: `power_w`, `energy_j`, `temp_c`. */
const LETTERS: ReadonlyMap<string, { unit: string; after: ReadonlySet<string> }> = new Map([
  ['w', { unit: 'W', after: new Set(['power', 'draw', 'tdp']) }],
  ['j', { unit: 'J', after: new Set(['energy']) }],
  ['c', { unit: '°C', after: new Set(['temp', 'temperature']) }],
]);

/** What is counted per second; the flag says that the word may stand right before the `s` (`tokens_s`, but not `first_token_s`). */
const COUNTED: ReadonlyMap<string, { unit: string; glued: boolean }> = new Map([
  ['tokens', { unit: 'tok/s', glued: true }],
  ['tok', { unit: 'tok/s', glued: true }],
  ['toks', { unit: 'tok/s', glued: true }],
  ['token', { unit: 'tok/s', glued: false }],
  ['t', { unit: 'tok/s', glued: false }],
  ['requests', { unit: 'req/s', glued: true }],
  ['reqs', { unit: 'req/s', glued: true }],
  ['req', { unit: 'req/s', glued: false }],
  ['request', { unit: 'req/s', glued: false }],
  ['queries', { unit: 'req/s', glued: true }],
  ['query', { unit: 'req/s', glued: false }],
  ['images', { unit: 'images/s', glued: true }],
  ['image', { unit: 'images/s', glued: false }],
  ['samples', { unit: 'samples/s', glued: true }],
  ['sample', { unit: 'samples/s', glued: false }],
  ['frames', { unit: 'frames/s', glued: true }],
  ['items', { unit: 'items/s', glued: true }],
  ['iterations', { unit: 'it/s', glued: true }],
  ['it', { unit: 'it/s', glued: false }],
  ['operations', { unit: 'ops/s', glued: true }],
  ['ops', { unit: 'ops/s', glued: true }],
  ['bytes', { unit: 'bytes/s', glued: true }],
  ['kb', { unit: 'KB/s', glued: true }],
  ['mb', { unit: 'MB/s', glued: true }],
  ['gb', { unit: 'GB/s', glued: true }],
  ['kib', { unit: 'KiB/s', glued: true }],
  ['mib', { unit: 'MiB/s', glued: true }],
  ['gib', { unit: 'GiB/s', glued: true }],
]);

const SECONDS = new Set(['s', 'sec', 'secs', 'second', 'seconds']);

/** Before a time's unit these make it something else, that nobody can tell: `token_throughput_secs`. */
const RATES = new Set(['throughput', 'rate', 'bandwidth', 'speed']);

/** Words before a lone `s` that make it seconds. */
const DURATIONS = new Set(
  (
    'ttft tpot itl e2e e2el latency time duration elapsed delay total wall load eval prefill decode compile compilation generation ' +
    'runtime startup warmup timeout interval period uptime wait queue execution inference setup'
  ).split(' '),
);

/** Words in a name that make it a duration, whatever is counted in it: `time_to_first_token_s`. */
const TIMELY = new Set(['time', 'latency', 'duration']);

const BY_SUFFIX: ReadonlyMap<string, string> = new Map(
  Object.entries(SUFFIXES).flatMap(([unit, words]) => words.map((word): [string, string] => [word, unit])),
);

/** What brackets or a cell may hold that is too short, or too dependent on its case, for a name's last word. */
const SYMBOLS: ReadonlyMap<string, string> = new Map(
  ['s', 'h', 'W', 'mW', 'kW', 'J', 'mJ', 'kJ', 'MJ', 'V', 'A', '°C', 'MB', 'GB', 'TB', 'KB', 'B/s'].map((unit) => [unit, unit]),
)
  .set('sec', 's')
  .set('B', 'bytes')
  .set('kB', 'KB')
  .set('B/s', 'bytes/s')
  .set('µs', 'us')
  .set('μs', 'us');

const BRACKETS = /[([]([^()[\]]*)[)\]]/g;

/** `Mb` where somebody chose its letters may be bits, as in brackets; in `usedMb` and `used_mb` the style chose them. */
const BITS = /(?<![A-Za-z])[KMGT]b(?![A-Za-z])/g;

/**
 * A unit as brackets, a row of units or a cell write it.
 * @param symbol `ms`, `%`, `tok/s`, `tokens per second`, `MiB`
 * @returns the unit as this package spells it; null where it is none, or may be bits (`Mb`) or of two meanings
 */
export function unitOfSymbol(symbol: string): string | null {
  const text = symbol.trim();
  const exact = SYMBOLS.get(text);
  if (exact !== undefined) return exact;
  if (text.length > 32 || /^[kKMGT]b(?:ps|\/s)?$/.test(text)) return null;
  const words = wordsOf(text);
  const [only] = words;
  if (words.length === 1 && only !== undefined) return BY_SUFFIX.get(only) ?? (SECONDS.has(only) && only !== 's' ? 's' : null);
  const [counted, per, second] = words;
  if (words.length === 3 && per === 'per' && SECONDS.has(second ?? '')) return COUNTED.get(counted ?? '')?.unit ?? null;
  return null;
}

/**
 * The unit that a name states. Never guessed: a name that states none, or one of two meanings, has none.
 * @param name a column's header or a JSON key: `mean_tokens_s`, `Generation Time (ms)`, `memory.used [MiB]`
 * @returns `tok/s`, `req/s`, `s`, `ms`, `us`, `ns`, `bytes`, `MB`, `MiB`, `%`, `W`, `J`, `MHz`, `°C` and the like, or null
 */
export const unitFromName: (name: string) => string | null = remembered((name) => {
  if (isPercentileName(name)) return null;
  const looked = name.slice(0, NAME_CHARS);
  const brackets = /[([]/.test(looked) ? [...looked.matchAll(BRACKETS)].map((match) => match[1] ?? '') : [];
  for (const inner of brackets.toReversed()) {
    const unit = unitOfSymbol(inner);
    if (unit !== null) return unit;
    // `(tok/s per GB)`: a unit, but none that is known here. The rest of the name must not stand in for it.
    if (/\/|\bper\b/i.test(inner)) return null;
  }
  const plain = brackets.length === 0 ? looked : looked.replace(BRACKETS, ' ');
  const words = [...wordsOf(plain.replace(BITS, '$& bits'))];
  const stated = words.length;
  while (isTrailingStatistic(words)) words.pop();
  return unitOfWords(words, words.length < stated);
});

/** `eval_s_mean`: what stands behind the unit. `requests_per_min` is no minimum. */
function isTrailingStatistic(words: readonly string[]): boolean {
  const last = words.at(-1);
  if (last === undefined || words.length === 1) return false;
  if (last === 'min' || last === 'max') return words.at(-2) !== 'per';
  return isStatisticWord(last) || last === 'total' || last === 'sum' || last === 'overall';
}

function unitOfWords(words: readonly string[], stripped: boolean): string | null {
  const last = words.at(-1);
  if (last === undefined) return null;
  const before = words.at(-2) ?? '';
  if (SECONDS.has(last)) return unitOfSeconds(words, last, before, stripped);
  // `tokens_per_gb` is no size, `latency_per_ms` no time.
  if (before === 'per') return null;
  const letter = LETTERS.get(last);
  if (letter !== undefined) return letter.after.has(before) ? letter.unit : null;
  const unit = BY_SUFFIX.get(last) ?? null;
  return RATES.has(before) && unit !== '%' && unit !== 'tok/s' && unit !== 'req/s' ? null : unit;
}

function unitOfSeconds(words: readonly string[], last: string, before: string, stripped: boolean): string | null {
  if (before === 'per') return COUNTED.get(words.at(-3) ?? '')?.unit ?? null;
  const timely = words.some((word) => TIMELY.has(word));
  const counted = COUNTED.get(before);
  // `tokens_s` is a rate and `time_to_first_token_s` a time; `time_for_tokens_s` could be either.
  if (counted?.glued === true) return timely ? null : counted.unit;
  if (RATES.has(before)) return null;
  if (last !== 's') return 's';
  if (words.length === 1) return stripped ? 's' : null;
  const statisticsOnly = words.slice(0, -1).every((word) => isStatisticWord(word) || word === 'min' || word === 'max');
  return DURATIONS.has(before) || statisticsOnly || timely ? 's' : null;
}
