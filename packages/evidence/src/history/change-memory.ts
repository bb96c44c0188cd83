import { type ChangePoint, ChangePointSearch, changePoints } from '@chimera/statistics';

/** So many values are held at most, of all series together: 16 MB. */
const MOST_VALUES = 2_000_000;

/**
 * What was found in the series of a history the last time: of most series an inventory brings nothing, of the others one point, and only
 * around that is searched. It changes nothing of the outcome. Series beyond what may be held are searched as if they were new.
 */
export class ChangeMemory {
  readonly #most: number;
  readonly #searches = new Map<string, { search: ChangePointSearch; held: number }>();
  #held = 0;

  /** @param most so many values are held at most */
  constructor(most = MOST_VALUES) {
    this.#most = most;
  }

  /** As `changePoints` with its strict defaults gives them. @param key names the series */
  changesOf(key: string, values: readonly number[]): readonly ChangePoint[] {
    const known = this.#searches.get(key) ?? { search: new ChangePointSearch(), held: 0 };
    this.#held -= known.held;
    this.#searches.delete(key);
    if (this.#held + values.length > this.#most) return changePoints(values);
    const found = known.search.points(values);
    this.#searches.set(key, { search: known.search, held: values.length });
    this.#held += values.length;
    return found;
  }
}
