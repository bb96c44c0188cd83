import { valueText } from '@chimera/shared/domain';
import { type Entry, entryText } from './entry.ts';
import type { Truth } from './truth.ts';

/** What an entry says, as a sentence. */
export function told(entry: Entry | undefined, truth: Truth): string {
  return entry === undefined ? '' : entryText(entry, truth.metrics);
}

/** The value of an entry with its unit. */
export function textOf(entry: Entry | undefined): string | null {
  return entry === undefined ? null : valueText(entry.value, entry.fact?.unit ?? entry.unit?.name ?? null);
}

/** Whether two are of one configuration. */
export function sameLabels(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}
