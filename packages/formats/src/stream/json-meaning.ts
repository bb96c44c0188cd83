import type { Measurement } from '@chimera/shared/domain';
import { excerpt } from '../excerpt.ts';
import { parseNumber } from './fast-number.ts';
import { quotedText } from './json-bytes.ts';
import { JsonGuards } from './json-guards.ts';
import type { Computed, LineReading } from './json-lines-of.ts';
import { linePlaceOf } from './json-places.ts';
import type { Meaning } from './json-plan.ts';
import { isMessageKey } from './json-roles.ts';
import { BARE, MESSAGE, NUMBER, NUMBERS, QUOTED } from './json-slot.ts';
import type { JsonTemplate } from './json-template.ts';

/** A line that was read by itself, and that a template matched. */
export type ReadRecord = {
  line: number;
  template: JsonTemplate;
  bytes: Uint8Array;
  reading: LineReading;
  /** by measurement: its column */
  columns: readonly number[];
  /** seconds of a load duration from which on a record is cold; null where no size of a number makes it mean something else */
  coldFrom: number | null;
  /** the pointer of a number that must be told */
  told: string | null;
  computed: Computed | null;
};

/** A number of the record, as a slot. */
type Found = { slot: number; column: number; count: number; measurement: Measurement };

/**
 * What all lines mean that differ from one in numbers and free texts only.
 * @returns null where a number of it is that of no slot, as one that is computed of others in a way that is not known, or stands in quotes
 */
export function meaningOf(record: ReadRecord): Meaning | null {
  const { line, template, reading, columns, coldFrom, computed } = record;
  // Whether it is told of depends on what it is, with its unit.
  if (template.kinds.includes(QUOTED)) return null;
  const prefix = `line ${line}`;
  const slots = slotsByPointer(template);
  const found: Found[] = [];
  const results = new Int32Array(computed?.tails.length ?? 0).fill(-1);
  for (const [index, measurement] of reading.measurements.entries()) {
    const result = computed?.tails.indexOf(linePlaceOf(measurement.pointer).tail) ?? -1;
    if (result >= 0) {
      results[result] = columns[index] ?? -1;
      continue;
    }
    if (!measurement.pointer.startsWith(`${prefix} `)) return null;
    const pointer = measurement.pointer.slice(prefix.length + 1);
    const column = columns[index] ?? -1;
    const before = found.at(-1);
    const single = slots.get(pointer);
    if (single !== undefined && isSingle(record, single, measurement)) {
      found.push({ slot: single, column, count: 1, measurement });
      continue;
    }
    const [, list = '', item = ''] = /^(.*)\/(\d+)$/.exec(pointer) ?? [];
    const slot = slots.get(list);
    if (slot === undefined || !isItem(record, slot, Number(item), measurement)) return null;
    if (Number(item) === 0) found.push({ slot, column, count: 1, measurement });
    else if (before?.slot === slot && before.column === column && before.count === Number(item)) before.count += 1;
    else return null;
  }
  if (found.some(({ slot, count }) => template.kinds[slot] === NUMBERS && count !== lengthOf(template, slot))) return null;
  const failed = reading.failed.map(({ pointer, reason }) => ({ tail: pointer.slice(prefix.length), reason, own: isOf(pointer, prefix) }));
  if (failed.some(({ own }) => !own)) return null;
  const message = messageIn(record);
  if (message === null) return null;
  const placed = found.map(({ measurement }, at) => ({ at, measurement }));
  const guards = coldFrom === null ? null : new JsonGuards(placed, coldFrom);
  const watched = guards?.watched ?? [];
  const told = record.told === null || failed.length > 0 ? undefined : slots.get(record.told);
  return {
    slots: Int32Array.from(found, ({ slot }) => slot),
    columns: Int32Array.from(found, ({ column }) => column),
    computedOf: Int32Array.from(computed?.of ?? [], (pointer) => slots.get(pointer) ?? -1),
    results,
    failed: failed.filter(({ tail }) => message < 0 || tail !== '').map(({ tail, reason }) => ({ tail, reason })),
    message,
    records: reading.records,
    recordsBesideMarks: reading.recordsBesideMarks,
    marked: reading.marked,
    notNumbers: template.kinds.reduce((sum, kind) => sum + (kind === BARE ? 1 : 0), 0),
    guards: watched.length === 0 ? null : guards,
    watched: Int32Array.from(watched),
    told: told !== undefined && template.kinds[told] === NUMBER ? told : -1,
  };
}

/** The slot of the text by which the line's own record failed, or -1; null where it cannot be told which of several it is. */
function messageIn({ template: { slots, kinds, from, to }, bytes, line, reading }: ReadRecord): number | null {
  const messages = [...kinds.keys()].filter((slot) => kinds[slot] === MESSAGE);
  const [slot] = messages;
  if (slot === undefined) return -1;
  const others = slots.some(({ keys, listed }) => (keys.length > 1 || listed) && isMessageKey(keys[0] ?? ''));
  const reason = reading.failed.find(({ pointer }) => pointer === `line ${line}`)?.reason;
  const own = reason === excerpt(quotedText(bytes, from[slot] ?? 0, to[slot] ?? 0));
  return messages.length === 1 && !others && own ? slot : null;
}

function slotsByPointer({ slots }: JsonTemplate): Map<string, number> {
  return new Map(slots.map(({ pointer }, slot) => [pointer, slot]));
}

function isSingle({ template: { kinds, from, to }, bytes }: ReadRecord, slot: number, { value }: Measurement): boolean {
  return kinds[slot] === NUMBER && Object.is(parseNumber(bytes, from[slot] ?? 0, to[slot] ?? 0), value);
}

function isItem({ template }: ReadRecord, slot: number, item: number, { value }: Measurement): boolean {
  if (template.kinds[slot] !== NUMBERS || item >= lengthOf(template, slot)) return false;
  return Object.is(template.lists.values[(template.from[slot] ?? 0) + item], value);
}

function lengthOf({ from, to }: JsonTemplate, slot: number): number {
  return (to[slot] ?? 0) - (from[slot] ?? 0);
}

function isOf(pointer: string, prefix: string): boolean {
  return pointer === prefix || pointer.startsWith(`${prefix} `);
}
