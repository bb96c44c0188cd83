import { z } from 'zod';
import { isS3Url, parseS3Url, type S3Place } from './s3-url.ts';

const Text = z.string().min(1).optional();

/** Where S3 is and who asks. All but the endpoint are AWS's own names, as every tool of AWS reads them. */
export const S3Settings = {
  /** any server that speaks S3; absent: AWS itself */
  CHIMERA_S3_ENDPOINT: z
    .string()
    .refine(
      (value) => /^https?:\/\/[^/?#@]+\/?$/.test(value) && URL.canParse(value),
      'give a URL such as http://minio:9000, without a path',
    )
    .optional(),
  AWS_REGION: z
    .string()
    .regex(/^[a-z0-9-]{1,63}$/i, 'give the name of a region, such as eu-central-1')
    .optional(),
  AWS_ACCESS_KEY_ID: Text,
  AWS_SECRET_ACCESS_KEY: Text,
  AWS_SESSION_TOKEN: Text,
  // Where credentials come from otherwise: read by the SDK, and here only to know that there is a source.
  AWS_PROFILE: Text,
  AWS_CONFIG_FILE: Text,
  AWS_SHARED_CREDENTIALS_FILE: Text,
  AWS_WEB_IDENTITY_TOKEN_FILE: Text,
  AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: Text,
  AWS_CONTAINER_CREDENTIALS_FULL_URI: Text,
  AWS_EC2_METADATA_DISABLED: Text,
};

export type S3Values = z.infer<z.ZodObject<typeof S3Settings>>;

/** A setting that is a place in S3 or something else, such as a folder; a place is brought into its usual form. */
export function s3Fault(value: string): string | null {
  if (!isS3Url(value)) return null;
  try {
    parseS3Url(value);
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

/** What blobs lie under, below their place. */
export const S3_BLOB_FOLDERS = ['blobs/', 'names/', 'going/'] as const;

const SOURCES = [
  'AWS_PROFILE',
  'AWS_CONFIG_FILE',
  'AWS_SHARED_CREDENTIALS_FILE',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
  'AWS_CONTAINER_CREDENTIALS_FULL_URI',
] as const;

/** Whether the machine's own metadata service may be asked for credentials: only where somebody said so. */
export function mayAskMachine(settings: S3Values): boolean {
  return settings.AWS_EC2_METADATA_DISABLED?.toLowerCase() === 'false';
}

/** The key that was given, or null where the SDK is to find one in the sources that the settings name. */
export function givenKey(settings: S3Values): { accessKeyId: string; secretAccessKey: string; sessionToken?: string } | null {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: sessionToken } = settings;
  if (accessKeyId === undefined || secretAccessKey === undefined) return null;
  return { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
}

/** What is missing where S3 is used: a variable, and a sentence that says what to do. */
export function missingForS3(settings: S3Values): { variable: keyof S3Values; fault: string }[] {
  const faults: { variable: keyof S3Values; fault: string }[] = [];
  if (settings.CHIMERA_S3_ENDPOINT === undefined && settings.AWS_REGION === undefined)
    faults.push({
      variable: 'AWS_REGION',
      fault: 'AWS itself needs a region: set it, or name another server of S3 in CHIMERA_S3_ENDPOINT',
    });
  const [id, secret] = [settings.AWS_ACCESS_KEY_ID !== undefined, settings.AWS_SECRET_ACCESS_KEY !== undefined];
  if (id !== secret)
    faults.push({
      variable: id ? 'AWS_SECRET_ACCESS_KEY' : 'AWS_ACCESS_KEY_ID',
      fault: `${id ? 'AWS_ACCESS_KEY_ID' : 'AWS_SECRET_ACCESS_KEY'} is set and this is not: give both`,
    });
  else if (!id && !mayAskMachine(settings) && SOURCES.every((source) => settings[source] === undefined))
    faults.push({
      variable: 'AWS_ACCESS_KEY_ID',
      fault: `S3 needs credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name their source (${SOURCES.join(', ')}, or AWS_EC2_METADATA_DISABLED=false for the role of this machine)`,
    });
  return faults;
}

/** For settings as a whole: where bucket or blobs are in S3, what that needs must be there. */
export function requireS3(values: Readonly<Record<string, unknown>>, add: (variable: string, fault: string) => void): void {
  const places = [values.CHIMERA_BUCKET, values.CHIMERA_BLOBS];
  if (!places.some((place) => typeof place === 'string' && isS3Url(place))) return;
  for (const { variable, fault } of missingForS3(values as S3Values)) add(variable, fault);
  const [bucket, blobs] = places.map(placeOrNull);
  if (
    bucket &&
    blobs &&
    bucket.bucket === blobs.bucket &&
    S3_BLOB_FOLDERS.some((folder) => (blobs.prefix + folder).startsWith(bucket.prefix))
  )
    add('CHIMERA_BLOBS', 'lies within CHIMERA_BUCKET, so that blobs would be taken for artifacts: give them another bucket or prefix');
}

function placeOrNull(setting: unknown): S3Place | null {
  return typeof setting === 'string' && s3Fault(setting) === null && isS3Url(setting) ? parseS3Url(setting) : null;
}
