import { BlobDamaged, BlobMissing } from '@chimera/shared/store';
import { visible } from '../visible.ts';

/** What a disk says that is full, read only, or not ours; and what is missing or in the way where somebody changed a folder. */
const OF_FILES = new Set([
  'ENOSPC',
  'EDQUOT',
  'EROFS',
  'EACCES',
  'EPERM',
  'EIO',
  'EMFILE',
  'ENFILE',
  'ENOENT',
  'ENOTDIR',
  'EISDIR',
  'ENOTEMPTY',
]);

/**
 * Where an error, or what caused it, is one of files: a sentence that says what to do; null for any other. The campaign in `out` goes
 * on by the same command once that is mended, because each try that was done is in its journal.
 */
export function diskFault(error: unknown, out: string): string | null {
  for (let one = error; one instanceof Error; one = one.cause) {
    if (one instanceof BlobMissing || one instanceof BlobDamaged)
      return `What earlier runs of the campaign in ${out} said cannot be read: in its folder .campaign/blobs a file was removed or changed. Bring it back, or name another folder with --out to begin anew.`;
    if ('code' in one && OF_FILES.has(String(one.code)))
      return `The campaign cannot be written to ${out}, or read from there (${visible(one.message)}): check its space and rights, then run the same command again to go on.`;
  }
  return null;
}
