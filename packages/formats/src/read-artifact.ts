import type { ArtifactKind, Reading } from '@chimera/shared/domain';
import { contentOf } from './content.ts';
import { decode } from './encoding.ts';
import { excerpt } from './excerpt.ts';
import { Extract } from './extract.ts';
import { formatOf } from './formats/registry.ts';
import { extensionOf, kindByName, kindByText } from './kind.ts';
import { DEFAULT_LIMITS, type Limits } from './limits.ts';
import { beyondLimit, Refusal } from './refusal.ts';
import { Warnings } from './warnings.ts';

/** Readings are kept by the file's hash and this number: raise it whenever a reading could come out different. */
export const READER_VERSION = 3;

/**
 * Reads one artifact: its numbers, each with unit, statistic, labels and the pointer to where it stands.
 * A pure function of name and bytes; it never throws. What cannot be read is refused with a reason, and a fault of a
 * reader is such a reason.
 * @param artifact `path` within the dataset, with `/`; `bytes` the whole file; `limits` those that differ from the defaults
 */
export function readArtifact(artifact: { path: string; bytes: Uint8Array; limits?: Partial<Limits> }): Reading {
  const { path, bytes } = artifact;
  let kind: ArtifactKind = kindByName(path) ?? 'unknown';
  let format = 'unknown';
  try {
    const limits: Limits = { ...DEFAULT_LIMITS, ...artifact.limits };
    const warnings = new Warnings();
    if (bytes.length > limits.maxBytes) throw beyondLimit(`too large: ${bytes.length} bytes`, limits, 'maxBytes');
    const { text, warning } = decode(bytes);
    if (warning !== null) warnings.add('encoding', warning);
    if (kind === 'unknown') kind = kindByText(text, limits);
    const content = contentOf(kind, text, limits, warnings, { tabs: extensionOf(path) === 'tsv' });
    const reader = formatOf(content);
    format = reader.name;
    const extract = new Extract(limits, warnings);
    reader.read(content, extract);
    const { measurements, records, failed } = extract;
    return { status: 'read', kind, format, warnings: warnings.list(), measurements, records, failed };
  } catch (error) {
    return { status: 'refused', kind, format, reason: reasonOf(error) };
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof Refusal) return error.message;
  return `the reader failed, which is a fault of its own: ${excerpt(error instanceof Error ? `${error.name}: ${error.message}` : String(error))}`;
}
