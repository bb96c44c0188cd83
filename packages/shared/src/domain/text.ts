import { z } from 'zod';

/** A SHA-256 in lower-case hex: 64 characters. */
export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in lower-case hex');

/** A time as ISO 8601 in UTC, to the millisecond. */
export const Instant = z.iso.datetime({ precision: 3 });

/** The first twelve characters of a hash: what people are shown. */
export function shortId(id: string): string {
  return id.slice(0, 12);
}

/**
 * Orders strings by code unit, the same on every machine: `localeCompare` depends on the locale,
 * and evidence must not.
 */
export function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** `1 file`, `2 files`: the count is written as it is, without grouping. */
export function counted(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}

/** A folder that holds this file was written by Chimera: nothing in it is an artifact, whatever the folder is called. */
export const OUTPUT_MARKER = '.chimera-output';
