/** Counts how often there are the same bytes, by their SHA-256; null, of what was not read, is the same as nothing. */
export class Copies {
  readonly #numbers = new Map<string, number>();
  readonly #several = new Set<string>();

  add(sha256: string | null): void {
    if (sha256 !== null) this.#set(sha256, (this.#numbers.get(sha256) ?? 0) + 1);
  }

  remove(sha256: string | null): void {
    if (sha256 !== null) this.#set(sha256, (this.#numbers.get(sha256) ?? 0) - 1);
  }

  /** Whether some bytes are there more than once. */
  get any(): boolean {
    return this.#several.size > 0;
  }

  isRepeated(sha256: string | null): boolean {
    return sha256 !== null && this.#several.has(sha256);
  }

  #set(sha256: string, n: number): void {
    if (n > 0) this.#numbers.set(sha256, n);
    else this.#numbers.delete(sha256);
    if (n > 1) this.#several.add(sha256);
    else this.#several.delete(sha256);
  }
}
