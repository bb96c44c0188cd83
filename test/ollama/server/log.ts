const GUARD_MS = 30_000;
const TAIL = 15;

/** The log of a server as it grows; a test can wait for a line. */
export class ServerLog {
  readonly lines: string[] = [];
  readonly #look = new Set<() => void>();
  #ended = false;

  add(line: string): void {
    this.lines.push(line);
    this.#tell();
  }

  /** The server has ended: no line comes any more. */
  end(): void {
    this.#ended = true;
    this.#tell();
  }

  /** The first line from the index `from` on that matches. Rejects with the end of the log when the server ends without it, or none comes. */
  line(pattern: RegExp, from = 0): Promise<string> {
    return new Promise((resolve, reject) => {
      const settle = (act: () => void): void => {
        clearTimeout(guard);
        this.#look.delete(look);
        act();
      };
      const fail = (why: string): void =>
        settle(() => reject(new Error(`${why} no line that matches ${pattern}. Its log ends:\n${this.#tail()}`)));
      const look = (): void => {
        const found = this.lines.slice(from).find((line) => pattern.test(line));
        if (found !== undefined) settle(() => resolve(found));
        else if (this.#ended) fail('Ollama ended and had written');
      };
      const guard = setTimeout(() => fail(`Within ${GUARD_MS / 1000} s Ollama wrote`), GUARD_MS);
      this.#look.add(look);
      look();
    });
  }

  #tell(): void {
    for (const look of [...this.#look]) look();
  }

  #tail(): string {
    return this.lines.slice(-TAIL).join('\n');
  }
}
