import { excerpt } from '../excerpt.ts';
import type { ReadLine } from '../json-lines.ts';
import { parseNumber, readNumber } from './fast-number.ts';
import { quotedText } from './json-bytes.ts';
import type { Computed, LineReading, LinesOf } from './json-lines-of.ts';
import { meaningOf } from './json-meaning.ts';
import { type Meaning, Plans } from './json-plan.ts';
import { shapeOf } from './json-shape.ts';
import { NUMBER, NUMBERS } from './json-slot.ts';
import { JsonTemplate, ListValues } from './json-template.ts';
import type { StreamOutput } from './stream-output.ts';

/** Lines of one shape, and what they mean. */
type Known = { template: JsonTemplate; plans: Plans };

/** Shapes that are kept, and how many are looked at before lines of others are read one by one. */
const MOST_SHAPES = 32;
const MOST_LOOKED_AT = 1_000;

/** More plans would fill the memory: lines of combinations that come later are read one by one. */
const MOST_PLANS = 10_000;
const MOST_PLAN_BYTES = 32 * 1024 * 1024;

/** After so many lines that were not taken, only each one of so many is looked at, until one is. */
const MANY_MISSED = 256;
const SOMETIMES = 16;

/** A line that was read by itself: `end` is behind its line feed. */
export type OwnLine = { bytes: Uint8Array; start: number; end: number; line: number; parsed: ReadLine; reading: LineReading };

/** Reads lines without parsing them, where lines of their shape and their words have been read before. */
export class JsonPlanner {
  /** what was read without parsing */
  records = 0;
  recordsBesideMarks = 0;
  marked = false;
  /** bare words of the line that was taken last */
  notNumbers = 0;
  readonly #lines: LinesOf;
  readonly #output: StreamOutput;
  readonly #lists = new ListValues();
  readonly #coldFrom: number | null;
  /** the one that matched last comes first */
  readonly #known: Known[] = [];
  #looked = 0;
  /** lines since the last one that was taken */
  #missed = 0;
  #plans = 0;
  #planBytes = 0;
  /** the shape of the line that was not taken; null where it has none, or a plan that does not hold for it */
  #matched: Known | null = null;
  #mayLearn: boolean;
  #rolesLost = 0;
  /** by number of a meaning: its value; of a list, its least and largest one */
  #least = new Float64Array(64);
  #most = new Float64Array(64);
  /** what numbers of the line that was matched last are computed of, and these */
  readonly #computedOf: Float64Array;
  readonly #results: Float64Array;

  constructor(lines: LinesOf, output: StreamOutput) {
    this.#lines = lines;
    this.#output = output;
    this.#coldFrom = lines.coldFrom?.() ?? null;
    this.#mayLearn = lines.role !== undefined;
    this.#rolesLost = lines.rolesLost?.() ?? 0;
    this.#computedOf = new Float64Array(lines.computed?.of.length ?? 0);
    this.#results = new Float64Array(lines.computed?.tails.length ?? 0);
  }

