import type { FailedRecord, Measurement } from '@chimera/shared/domain';
import type { Limits } from './limits.ts';
import { beyondLimit } from './refusal.ts';
import type { Warnings } from './warnings.ts';

/** Sums of squares over magnitudes beyond these leave the range of a double. */
const TOO_LARGE = 1e150;
const TOO_SMALL = 1e-150;

/** What a reader fills: the numbers of one artifact, and the records that say they failed. */
export class Extract {
  readonly measurements: Measurement[] = [];
  readonly failed: FailedRecord[] = [];
  records = 0;
  readonly limits: Limits;
  readonly warnings: Warnings;

  constructor(limits: Limits, warnings: Warnings) {
    this.limits = limits;
    this.warnings = warnings;
  }

  /**
   * Keeps a number, unless it is too large or too small to be computed with: the first such place is named in a warning.
   * @throws Refusal where the file holds more numbers than the limit allows
   */
  add(measurement: Measurement): void {
    const size = Math.abs(measurement.value);
    if (size >= TOO_LARGE || (size < TOO_SMALL && size > 0)) {
      const what = size >= TOO_LARGE ? 'large' : 'small';
      const sentence = `${measurement.pointer}: ${measurement.value} is too ${what} to be computed with; it was not read`;
      this.warnings.add('numbers out of range', sentence, 1);
      return;
    }
    if (this.measurements.length >= this.limits.maxMeasurements) {
      throw beyondLimit(`has more than ${this.measurements.length} numbers (at ${measurement.pointer})`, this.limits, 'maxMeasurements');
    }
    this.measurements.push(measurement);
  }
}
