import { DEFAULT_LIMITS, LIMIT_VARIABLES, type Limits } from '@chimera/formats';
import { CommonSettings, folderOrS3, parseSettings } from '@chimera/shared/service';
import { isS3Url } from '@chimera/shared/store';
import { z } from 'zod';

/** How a bucket is divided: the whole of it, or each top-level folder. */
export const DatasetMode = z.enum(['bucket', 'folders']);
export type DatasetMode = z.infer<typeof DatasetMode>;

const Seconds = z.coerce.number().nonnegative().max(86_400);
const SCAN_SECONDS = 1;
// A listing of S3 is a request for each thousand objects, which is paid for.
const S3_SCAN_SECONDS = 10;
const LIMITS = Object.keys(DEFAULT_LIMITS) as (keyof Limits)[];

/** One setting per limit of reading; names and defaults stand in the tables of the formats. */
function limitSettings() {
  const one = (limit: keyof Limits) => z.coerce.number().int().positive().default(DEFAULT_LIMITS[limit]);
  return Object.fromEntries(LIMITS.map((limit) => [LIMIT_VARIABLES[limit], one(limit)])) as Record<
    (typeof LIMIT_VARIABLES)[keyof Limits],
    ReturnType<typeof one>
  >;
}

/** On what subjects of NATS it is said that something changed in a bucket in S3, where nobody says otherwise. */
export const BUCKET_EVENTS = 'chimera.bucket.v1.changed.>';

const IngestSettings = {
  ...CommonSettings,
  /** a folder, or a place in S3 */
  CHIMERA_BUCKET: folderOrS3(z.string().min(1)).default('./bucket'),
  /** on what subjects of NATS it is said that something changed in a bucket in S3 */
  CHIMERA_S3_EVENTS_SUBJECT: z
    .string()
    .regex(/^(\*|[^\s.*>]+)(\.(\*|[^\s.*>]+))*(\.>)?$/, 'give a subject of NATS, such as minio.events or chimera.bucket.v1.changed.>')
    .default(BUCKET_EVENTS),
  CHIMERA_DATASETS: DatasetMode.default('bucket'),
  CHIMERA_SETTLE_SECONDS: Seconds.default(5),
  /** how long a file that keeps changing holds up the others of its dataset */
  CHIMERA_RESTLESS_SECONDS: Seconds.default(60),
  /** how much longer a file that looks cut off is waited for */
  CHIMERA_CUT_SECONDS: Seconds.default(30),
  /** how often the bucket is looked at while something happens in it, or where changes are not reported, in seconds; 1 for a folder, 10 for S3 */
  CHIMERA_SCAN_SECONDS: z.coerce.number().positive().max(86_400).optional(),
  /** artifacts of at least so many bytes are read by whichever ingest process is free; 0: each process reads everything itself */
  CHIMERA_SPREAD_BYTES: z.coerce.number().int().nonnegative().default(1_048_576),
  /** how long a dataset stays with a process that shows no life */
  CHIMERA_LEASE_SECONDS: z.coerce.number().positive().max(3_600).default(15),
  ...limitSettings(),
};

/** The names of all settings that ingest reads. */
export const INGEST_VARIABLES: readonly string[] = Object.keys(IngestSettings);

export type IngestSettings = ReturnType<typeof ingestSettings>;

/** Parses ingest's settings; throws ConfigurationError with all faults. */
export function ingestSettings(environment: Readonly<Record<string, string | undefined>>) {
  const settings = parseSettings(IngestSettings, environment);
  const { CHIMERA_BUCKET: bucket, CHIMERA_SCAN_SECONDS: scan = isS3Url(bucket) ? S3_SCAN_SECONDS : SCAN_SECONDS } = settings;
  return { ...settings, CHIMERA_SCAN_SECONDS: scan };
}

/** The limits of reading that an environment sets; throws ConfigurationError with all faults of these. */
export function limitsFrom(environment: Readonly<Record<string, string | undefined>>): Limits {
  return readingLimits(parseSettings(limitSettings(), environment));
}

/** The limits of reading that are in force. */
export function readingLimits(settings: Pick<IngestSettings, (typeof LIMIT_VARIABLES)[keyof Limits]>): Limits {
  return Object.fromEntries(LIMITS.map((limit) => [limit, settings[LIMIT_VARIABLES[limit]]])) as Limits;
}
