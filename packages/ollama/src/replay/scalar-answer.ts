import { numberIn, type Schema, textIn } from './schema.ts';

/** Values for the formats that `z.toJSONSchema` names. */
const BY_FORMAT: Readonly<Record<string, string>> = {
  'date-time': '2025-01-01T00:00:00.000Z',
  date: '2025-01-01',
  time: '00:00:00',
  duration: 'PT1S',
  email: 'someone@example.org',
  uri: 'https://example.org/',
  uuid: '00000000-0000-4000-8000-000000000000',
  ipv4: '127.0.0.1',
  ipv6: '::1',
};

/** The first candidate that fulfils the schema's pattern and lengths. Throws an Error that shows the pattern when none does. */
export function textAnswer(schema: Schema, candidates: readonly string[]): string {
  const least = numberIn(schema, 'minLength') ?? 0;
  const most = numberIn(schema, 'maxLength') ?? Number.POSITIVE_INFINITY;
  const pattern = textIn(schema, 'pattern');
  const expression = pattern === '' ? null : new RegExp(pattern, 'u');
  const format = BY_FORMAT[textIn(schema, 'format')];
  const fitting = (format === undefined ? candidates : [format]).map((text) => [...text].slice(0, most).join('').padEnd(least, '.'));
  const others = ['F1', '{{F1}}', 'evidence', 'a', 'A', '0', ''].filter((text) => text.length >= least && text.length <= most);
  const found = [...fitting, ...others].find((text) => expression?.test(text) ?? true);
  if (found === undefined) throw new Error(`No answer of the replay server fulfils the pattern ${pattern}.`);
  return found;
}

/** The number nearest to 1 within the schema's bounds, and a multiple where one is asked for. Throws an Error when there is none. */
export function numberAnswer(schema: Schema, whole: boolean): number {
  const step = numberIn(schema, 'multipleOf') ?? (whole ? 1 : undefined);
  const above = numberIn(schema, 'exclusiveMinimum');
  const below = numberIn(schema, 'exclusiveMaximum');
  const low = Math.max(numberIn(schema, 'minimum') ?? Number.NEGATIVE_INFINITY, above ?? Number.NEGATIVE_INFINITY);
  const high = Math.min(numberIn(schema, 'maximum') ?? Number.POSITIVE_INFINITY, below ?? Number.POSITIVE_INFINITY);
  const fits = (value: number): boolean => value >= low && value <= high && value !== above && value !== below;
  const near = Math.min(high, Math.max(low, 1));
  const candidates =
    step === undefined
      ? [near, (low + high) / 2, near + 1, near - 1]
      : [
          Math.ceil(near / step) * step,
          (Math.floor(near / step) + 1) * step,
          Math.floor(near / step) * step,
          (Math.ceil(near / step) - 1) * step,
        ];
  const found = candidates.find((value) => Number.isFinite(value) && fits(value));
  if (found === undefined) throw new Error(`No number fulfils the bounds ${low} to ${high}.`);
  return found;
}
