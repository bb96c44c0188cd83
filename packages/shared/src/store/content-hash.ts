import { createHash, hash } from 'node:crypto';
import canonicalize from 'canonicalize';

/** Bytes, or pieces of them in their order, which need so not lie together in memory. They must not be changed. */
export type Bytes = Uint8Array | readonly Uint8Array[];

/** The SHA-256 of bytes or UTF-8 text, in lower-case hex. */
export function sha256(data: string | Bytes): string {
  return typeof data === 'string' || data instanceof Uint8Array ? hash('sha256', data, 'hex') : inOneGo(hashing(data));
}

/** Those of pieces, which may be hundreds of megabytes. */
const HASHES = new WeakMap<readonly Uint8Array[], string>();

/** The SHA-256 of pieces, computed piece by piece: others may have their turn wherever it yields. It is remembered. */
export function* hashing(pieces: readonly Uint8Array[]): Generator<void, string> {
  const known = HASHES.get(pieces);
  if (known !== undefined) return known;
  const whole = createHash('sha256');
  for (const piece of pieces) {
    whole.update(piece);
    yield;
  }
  const id = whole.digest('hex');
  HASHES.set(pieces, id);
  return id;
}

function inOneGo(steps: Generator<void, string>): string {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** The bytes in one piece. */
export function inOnePiece(bytes: Bytes): Uint8Array {
  return bytes instanceof Uint8Array ? bytes : Buffer.concat(bytes);
}

/** JSON with sorted keys and one spelling per number (RFC 8785): the same value is the same text everywhere. */
export function canonicalJson(value: unknown): string {
  // An inventory's facts are tens of megabytes, and the engine writes several times as fast.
  if (isInOrder(value, 0)) {
    const text = JSON.stringify(value);
    if (!text.includes(HALF_A_PAIR)) return text;
  }
  const text = canonicalText(value);
  if (text === undefined) throw new TypeError('Only JSON values can be written canonically; undefined cannot.');
  return text;
}

// So the engine's JSON escapes half a surrogate pair, and nothing else but text that itself holds a backslash.
const HALF_A_PAIR = '\\ud';
// Deeper values are left to the library, which does not recur.
const DEEPEST = 50;

/** True for plain JSON values whose keys ascend wherever they stand: what the engine writes of them is canonical, but for half surrogate pairs. */
function isInOrder(value: unknown, depth: number): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object') return typeof value === 'string' || typeof value === 'boolean';
  if (value === null) return true;
  if (depth === DEEPEST) return false;
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) if (!isInOrder(value[i], depth + 1)) return false;
    return true;
  }
  if (Object.getPrototypeOf(value) !== Object.prototype) return false;
  let before: string | null = null;
  for (const key in value) {
    if (before !== null && key <= before) return false;
    if (!isInOrder((value as Record<string, unknown>)[key], depth + 1)) return false;
    before = key;
  }
  return true;
}

/** Text out of artifacts and models may hold half a surrogate pair, which canonical JSON refuses: it becomes U+FFFD. */
function canonicalText(value: unknown): string | undefined {
  try {
    return canonicalize(value);
  } catch {
    // Whatever else was wrong with it is so still, and is thrown from here.
    return canonicalize(wellFormed(value));
  }
}

function wellFormed(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed();
  if (Array.isArray(value)) return value.map(wellFormed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key.toWellFormed(), wellFormed(part)]));
}

/** Labels as JSON with sorted keys: what `canonicalJson` gives, at the price of the small thing that they are. */
export function labelsJson(labels: Readonly<Record<string, string>>): string {
  const keys = Object.keys(labels);
  if (keys.length === 0) return '{}';
  if (keys.length > 1) keys.sort();
  let text = '{';
  for (const key of keys) text += `${text === '{' ? '' : ','}${JSON.stringify(key)}:${JSON.stringify(labels[key])}`;
  return `${text}}`;
}

/** The SHA-256 of a value's canonical JSON. */
export function contentHash(value: unknown): string {
  return sha256(canonicalJson(value));
}
