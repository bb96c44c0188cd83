import type { Blobs } from './blobs.ts';
import { type Bytes, canonicalJson } from './content-hash.ts';
import { parseJsonBytes } from './large-json.ts';

const REMEMBERED_DOCUMENTS = 8;
const documents = new WeakMap<Blobs, Map<string, unknown>>();

/** Content never changes under its hash, so a document that was parsed once need not be parsed again. */
function remember(blobs: Blobs, id: string, value: unknown): void {
  const known = documents.get(blobs) ?? new Map<string, unknown>();
  documents.set(blobs, known);
  known.delete(id);
  known.set(id, value);
  const oldest = known.size > REMEMBERED_DOCUMENTS ? known.keys().next().value : undefined;
  if (oldest !== undefined) known.delete(oldest);
}

/** Stores a value as canonical JSON; returns its SHA-256. The value must not be changed afterwards. */
export async function putJson(blobs: Blobs, value: unknown): Promise<string> {
  const id = await blobs.put(Buffer.from(canonicalJson(value)));
  remember(blobs, id, value);
  return id;
}

/** Stores the canonical JSON of a value that somebody has made already; returns its SHA-256. The value must not be changed afterwards. */
export async function putJsonBytes(blobs: Blobs, value: unknown, bytes: Bytes): Promise<string> {
  const id = await blobs.put(bytes);
  remember(blobs, id, value);
  return id;
}

/** Reads a JSON blob and checks its shape. The last few are remembered, so the value must not be changed. Throws what `get` throws, or zod's error. */
export async function getJson<T>(blobs: Blobs, id: string, schema: { parse(value: unknown): T }): Promise<T> {
  const known = documents.get(blobs)?.get(id);
  if (known !== undefined) return known as T;
  const value = schema.parse(parseJsonBytes(await blobs.get(id)));
  remember(blobs, id, value);
  return value;
}
