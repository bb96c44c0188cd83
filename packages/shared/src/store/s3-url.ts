/** A place in S3: a bucket, and what all keys there begin with: empty, or ending in `/`. */
export type S3Place = { bucket: string; prefix: string };

const SCHEME = 's3://';
// What the oldest region of AWS took and what other servers take; today's AWS takes less.
const BUCKET = /^[A-Za-z0-9][A-Za-z0-9._-]{1,253}[A-Za-z0-9]$/;
const CONTROL = /\p{Cc}/u;

/** True for what is meant as a place in S3, well written or not. */
export function isS3Url(text: string): boolean {
  return text.toLowerCase().startsWith(SCHEME);
}

/**
 * Reads `s3://bucket` or `s3://bucket/some/prefix`. The prefix is taken as it is written, with no decoding, and stands for a folder:
 * `s3://b/runs` is `runs/…`, and not `runs-old/…`. Throws a TypeError that says what is wrong.
 */
export function parseS3Url(text: string): S3Place {
  const form = 'give s3://bucket or s3://bucket/prefix';
  if (!text.startsWith(SCHEME)) throw new TypeError(`does not begin with ${SCHEME}: ${form}`);
  const [bucket = '', ...segments] = text.slice(SCHEME.length).replace(/\/+$/, '').split('/');
  if (!BUCKET.test(bucket)) throw new TypeError(`names no bucket (3 to 255 of letters, digits, ".", "-" and "_"): ${form}`);
  if (segments.some((segment) => segment === '' || segment === '.' || segment === '..' || CONTROL.test(segment)))
    throw new TypeError(`has a prefix with an empty, ".", ".." or unprintable part: ${form}`);
  return { bucket, prefix: segments.map((segment) => `${segment}/`).join('') };
}

/** The place as people write it, without a slash at its end. */
export function s3Url({ bucket, prefix }: S3Place): string {
  return `${SCHEME}${bucket}/${prefix}`.replace(/\/$/, '');
}
