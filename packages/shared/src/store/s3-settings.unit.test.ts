import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { CommonSettings, folderOrS3, parseSettings } from '../service/config.ts';
import { givenKey, mayAskMachine } from './s3-settings.ts';

const parse = (env: Record<string, string>) => parseSettings(CommonSettings, env);
const faults = (env: Record<string, string>): string[] => {
  try {
    parse(env);
    return [];
  } catch (error) {
    return (error as Error).message.split('\n').filter((line) => line.startsWith('  '));
  }
};
const KEY = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'open sesame' };
const BLOBS = { CHIMERA_BLOBS: 's3://bucket/blobs' };

describe('settings of S3', () => {
  it('asks for nothing of S3 where nothing lies there', () => {
    expect(faults({})).toEqual([]);
    expect(faults({ CHIMERA_BLOBS: '/some/folder', AWS_ACCESS_KEY_ID: 'id' })).toEqual([]);
  });

  it('asks for region and credentials where something does, all at once, and says what would do', () => {
    const found = faults(BLOBS);
    expect(found).toHaveLength(2);
    expect(found[0]).toMatch(/^ {2}AWS_REGION=\(not set\): AWS itself needs a region.*CHIMERA_S3_ENDPOINT$/);
    expect(found[1]).toMatch(/^ {2}AWS_ACCESS_KEY_ID=\(not set\): .*AWS_SECRET_ACCESS_KEY.*AWS_PROFILE.*AWS_EC2_METADATA_DISABLED=false/);
  });

  it('needs no region for a server that is named', () => {
    expect(faults({ ...BLOBS, ...KEY })).toEqual([expect.stringContaining('AWS_REGION=(not set)')]);
    expect(faults({ ...BLOBS, ...KEY, CHIMERA_S3_ENDPOINT: 'http://127.0.0.1:9000' })).toEqual([]);
    expect(faults({ ...BLOBS, ...KEY, AWS_REGION: 'eu-central-1' })).toEqual([]);
  });

  it('takes half a key for a fault, and shows no secret', () => {
    const half = faults({ ...BLOBS, AWS_REGION: 'eu-central-1', AWS_SECRET_ACCESS_KEY: 'open sesame' });
    expect(half).toEqual([expect.stringMatching(/AWS_ACCESS_KEY_ID=\(not set\): AWS_SECRET_ACCESS_KEY is set and this is not/)]);
    const wrong = faults({ ...BLOBS, ...KEY, AWS_REGION: 'evil.example/#' });
    expect(wrong).toEqual([expect.stringContaining('AWS_REGION="evil.example/#"')]);
    expect([...half, ...wrong].join()).not.toContain('open sesame');
  });

  it.each(['AWS_PROFILE', 'AWS_WEB_IDENTITY_TOKEN_FILE', 'AWS_CONTAINER_CREDENTIALS_FULL_URI'])('takes %s for a source', (source) => {
    const settings = parse({ ...BLOBS, AWS_REGION: 'eu-central-1', [source]: 'x' });
    expect(givenKey(settings)).toBeNull();
    expect(mayAskMachine(settings)).toBe(false);
  });

  it('asks the machine itself for credentials only where that is said', () => {
    const REGION = { ...BLOBS, AWS_REGION: 'eu-central-1' };
    expect(mayAskMachine(parse({ ...REGION, AWS_EC2_METADATA_DISABLED: 'false' }))).toBe(true);
    expect(faults({ ...REGION, AWS_EC2_METADATA_DISABLED: 'true' })).toHaveLength(1);
    expect(mayAskMachine(parse({ ...REGION, ...KEY }))).toBe(false);
  });

  it.each([
    ['s3://bkt', 's3://bkt', true],
    ['s3://bkt', 's3://bkt/blobs', true],
    ['s3://bkt/x/', 's3://bkt/x/y', true],
    ['s3://bkt/x/blobs', 's3://bkt/x', true],
    ['s3://bkt/x', 's3://bkt', false],
    ['s3://bkt/x', 's3://bkt/xy', false],
    ['s3://bkt/x', 's3://other/x', false],
    ['/folder', 's3://bkt', false],
    ['s3://bkt', '/folder', false],
  ])('with the bucket %s and blobs in %s, blobs would be artifacts: %s', (CHIMERA_BUCKET, CHIMERA_BLOBS, isFault) => {
    const shape = { ...CommonSettings, CHIMERA_BUCKET: folderOrS3(z.string()) };
    const parsing = () => parseSettings(shape, { ...KEY, AWS_REGION: 'eu-central-1', CHIMERA_BUCKET, CHIMERA_BLOBS });
    if (isFault) expect(parsing).toThrow(/CHIMERA_BLOBS=.*lies within CHIMERA_BUCKET/);
    else expect(parsing).not.toThrow();
  });

  it('hands on a key as it was given', () => {
    expect(givenKey(parse(KEY))).toEqual({ accessKeyId: 'id', secretAccessKey: 'open sesame' });
    expect(givenKey(parse({ ...KEY, AWS_SESSION_TOKEN: 't' }))?.sessionToken).toBe('t');
  });

  it.each([
    ['CHIMERA_BLOBS', 's3://'],
    ['CHIMERA_BLOBS', 's3://bucket/../x'],
    ['CHIMERA_S3_ENDPOINT', 'minio:9000'],
    ['CHIMERA_S3_ENDPOINT', 'http://minio:9000/path'],
    ['CHIMERA_S3_ENDPOINT', 'http://user:password@minio:9000'],
  ])('refuses %s=%s', (name, value) => {
    expect(faults({ ...KEY, CHIMERA_S3_ENDPOINT: 'http://127.0.0.1:9000', [name]: value })).toEqual([
      expect.stringContaining(`  ${name}=`),
    ]);
  });
});
