import { LIMIT_VARIABLES, type Limits } from './limits.ts';

/** Thrown by a reader that will not read the file; `message` is the reason, a phrase that stands behind the path. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  /** the text ends inside of something: the file may be a copy that is not finished */
  readonly cut: boolean;
  /** the limit that the file breaks, where it is refused because of one */
  readonly limit: keyof Limits | null;

  constructor(message: string, { cut = false, limit = null }: { cut?: boolean; limit?: keyof Limits | null } = {}) {
    super(message);
    this.cut = cut;
    this.limit = limit;
  }
}

/**
 * A refusal because of a limit.
 * @param what what is too much, with its size and place: `has a row of 12 cells (line 3)`
 * @returns the refusal, naming the variable that sets the limit, and its value
 */
export function beyondLimit<Name extends keyof Limits>(what: string, limits: Pick<Limits, Name>, limit: Name): Refusal {
  return new Refusal(`${what}: the limit ${LIMIT_VARIABLES[limit]} is ${limits[limit]}`, { limit });
}
