/**
 * What S3, or the way to it, answered instead of what was asked for. `code` is that of S3 (`AccessDenied`, `SlowDown`), or the
 * system's (`ECONNREFUSED`); `status` that of HTTP, null where no answer came.
 */
export class S3Fault extends Error {
  override name = 'S3Fault';
  readonly code: string;
  readonly status: number | null;
  /** what S3 said, in its own words */
  readonly said: string;
  constructor(what: string, where: string, { code, status, said }: { code: string; status: number | null; said: string }, cause?: unknown) {
    super(
      `${what} failed at ${where}: ${said} (${[...new Set([code, `${status ?? ''}`])].filter((part) => part !== '' && part !== said).join(', ')}).${next(code)}`,
      {
        cause,
      },
    );
    this.code = code;
    this.status = status;
    this.said = said;
  }
}

/** The code of an answer that began well and did not come to its end. */
export const BROKEN_OFF = 'broken off';

/** There is no such object. By its code: servers answer 404 to other questions too, such as who is asking. */
export function isAbsent(error: unknown): boolean {
  return error instanceof S3Fault && error.status === 404 && ['NoSuchKey', 'NotFound'].includes(error.code);
}

/** What was asked for has changed, or was there already: a condition of the request does not hold. */
export function isConditionFailed(error: unknown): boolean {
  return error instanceof S3Fault && error.status === 412;
}

/** The fault as the SDK or the system throws it. */
export function faultOf(what: string, where: string, error: unknown): S3Fault {
  if (error instanceof S3Fault) return error;
  const { name, code, message, $metadata } = error as Error & { code?: unknown; $metadata?: { httpStatusCode?: number } };
  const status = $metadata?.httpStatusCode ?? null;
  const known = typeof code === 'string' && status === null ? code : name;
  return new S3Fault(
    what,
    where,
    { code: known || 'unknown', status, said: message === '' || message === 'UnknownError' ? known : message },
    error,
  );
}

const NEXT: Readonly<Record<string, string>> = {
  NoSuchBucket: 'Make the bucket, or correct its name in CHIMERA_BUCKET or CHIMERA_BLOBS.',
  AccessDenied: 'Give these credentials the rights that docs/operations/s3.md lists.',
  InvalidAccessKeyId: 'Check AWS_ACCESS_KEY_ID, and that CHIMERA_S3_ENDPOINT is the server it is for.',
  SignatureDoesNotMatch: 'Check AWS_SECRET_ACCESS_KEY.',
  ExpiredToken: 'Renew the session: AWS_SESSION_TOKEN has expired.',
  PermanentRedirect: 'The bucket is in another region: set AWS_REGION to it.',
  AuthorizationHeaderMalformed: 'The bucket is perhaps in another region: check AWS_REGION.',
  RequestTimeTooSkewed: "Set this machine's clock.",
  CredentialsProviderError: 'Check the variables that say where credentials come from: see docs/operations/s3.md.',
  ECONNREFUSED: 'Check CHIMERA_S3_ENDPOINT, and that the server runs.',
  ENOTFOUND: 'Check CHIMERA_S3_ENDPOINT or AWS_REGION: there is no such host.',
};

function next(code: string): string {
  const step = NEXT[code];
  return step === undefined ? '' : ` ${step}`;
}
