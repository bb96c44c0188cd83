import type { Measurement, NumberColumn } from '@chimera/shared/domain';
import type { StreamOutput } from './stream-output.ts';

/** Columns that are remembered; then all are forgotten. The output has fewer, but labels may come in any order. */
const MOST_KNOWN = 50_000;

/** The columns of an output by what measurements say, found without much ado: each line has objects of labels of its own. */
export class JsonColumns {
  readonly #output: StreamOutput;
  readonly #known = new Map<string, number>();
  #labels: NumberColumn['labels'] = {};
  #labelsText = '{}';

  constructor(output: StreamOutput) {
    this.#output = output;
  }

  /**
   * The column of a measurement.
   * @throws Refusal where more are open than the limits allow
   */
  of({ metric, statistic, unit, n, over, labels, failed }: Measurement, tail: string): number {
    if (labels !== this.#labels) {
      this.#labels = labels;
      this.#labelsText = JSON.stringify(labels);
    }
    const key = `${metric}\0${statistic}\0${unit}\0${n}\0${over}\0${failed}\0${tail}\0${this.#labelsText}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const column = this.#output.open({ metric, statistic, unit, n, labels, failed, tail, ...(over === undefined ? {} : { over }) });
    if (this.#known.size >= MOST_KNOWN) this.#known.clear();
    this.#known.set(key, column);
    return column;
  }
}
