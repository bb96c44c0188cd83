import type { FailedRecord, Measurement } from '@chimera/shared/domain';
import type { Limits } from './limits.ts';
import { beyondLimit } from './refusal.ts';
import type { Warnings } from './warnings.ts';

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

  /** @throws Refusal where the file holds more numbers than the limit allows */
  add(measurement: Measurement): void {
    if (this.measurements.length >= this.limits.maxMeasurements) {
      throw beyondLimit(`has more than ${this.measurements.length} numbers (at ${measurement.pointer})`, this.limits, 'maxMeasurements');
    }
    this.measurements.push(measurement);
  }
}
