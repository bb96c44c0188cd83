import type { ArtifactKind, Reading } from '@chimera/shared/domain';
import type { Content } from './content.ts';
import { contentOf } from './content-of-text.ts';
import { decode } from './encoding.ts';
import { excerpt } from './excerpt.ts';
import { Extract } from './extract.ts';
import { formatOf, isKnown, othersIn } from './formats/registry.ts';
import { extensionOf, kindByName, kindByText } from './kind.ts';
import { DEFAULT_LIMITS, LIMITS_OF_WHOLE, type Limits } from './limits.ts';
import { beyondLimit, Refusal } from './refusal.ts';
import { Warnings } from './warnings.ts';

/** Readings are kept by the file's hash and this number: raise it whenever a reading could come out different. */
export const READER_VERSION = 13;

/** What is known of an artifact when its reading ends, by whatever way. */
type Known = { kind: ArtifactKind; format: string; warnings: Warnings };

/**
 * Reads one artifact: its numbers, each with unit, statistic, labels and the pointer to where it stands.
 * A pure function of name, bytes and limits; it never throws. What cannot be read is refused with a reason, and a fault of a
 * reader is such a reason.
 * @param artifact `path` within the dataset, with `/`; `bytes` the whole file; `limits` those that differ from the defaults
 */
export function readArtifact(artifact: { path: string; bytes: Uint8Array; limits?: Partial<Limits> }): Reading {
  const { path, bytes } = artifact;
  const known: Known = { kind: kindByName(path) ?? 'unknown', format: 'unknown', warnings: new Warnings() };
  const { warnings } = known;
  try {
    const limits: Limits = { ...DEFAULT_LIMITS, ...artifact.limits };
    if (bytes.length > limits.maxBytes) throw beyondLimit(`too large: ${bytes.length} bytes`, limits, 'maxBytes');
    const extract = new Extract(limits, warnings);
    // In a function of its own, so that nothing holds the text while the numbers are read.
    const content = understand(path, bytes, limits, known);
    const reader = formatOf(content);
    known.format = reader.name;
    reader.read(content, extract);
    for (const other of othersIn(content, reader))
      warnings.add('other tools', `in the text stands output of ${other} too: it was read as ${reader.name} alone`);
    const { measurements, records, failed } = extract;
    const { kind, format } = known;
    return { status: 'read', kind, format, warnings: warnings.list(), measurements, records, failed, ...cutIf(warnings.cut) };
  } catch (error) {
    const { kind, format } = known;
    const cut = warnings.cut || (error instanceof Refusal && error.cut);
    return { status: 'refused', kind, format, reason: reasonOf(error), ...cutIf(cut), ...(isTooLarge(error) ? { large: true } : {}) };
  }
}

function isTooLarge(error: unknown): boolean {
  return error instanceof Refusal && error.limit !== null && LIMITS_OF_WHOLE.has(error.limit);
}

function understand(path: string, bytes: Uint8Array, limits: Limits, known: Known): Content {
  const { text, warning } = decode(bytes);
  if (warning !== null) known.warnings.add('encoding', warning);
  if (known.kind === 'unknown') known.kind = kindByText(text, limits);
  return contentOf(known.kind, text, limits, known.warnings, { tabs: extensionOf(path) === 'tsv', isKnown });
}

function cutIf(cut: boolean): { cut?: true } {
  return cut ? { cut } : {};
}

/** Whether a reading says that its text ends inside of something: the file may be a copy that is not finished. */
export function looksCut(reading: Reading): boolean {
  return reading.cut === true;
}

/** Why a reading ended: the words of a refusal; of anything else that it is a fault of the reader. */
export function reasonOf(error: unknown): string {
  if (error instanceof Refusal) return error.message;
  return `the reader failed, which is a fault of its own: ${excerpt(error instanceof Error ? `${error.name}: ${error.message}` : String(error))}`;
}
