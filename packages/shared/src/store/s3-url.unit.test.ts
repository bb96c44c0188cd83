import { describe, expect, it } from 'vitest';
import { isS3Url, parseS3Url, s3Url } from './s3-url.ts';

describe('a place in S3', () => {
  it.each([
    ['s3://bucket', { bucket: 'bucket', prefix: '' }, 's3://bucket'],
    ['s3://bucket/', { bucket: 'bucket', prefix: '' }, 's3://bucket'],
    ['s3://my.bucket-1/runs', { bucket: 'my.bucket-1', prefix: 'runs/' }, 's3://my.bucket-1/runs'],
    ['s3://bucket/a b/c+d%20//', { bucket: 'bucket', prefix: 'a b/c+d%20/' }, 's3://bucket/a b/c+d%20'],
  ])('%s is taken as it is written, and its prefix for a folder', (text, place, written) => {
    expect(isS3Url(text)).toBe(true);
    expect(parseS3Url(text)).toEqual(place);
    expect(s3Url(place)).toBe(written);
    expect(parseS3Url(written)).toEqual(place);
  });

  it.each([
    ['s3://', /names no bucket/],
    ['s3:///prefix', /names no bucket/],
    ['s3://ab', /names no bucket/],
    ['s3://user@host', /names no bucket/],
    ['s3://bucket//runs', /empty/],
    ['s3://bucket/../other', /"\.\."/],
    ['s3://bucket/a\nb', /unprintable/],
    ['S3://bucket', /does not begin with s3:\/\//],
  ])('%j is none, and the reason is said', (text, reason) => {
    expect(isS3Url(text)).toBe(true);
    expect(() => parseS3Url(text)).toThrow(reason);
  });

  it.each(['./bucket', '/s3://bucket', 'nats', 's3'])('%s is something else', (text) => expect(isS3Url(text)).toBe(false));
});
