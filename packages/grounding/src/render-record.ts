import { instantText, type RunRecord, valueText } from '@chimera/shared/domain';
import type { ReferenceForm } from './reference.ts';
import { type Rendered, renderValue } from './render.ts';

const PREFIX = 'run:';
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/;

/** The path in the run record that a reference's id names, as in `run:seconds.total`; null for the id of a fact. */
export function recordPath(id: string): string | null {
  return id.startsWith(PREFIX) ? id.slice(PREFIX.length) : null;
}

/**
 * What a reference to the run record prints: `1.2 s`, `431`, `2026-11-21 10:39:00 UTC`. Numbers and dates only: words in the
 * record are other people's, those that were withheld among them.
 * @param path of a value in report.json's `record`, its keys joined by points: `agents.insight.calls.0.wallSeconds`
 */
export function renderRecord(record: RunRecord, path: string, form: ReferenceForm): Rendered {
  const value = valueAt(record, path.split('.'));
  const name = `run:${path}`;
  if (typeof value === 'string' && INSTANT.test(value))
    return typeof form === 'string' && form !== 'n' ? { text: instantText(value) } : { fault: `${name} is a date, which has but one form` };
  if (value === null) return { fault: `${name} has no value in this run` };
  if (typeof value !== 'number' || !Number.isFinite(value)) return { fault: `${name} is no number and no date of the run record` };
  const unit = unitAt(path);
  if (form === 'n') return { fault: `${name} is one value and has no n` };
  if (typeof form === 'string') return { text: valueText(value, unit) };
  if (Number.isInteger(value) && unit === null && (form.digits ?? 0) !== 0)
    return { fault: `${name} is a whole number, which has no digits after the point` };
  return renderValue(value, unit, form, name);
}

/** The value at a path through objects and lists; undefined where there is none. Only what the record itself has counts. */
function valueAt(from: unknown, keys: readonly string[]): unknown {
  return keys.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Object.getOwnPropertyDescriptor(value, key)?.value : undefined),
    from,
  );
}

/** The unit of a number by where it stands; counts and options have none. */
function unitAt(path: string): string | null {
  return UNITS.find(([ending]) => ending.test(path))?.[1] ?? null;
}

const UNITS: readonly (readonly [RegExp, string])[] = [
  [/PerSecond$/, 'tok/s'],
  [/PerJoule$/, 'tok/J'],
  [/Joules$/, 'J'],
  [/Watts$/, 'W'],
  [/Bytes$|\.found\.\d+\.size(?:Vram)?$/, 'bytes'],
  [/(?:^seconds\.\w+|[sS]econds|\.gaps\.(?:median|p95|max))$/, 's'],
];
