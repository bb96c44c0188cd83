import { digestOf, type PooledDigest } from './digest.ts';

/** Numbers in an order that says something, or what they come to where they are too many to be held. */
export type Numbers = { values: Float64Array; digest?: PooledDigest | null };

/** Fewest equal numbers that show that a file repeats another's: two files may well agree in one or two. */
const LEAST_REPEATED = 3;

/** A file whose numbers are another's, digit by digit, tells of the same runs: they count once. Of digests all that both say must agree. */
export function repeatsNumbers(a: Numbers, b: Numbers): boolean {
  if (a.digest || b.digest) return repeatsDigest(a, b);
  if (a.values.length !== b.values.length || a.values.length < LEAST_REPEATED) return false;
  if (a.values.every((value) => value === a.values[0])) return false;
  return a.values.every((value, i) => agree(value, b.values[i] ?? Number.NaN));
}

/** Writers differ in the last digit of a double. */
function agree(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-12 * Math.abs(a);
}

const COMPARED = ['min', 'max', 'mean', 'median', 'p95', 'p99'] as const;

function repeatsDigest(a: Numbers, b: Numbers): boolean {
  if (sizeOf(a) !== sizeOf(b)) return false;
  const [own, other] = [a.digest ?? digestOf(a.values).digest, b.digest ?? digestOf(b.values).digest];
  if (own.n < LEAST_REPEATED || own.min === own.max) return false;
  return COMPARED.every((name) => {
    const [one, two] = [own[name], other[name]];
    return one === undefined || two === undefined || agree(one, two);
  });
}

/** Numbers that were seen, to find those that others repeat: the first of several. */
export class KnownNumbers<T> {
  readonly #hasDigests: boolean;
  readonly #known = new Map<string, { at: number; numbers: Numbers; of: T }[]>();
  #added = 0;

  /** @param hasDigests whether there are some, which are not told apart by how they begin */
  constructor(hasDigests: boolean) {
    this.#hasDigests = hasDigests;
  }

  find(numbers: Numbers): T | undefined {
    if (sizeOf(numbers) < LEAST_REPEATED) return undefined;
    const [first = 0] = numbers.values;
    // Numbers that agree may be rounded apart: either end of what agrees is looked up.
    const keys = new Set([this.#keyOf(numbers, first * (1 - NEAR)), this.#keyOf(numbers, first * (1 + NEAR))]);
    let found: { at: number; of: T } | undefined;
    for (const key of keys) {
      const own = this.#known.get(key)?.find((other) => repeatsNumbers(other.numbers, numbers));
      if (own && (found === undefined || own.at < found.at)) found = own;
    }
    return found?.of;
  }

  add(numbers: Numbers, of: T): void {
    if (sizeOf(numbers) < LEAST_REPEATED) return;
    const key = this.#keyOf(numbers, numbers.values[0] ?? 0);
    const entry = { at: this.#added++, numbers, of };
    const there = this.#known.get(key);
    if (there) there.push(entry);
    else this.#known.set(key, [entry]);
  }

  #keyOf(numbers: Numbers, first: number): string {
    return this.#hasDigests ? `${sizeOf(numbers)}` : `${sizeOf(numbers)} ${(first + 0).toPrecision(9)}`;
  }
}

/** Twice what numbers that agree may lie apart. */
const NEAR = 2e-12;

function sizeOf({ values, digest }: Numbers): number {
  return digest?.n ?? values.length;
}
