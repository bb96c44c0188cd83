import type { Limits } from '@chimera/formats';
import { CommonSettings, parseSettings } from '@chimera/shared/service';
import { z } from 'zod';

/** How a bucket is divided: the whole of it, or each top-level folder. */
export const DatasetMode = z.enum(['bucket', 'folders']);
export type DatasetMode = z.infer<typeof DatasetMode>;

const Seconds = z.coerce.number().nonnegative().max(86_400);
const Count = z.coerce.number().int().positive();

const IngestSettings = {
  ...CommonSettings,
  CHIMERA_BUCKET: z
    .string()
    .min(1)
    .refine((value) => !value.startsWith('s3://'), 'buckets in S3 are not built yet: give a folder')
    .default('./bucket'),
  CHIMERA_DATASETS: DatasetMode.default('bucket'),
  CHIMERA_SETTLE_SECONDS: Seconds.default(5),
  /** how long a file that keeps changing holds up the others of its dataset */
  CHIMERA_RESTLESS_SECONDS: Seconds.default(60),
  /** how much longer a file that looks cut off is waited for */
  CHIMERA_CUT_SECONDS: Seconds.default(30),
  /** how often the bucket is looked at while something happens in it, or where changes are not reported, in seconds */
  CHIMERA_SCAN_SECONDS: z.coerce.number().positive().max(86_400).default(1),
  /** how long a dataset stays with a process that shows no life */
  CHIMERA_LEASE_SECONDS: z.coerce.number().positive().max(3_600).default(15),
  CHIMERA_MAX_ARTIFACT_BYTES: Count.default(268_435_456),
  CHIMERA_MAX_JSON_DEPTH: Count.optional(),
  CHIMERA_MAX_JSON_VALUES: Count.optional(),
  CHIMERA_MAX_LINES: Count.optional(),
  CHIMERA_MAX_COLUMNS: Count.optional(),
  CHIMERA_MAX_CELL_CHARS: Count.optional(),
  CHIMERA_MAX_MEASUREMENTS: Count.optional(),
};

export type IngestSettings = ReturnType<typeof ingestSettings>;

/** Parses ingest's settings; throws ConfigurationError with all faults. */
export function ingestSettings(environment: Readonly<Record<string, string | undefined>>) {
  const settings = parseSettings(IngestSettings, environment);
  return settings;
}

/** The limits of reading that are configured; the others have their defaults. */
export function readingLimits(settings: IngestSettings): Partial<Limits> {
  const limits = {
    maxBytes: settings.CHIMERA_MAX_ARTIFACT_BYTES,
    maxDepth: settings.CHIMERA_MAX_JSON_DEPTH,
    maxValues: settings.CHIMERA_MAX_JSON_VALUES,
    maxLines: settings.CHIMERA_MAX_LINES,
    maxColumns: settings.CHIMERA_MAX_COLUMNS,
    maxCellChars: settings.CHIMERA_MAX_CELL_CHARS,
    maxMeasurements: settings.CHIMERA_MAX_MEASUREMENTS,
  };
  return Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined));
}
