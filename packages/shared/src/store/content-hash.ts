import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';

/** The SHA-256 of bytes or UTF-8 text, in lower-case hex. */
export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

/** JSON with sorted keys and one spelling per number (RFC 8785): the same value is the same text everywhere. */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('Only JSON values can be written canonically; undefined cannot.');
  return text;
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
