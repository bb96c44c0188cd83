import { z } from 'zod';
import { Sha256 } from './text.ts';

/** What sort of text an artifact is; `unknown` only for files that were refused unread. */
export const ARTIFACT_KINDS = ['csv', 'json', 'jsonl', 'markdown', 'text', 'unknown'] as const;
export const ArtifactKind = z.enum(ARTIFACT_KINDS);
export type ArtifactKind = z.infer<typeof ArtifactKind>;

/** A record (row, object) that says of itself that it failed: its numbers are not results. */
export const FailedRecord = z.strictObject({
  /** where it stands: JSON pointer, or line */
  pointer: z.string(),
  /** the words of the file, shortened */
  reason: z.string(),
});
export type FailedRecord = z.infer<typeof FailedRecord>;

/**
 * One file of a dataset, as an inventory knows it: a function of its path and bytes alone.
 * `sha256` is null only where the content was not read (a link, a device, an oversized file).
 */
export const Artifact = z.strictObject({
  path: z.string().min(1),
  kind: ArtifactKind,
  format: z.string().min(1),
  bytes: z.int().nonnegative(),
  sha256: Sha256.nullable(),
  status: z.enum(['read', 'refused']),
  /** why it was refused: a sentence; null when it was read */
  reason: z.string().nullable(),
  warnings: z.array(z.string()),
  /** how many measurements were read from it */
  measurements: z.int().nonnegative(),
  /** rows or objects that carry results or say that they failed */
  records: z.int().nonnegative(),
  failed: z.array(FailedRecord),
});
export type Artifact = z.infer<typeof Artifact>;
