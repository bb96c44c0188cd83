import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';

/** The SHA-256 of bytes or UTF-8 text, in lower-case hex. */
export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

/** JSON with sorted keys and one spelling per number (RFC 8785): the same value is the same text everywhere. */
export function canonicalJson(value: unknown): string {
  const text = canonicalText(value);
  if (text === undefined) throw new TypeError('Only JSON values can be written canonically; undefined cannot.');
  return text;
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
  const pairs = Object.keys(labels)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${JSON.stringify(labels[key])}`);
  return `{${pairs.join(',')}}`;
}

/** The SHA-256 of a value's canonical JSON. */
export function contentHash(value: unknown): string {
  return sha256(canonicalJson(value));
}
