import { type FailedRecord, isCanonical, type Measurement } from '@chimera/shared/domain';
import { excerpt } from './excerpt.ts';
import type { Limits } from './limits.ts';
import { beyondLimit } from './refusal.ts';
import type { Warnings } from './warnings.ts';

/** Sums of squares over magnitudes beyond these leave the range of a double. */
const TOO_LARGE = 1e150;
const TOO_SMALL = 1e-150;

/** Longest pointer of a number, in UTF-16 code units: nobody could read a longer one, and reports quote them. */
export const POINTER_CHARS = 1_000;

/** What a reader fills: the numbers of one artifact, and the records that say they failed. */
export class Extract {
  readonly measurements: Measurement[] = [];
  readonly failed: FailedRecord[] = [];
  records = 0;
  readonly limits: Limits;
  readonly warnings: Warnings;
  #pointerChars = 0;

  constructor(limits: Limits, warnings: Warnings) {
    this.limits = limits;
    this.warnings = warnings;
  }

  /**
   * Keeps a number, unless it is too large or too small to be computed with, or its pointer is too long: the first such place
   * is named in a warning.
   * @throws Refusal where the file holds more numbers, or longer pointers in all, than the limits allow
   */
  add(measurement: Measurement): void {
    const { pointer, value } = measurement;
    const size = Math.abs(value);
    if (size >= TOO_LARGE || (size < TOO_SMALL && size > 0)) {
      const what = size >= TOO_LARGE ? 'large' : 'small';
      const sentence = `${shortened(pointer)}: ${value} is too ${what} to be computed with; it was not read`;
      this.warnings.add('numbers out of range', sentence, 1);
      return;
    }
    if (pointer.length > POINTER_CHARS) {
      const sentence = `${shortened(pointer)}: the names on the way to a number take ${pointer.length} characters; it was not read`;
      this.warnings.add('long names', sentence, 1);
      return;
    }
    if (this.measurements.length >= this.limits.maxMeasurements) {
      throw beyondLimit(`has more than ${this.measurements.length} numbers (at ${excerpt(pointer)})`, this.limits, 'maxMeasurements');
    }
    this.#point(pointer);
    if (value < 0 && isCanonical(measurement.metric)) {
      const sentence = `${pointer}: ${value} is below zero, which no time, rate or size can be: it is kept as the file has it, and counts nowhere`;
      this.warnings.add('below zero', sentence, 1);
    }
    this.measurements.push(measurement);
  }

  /**
   * Keeps a record that says it failed; a pointer that is too long is shortened.
   * @throws Refusal where the file holds more of them, or longer pointers in all, than the limits allow
   */
  fail({ pointer, reason }: FailedRecord): void {
    if (this.failed.length >= this.limits.maxMeasurements) {
      throw beyondLimit(`has more than ${this.failed.length} failed records (at ${excerpt(pointer)})`, this.limits, 'maxMeasurements');
    }
    const kept = pointer.length > POINTER_CHARS ? excerpt(pointer) : pointer;
    this.#point(kept);
    this.failed.push({ pointer: kept, reason });
  }

  #point(pointer: string): void {
    this.#pointerChars += pointer.length;
    if (this.#pointerChars <= this.limits.maxPointerChars) return;
    const what = `has pointers of more than ${this.limits.maxPointerChars} characters in all (at ${excerpt(pointer)})`;
    throw beyondLimit(what, this.limits, 'maxPointerChars');
  }
}

/** A pointer that may be longer than a sentence can be. */
function shortened(pointer: string): string {
  return pointer.length > POINTER_CHARS ? excerpt(pointer) : pointer;
}
