import type { Measurement } from '@chimera/shared/domain';
import type { ListedContent, MeasurementTable } from '@chimera/shared/store';

/** A table of measurements that is not written: it keeps in memory what it was given, and of which paths it was asked. */
export class CollectingTable implements MeasurementTable {
  readonly #rows = new Map<number, Measurement[]>();
  #listed: readonly ListedContent[] = [];

  append(content: number, measurement: Measurement): void {
    const rows = this.#rows.get(content);
    if (rows) rows.push(measurement);
    else this.#rows.set(content, [measurement]);
  }

  async adopt(): Promise<void> {
    throw new Error('This table is for readings of this process alone: this is a fault of Chimera; please report it.');
  }

  async forget(contents: readonly number[]): Promise<void> {
    for (const content of contents) this.#rows.delete(content);
  }

  async parquet(list: readonly ListedContent[]): Promise<Uint8Array> {
    this.#listed = list;
    return new Uint8Array();
  }

  /** What was collected stays: whoever asked for it reads it after the reading has ended. */
  async close(): Promise<void> {}

  /** Each path's measurements in their order; paths of the same content have the same ones. */
  collected(): Iterable<{ path: string; measurement: Measurement }> {
    const [rows, listed] = [this.#rows, this.#listed];
    return {
      *[Symbol.iterator]() {
        for (const { path, content } of listed) for (const measurement of rows.get(content) ?? []) yield { path, measurement };
      },
    };
  }
}
