import type { Fact } from '@chimera/shared/domain';

type WithFacts = { readonly facts: readonly Fact[] };

/** The ids of all facts of a dataset's last evidence. */
export class FactIds {
  readonly #ids = new Set<string>();

  /** Takes facts away, then others in. Throws where two of all that are there now share an id. */
  update(gone: Iterable<WithFacts>, come: Iterable<WithFacts>): void {
    for (const { facts } of gone) for (const { id } of facts) this.#ids.delete(id);
    for (const { facts } of come) {
      for (const { id } of facts) {
        if (this.#ids.has(id))
          throw new Error(
            'Two facts share an id, so what one says could be printed for the other: this is a fault of Chimera; please report it.',
          );
        this.#ids.add(id);
      }
    }
  }
}