  /**
   * Reads the line that begins at a byte, if it is known what such lines mean.
   * @param bytes in which it ends with a line feed
   * @returns the place of that line feed; -1 where it was not read
   */
  take(bytes: Uint8Array, start: number, line: number): number {
    this.#matched = null;
    // Where lines are of ever new shapes, looking for one costs more than it saves.
    this.#mayLearn = this.#lines.role !== undefined && (this.#missed < MANY_MISSED || line % SOMETIMES === 0);
    if (!this.#mayLearn) return -1;
    this.#missed += 1;
    for (let index = 0; index < this.#known.length; index += 1) {
      const known = this.#known[index] as Known;
      const end = known.template.match(bytes, start);
      if (end < 0) continue;
      if (index > 0) {
        this.#known.splice(index, 1);
        this.#known.unshift(known);
      }
      const plan = known.plans.find(bytes);
      if (plan === null) {
        this.#matched = known;
        return -1;
      }
      this.#mayLearn = false;
      if (plan.meaning === null || !this.#give(known.template, plan.meaning, bytes, line)) return -1;
      this.#missed = 0;
      return end;
    }
    return -1;
  }

  /**
   * Learns from a line that was not taken, and was read by itself.
   * @param columns by measurement
   * @param warned whether its reading brought a warning: then lines like it are read by themselves too
   */
  learn({ bytes, start, end, line, parsed, reading }: OwnLine, columns: readonly number[], warned: boolean): void {
    if ((this.#lines.rolesLost?.() ?? 0) > this.#rolesLost) {
      // The warning that came with this line will not come with others.
      this.#forget();
      return;
    }
    if (!this.#mayLearn || this.#plans >= MOST_PLANS || this.#planBytes >= MOST_PLAN_BYTES) return;
    const known = this.#matched ?? this.#look(bytes, start, end, parsed);
    if (known === null || !allHeld(known.template, bytes)) return;
    const { template, plans } = known;
    const told = this.#lines.told?.pointer ?? null;
    const computed = this.#lines.computed ?? null;
    const plain = !warned && !parsed.repeats && this.#lines.isPlain?.(parsed.value) === true;
    const meaning = plain ? meaningOf({ line, template, bytes, reading, columns, coldFrom: this.#coldFrom, told, computed }) : null;
    // A record that is told apart by the size of a number says nothing of others.
    if (meaning !== null && !this.#holds(template, meaning, bytes)) return;
    this.#planBytes += plans.add(bytes, meaning);
    this.#plans += 1;
  }

  /** What numbers count for has changed. */
  #forget(): void {
    this.#rolesLost = this.#lines.rolesLost?.() ?? 0;
    this.#known.length = 0;
    this.#matched = null;
    this.#looked = 0;
    this.#missed = 0;
    this.#plans = 0;
    this.#planBytes = 0;
  }

  /** Gives the numbers of the line that a template matched last to their columns; false where it must be read by itself. */
  #give(template: JsonTemplate, meaning: Meaning, bytes: Uint8Array, line: number): boolean {
    if (!this.#holds(template, meaning, bytes)) return false;
    const { slots, columns, failed } = meaning;
    const { kinds, from, to, lists } = template;
    const output = this.#output;
    for (let index = 0; index < slots.length; index += 1) {
      const slot = slots[index] as number;
      const column = columns[index] as number;
      if (kinds[slot] === NUMBER) {
        output.add(column, this.#least[index] as number, line);
        continue;
      }
      const end = to[slot] as number;
      for (let at = from[slot] as number; at < end; at += 1) output.add(column, lists.values[at] as number, line);
    }
    for (let index = 0; index < meaning.results.length; index += 1) {
      const column = meaning.results[index] as number;
      if (column >= 0) output.add(column, this.#results[index] as number, line);
    }
    if (meaning.message >= 0) {
      const text = quotedText(bytes, from[meaning.message] as number, to[meaning.message] as number);
      output.fail({ pointer: `line ${line}`, reason: excerpt(text) });
    }
    for (const { tail, reason } of failed) output.fail({ pointer: `line ${line}${tail}`, reason });
    if (meaning.told >= 0) this.#lines.told?.tell(parseNumber(bytes, from[meaning.told] as number, to[meaning.told] as number));
    this.records += meaning.records;
    this.recordsBesideMarks += meaning.recordsBesideMarks;
    this.marked ||= meaning.marked;
    this.notNumbers = meaning.notNumbers;
    this.#lines.passed?.(line, meaning.records);
    return true;
  }

  /** Parses the numbers of the line; false where a double holds one of them not, or their sizes make the line mean something else. */
  #holds(template: JsonTemplate, meaning: Meaning, bytes: Uint8Array): boolean {
    const { kinds, from, to, lists } = template;
    const { slots, guards, watched } = meaning;
    if (slots.length > this.#least.length) {
      this.#least = new Float64Array(slots.length);
      this.#most = new Float64Array(slots.length);
    }
    const least = this.#least;
    for (let index = 0; index < slots.length; index += 1) {
      const slot = slots[index] as number;
      if (kinds[slot] !== NUMBER) continue;
      const end = to[slot] as number;
      if (readNumber(bytes, from[slot] as number, end, least, index) !== end || Number.isNaN(least[index])) return false;
    }
    if (this.#lines.computed !== undefined && !this.#computes(this.#lines.computed, template, meaning, bytes)) return false;
    if (guards === null) return true;
    for (let which = 0; which < watched.length; which += 1) {
      const index = watched[which] as number;
      const slot = slots[index] as number;
      const most = this.#most;
      most[index] = least[index] as number;
      if (kinds[slot] !== NUMBERS) continue;
      least[index] = Number.POSITIVE_INFINITY;
      most[index] = Number.NEGATIVE_INFINITY;
      for (let at = from[slot] as number; at < (to[slot] as number); at += 1) {
        const value = lists.values[at] as number;
        if (value < (least[index] as number)) least[index] = value;
        if (value > (most[index] as number)) most[index] = value;
      }
    }
    return guards.hold(this.#least, this.#most);
  }

  /** Computes what the meaning says is computed; false where that is not what can be computed of the line. */
  #computes({ compute }: Computed, { kinds, from, to }: JsonTemplate, { computedOf, results }: Meaning, bytes: Uint8Array): boolean {
    for (let index = 0; index < computedOf.length; index += 1) {
      const slot = computedOf[index] as number;
      const isNumber = slot >= 0 && kinds[slot] === NUMBER;
      if (!isNumber) this.#computedOf[index] = Number.NaN;
      else readNumber(bytes, from[slot] as number, to[slot] as number, this.#computedOf, index);
    }
    if (!compute(this.#computedOf, this.#results)) return false;
    for (let index = 0; index < results.length; index += 1)
      if (Number.isNaN(this.#results[index]) === (results[index] as number) >= 0) return false;
    return true;
  }

  #look(bytes: Uint8Array, start: number, end: number, parsed: ReadLine): Known | null {
    if (this.#looked >= MOST_LOOKED_AT || parsed.repeats || this.#lines.isPlain?.(parsed.value) !== true) return null;
    this.#looked += 1;
    const shape = shapeOf(bytes, start, end);
    const roles = shape?.slots.map((slot) => this.#lines.role?.(slot) ?? null) ?? [];
    if (shape === null || !roles.every((role) => role !== null)) return null;
    const template = new JsonTemplate(shape, roles, this.#lists);
    if (template.match(bytes, start) < 0) return null;
    const known = { template, plans: new Plans(template) };
    this.#known.unshift(known);
    if (this.#known.length > MOST_SHAPES) this.#known.pop();
    return known;
  }
}

/** Whether doubles hold all numbers of the line that a template matched last. */
function allHeld({ kinds, from, to }: JsonTemplate, bytes: Uint8Array): boolean {
  for (let slot = 0; slot < kinds.length; slot += 1)
    if (kinds[slot] === NUMBER && Number.isNaN(parseNumber(bytes, from[slot] ?? 0, to[slot] ?? 0))) return false;
  return true;
}
