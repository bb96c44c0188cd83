import { CommonSettings, parseSettings } from '@chimera/shared/service';
import { z } from 'zod';

/** How a bucket is divided: the whole of it, or each top-level folder. */
export const DatasetMode = z.enum(['bucket', 'folders']);
export type DatasetMode = z.infer<typeof DatasetMode>;

const IngestSettings = {
  ...CommonSettings,
  CHIMERA_BUCKET: z.string().min(1).default('./bucket'),
  CHIMERA_DATASETS: DatasetMode.default('bucket'),
  CHIMERA_SETTLE_SECONDS: z.coerce.number().nonnegative().default(5),
  /** how often the bucket is looked at, in seconds */
  CHIMERA_SCAN_SECONDS: z.coerce.number().positive().default(1),
  /** larger files are refused unread */
  CHIMERA_MAX_ARTIFACT_BYTES: z.coerce.number().int().positive().default(268_435_456),
};

export type IngestSettings = ReturnType<typeof ingestSettings>;

/** Parses ingest's settings; throws ConfigurationError with all faults. */
export function ingestSettings(environment: Readonly<Record<string, string | undefined>>) {
  const settings = parseSettings(IngestSettings, environment);
  return settings;
}
