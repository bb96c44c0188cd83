/** Milliseconds that a model stays loaded where no call says. */
export const DEFAULT_KEEP_ALIVE = 5 * 60_000;
const UNITS: Readonly<Record<string, number>> = { ns: 1e-6, us: 1e-3, µs: 1e-3, ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/**
 * Milliseconds that a model stays loaded after a call: Infinity for a negative `keep_alive`, 5 minutes where it is absent or
 * unreadable. A number is seconds, a string a duration (`10m`, `1h30m`).
 */
export function keepAliveMs(given: unknown): number {
  if (typeof given === 'number') return given < 0 ? Number.POSITIVE_INFINITY : given * 1_000;
  if (typeof given !== 'string') return DEFAULT_KEEP_ALIVE;
  if (/^[+-]?0+$/.test(given)) return 0;
  const [, sign = '', rest = ''] = /^([+-]?)((?:\d+(?:\.\d*)?(?:ns|us|µs|ms|s|m|h))+)$/.exec(given) ?? [];
  if (rest === '') return DEFAULT_KEEP_ALIVE;
  let ms = 0;
  for (const [, count, unit = ''] of rest.matchAll(/(\d+(?:\.\d*)?)(ns|us|µs|ms|s|m|h)/g)) ms += Number(count) * (UNITS[unit] ?? 0);
  return sign === '-' && ms > 0 ? Number.POSITIVE_INFINITY : ms;
}
