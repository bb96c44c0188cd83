import type { Chance } from '../../test/simulator/chance.ts';

/** A unit as the bench spells it: `by` takes a value in it to the base of its dimension. Kept apart from the checker's own table. */
export type SpelledUnit = { dimension: string; by: number; name: string; words: readonly string[] };

const unit = (dimension: string, by: number, name: string, ...words: string[]): SpelledUnit => ({
  dimension,
  by,
  name,
  words: [` ${name}`, ...words],
});

export const UNITS: readonly SpelledUnit[] = [
  unit('time', 1, 's', ' s', ' seconds', 's', '\u00a0s'),
  unit('time', 1e-3, 'ms', ' ms', 'ms', ' milliseconds', '\u00a0ms'),
  unit('rate', 1, 'tok/s', ' tok/s', ' tokens/s', ' tokens per second', ' t/s'),
  unit('requests', 1, 'req/s', ' req/s', ' requests per second', ' requests/s'),
  unit('bytes', 1, 'bytes', ' bytes'),
  unit('bytes', 1e3, 'KB'),
  unit('bytes', 1e6, 'MB', ' megabytes'),
  unit('bytes', 1e9, 'GB'),
  unit('bytes', 2 ** 10, 'KiB'),
  unit('bytes', 2 ** 20, 'MiB'),
  unit('bytes', 2 ** 30, 'GiB'),
  unit('ratio', 0.01, '%', '%', ' percent'),
  unit('ratio', 1, 'ratio'),
  unit('points', 0.01, 'percentage points', ' points', ' pp'),
  unit('power', 1, 'W', ' watts'),
  unit('energy', 1, 'J', ' joules'),
  unit('energy', 1e3, 'kJ'),
  unit('times', 1, 'times', 'x', '×'),
  unit('count', 1, ''),
];

const BY_NAME = new Map(UNITS.map((one) => [one.name, one]));

/** The unit of this name; null where the bench does not know it. */
export function unitNamed(name: string | null): SpelledUnit | null {
  return BY_NAME.get(name ?? '') ?? null;
}

/** A number as a sentence shows it, with all that it may stand for: `value` give or take half of `step`. */
export type Shown = { text: string; value: number; step: number };

export type Spelling = 'plain' | 'grouped' | 'nbsp' | 'k' | 'power' | 'wide';

const RAISED = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** Shows a number with so many significant digits, but never fewer than it has before the point, unless it is scaled. */
export function show(value: number, digits: number, spelling: Spelling = 'plain'): Shown {
  if (value === 0) return { text: '0', value: 0, step: 1 };
  if (spelling === 'k' && Math.abs(value) >= 1_000) {
    const scaled = show(value / 1_000, Math.max(digits, 2));
    return { text: `${scaled.text}k`, value: scaled.value * 1_000, step: scaled.step * 1_000 };
  }
  const exponent = Math.floor(Math.log10(Math.abs(Number(value.toPrecision(digits)))));
  if (spelling === 'power') {
    const mantissa = (value / 10 ** exponent).toFixed(digits - 1);
    const raised = `${exponent < 0 ? '⁻' : ''}${[...String(Math.abs(exponent))].map((c) => RAISED[Number(c)]).join('')}`;
    return { text: `${mantissa}×10${raised}`, value: Number(mantissa) * 10 ** exponent, step: 10 ** (exponent - digits + 1) };
  }
  const decimals = Math.max(0, digits - 1 - exponent);
  const plain = value.toFixed(decimals);
  return { text: spelled(plain, spelling), value: Number(plain), step: 10 ** -decimals };
}

function spelled(plain: string, spelling: Spelling): string {
  if (spelling === 'wide') return plain.replace(/\d/g, (c) => String.fromCodePoint(0xff10 + Number(c)));
  if (spelling !== 'grouped' && spelling !== 'nbsp') return plain;
  const [whole = '', part] = plain.split('.');
  return whole.replace(/\B(?=(\d{3})+$)/g, spelling === 'nbsp' ? '\u00a0' : ',') + (part === undefined ? '' : `.${part}`);
}

/** How a number is written: mostly plainly. */
export function anySpelling(value: number, chance: Chance): Spelling {
  if (chance.of(0.015)) return 'wide';
  if (chance.of(0.02)) return 'power';
  if (Math.abs(value) >= 1_000 && chance.of(0.6)) return chance.pick(['grouped', 'grouped', 'grouped', 'nbsp', 'k']);
  return 'plain';
}

/** Another number of the same shape: one digit replaced, or two that stand together exchanged. Null where there is none. */
export function digitSwapped({ text }: Shown, chance: Chance): { from: string; to: string } | null {
  const plain = /^\d[\d,.]*$/.exec(text)?.[0];
  if (plain === undefined) return null;
  const places = [...plain].flatMap((c, i) => (/\d/.test(c) ? [i] : []));
  const at = chance.below(places.length);
  const [place = 0, next] = [places[at], places[at + 1]];
  const characters = [...plain];
  if (next !== undefined && characters[place] !== characters[next] && chance.of(0.5)) {
    [characters[place], characters[next]] = [characters[next] ?? '', characters[place] ?? ''];
  } else characters[place] = String((Number(characters[place]) + 1 + chance.below(9)) % 10);
  const to = characters.join('');
  return /^0\d/.test(to) || to === plain ? null : { from: plain, to };
}

/** The value of a plain or grouped numeral. */
export function plainValue(text: string): number {
  return Number(text.replaceAll(',', ''));
}
