import { openS3, type S3Listed, type S3Store, type S3Values } from '@chimera/shared/store';
import type { Finding } from './commands/doctor.ts';

const PATIENCE = { connectMs: 5_000, idleMs: 10_000, attempts: 2 };
const FEW = 50;

/** Whether a place in S3 can be listed, and an object of it read. Nothing is written. */
export async function examineS3(what: 'bucket' | 'blobs', url: string, settings: S3Values): Promise<Finding> {
  const check = `${what} in S3`;
  try {
    const s3 = await openS3(url, settings, PATIENCE);
    const one = (await firstObjects(s3)).find(({ exact, key }) => exact && !/(^|\/)(\.{0,2})(\/|$)/.test(key));
    if (one === undefined) return { check, state: 'ok', says: `${s3.url} can be listed; nothing is there to read yet`, next: null };
    await s3.head(one.key);
    return { check, state: 'ok', says: `${s3.url} can be listed, and its objects can be read`, next: null };
  } catch (error) {
    return {
      check,
      state: 'fault',
      says: (error as Error).message,
      next: 'docs/operations/s3.md says what rights are needed and which variables lead there',
    };
  }
}

async function firstObjects(s3: S3Store): Promise<S3Listed[]> {
  for await (const page of s3.pages('', FEW)) return page;
  return [];
}
