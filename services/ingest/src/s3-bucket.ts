import { BROKEN_OFF, isAbsent, isConditionFailed, S3Fault, type S3Listed, S3Oversized, type S3Store } from '@chimera/shared/store';
import { type Bucket, Unreadable, Unstable } from './bucket.ts';
import type { Entry } from './entry.ts';
import { scanOf } from './s3-listing.ts';

/** An object that could not be read as it is listed: since when (monotonic ms), and how often that was tried. */
type Trouble = { tag: string; sinceMs: number; tries: number };

// Fewer may be one outage.
const LEAST_TRIES = 3;

/**
 * A bucket that is a place in S3. An entity tag says that an object is the one that was listed, and nothing of its content:
 * hashes are always those of the bytes. An object that stays unreadable for `patienceMs`, while S3 lists it unchanged, is
 * refused: it must not hold up the others.
 */
export function s3Bucket(s3: S3Store, options: { patienceMs: number; elapsed: () => number }): Bucket {
  const troubles = new Map<string, Trouble>();

  /** Notes one more trouble with an entry; true when it has lasted long enough. */
  function isLasting(entry: Entry): boolean {
    const tag = `${entry.entityTag} ${entry.bytes} ${entry.modifiedMs}`;
    const before = troubles.get(entry.path);
    const now = { tag, sinceMs: options.elapsed(), tries: 1 };
    const trouble = before?.tag === tag ? { ...before, tries: before.tries + 1 } : now;
    troubles.set(entry.path, trouble);
    return trouble.tries >= LEAST_TRIES && options.elapsed() - trouble.sinceMs >= options.patienceMs;
  }

  function judged(entry: Entry, error: unknown): unknown {
    const changed = changeOf(error);
    if (changed !== null) {
      if (!isLasting(entry)) return new Unstable(entry.path, `${changed} since it was listed.`, { cause: error });
      return new Unreadable(`S3 lists it, and gives no such object: it ${changed} since it was listed, each time that it was tried`, {
        cause: error,
      });
    }
    if (!(error instanceof S3Fault)) return error;
    const refusal = refusalOf(error);
    if (refusal !== null) return new Unreadable(refusal, { cause: error });
    // S3 itself answers, or nothing would have been listed: after a while it is this object that is at fault.
    if (isOfServer(error) && isLasting(entry))
      return new Unreadable(`S3 failed each time that it was read: ${error.said}`, { cause: error });
    return error;
  }

  return {
    async scan(alive) {
      const objects: S3Listed[] = [];
      for await (const page of s3.pages()) {
        objects.push(...page);
        alive?.();
      }
      const scan = scanOf(objects);
      const listed = new Set(scan.entries.map(({ path }) => path));
      for (const path of troubles.keys()) if (!listed.has(path)) troubles.delete(path);
      return scan;
    },
    async read(entry) {
      try {
        const { content, ...is } = await s3.get(entry.path, { etag: entry.entityTag ?? null, most: entry.bytes });
        if (content.length !== entry.bytes || !isAsListed(entry, is))
          throw new Unstable(entry.path, 'is not what it was when it was listed.');
        troubles.delete(entry.path);
        return content;
      } catch (error) {
        throw judged(entry, error);
      }
    },
    async *pieces(entry) {
      try {
        const other = () => new Unstable(entry.path, 'is not what it was when it was listed.');
        const onAnswer = (is: Parameters<typeof isAsListed>[1]) => {
          if (!isAsListed(entry, is)) throw other();
        };
        let bytes = 0;
        for await (const piece of s3.pieces(entry.path, { etag: entry.entityTag ?? null, onAnswer })) {
          bytes += piece.length;
          if (bytes > entry.bytes) throw other();
          yield piece;
        }
        if (bytes !== entry.bytes) throw other();
        troubles.delete(entry.path);
      } catch (error) {
        throw judged(entry, error);
      }
    },
  };
}

/** A server that ignores conditions gives what there is; one without entity tags has at least times, to the second. */
function isAsListed(entry: Entry, is: { etag: string | null; modifiedMs: number }): boolean {
  if (entry.entityTag !== undefined && is.etag !== null) return is.etag === entry.entityTag;
  return Math.abs(is.modifiedMs - entry.modifiedMs) <= 1_000;
}

/** What happened to an object behind the listing's back; null for faults of another kind. */
function changeOf(error: unknown): string | null {
  if (error instanceof Unstable || error instanceof S3Oversized || isConditionFailed(error)) return 'was replaced';
  return isAbsent(error) ? 'went away' : null;
}

/** Why S3 does not give this one object, whatever it does with others; null for faults of another kind. */
function refusalOf({ code, said, status }: S3Fault): string | null {
  if (code === 'AccessDenied')
    return 'permission denied: S3 does not let these credentials read it (s3:GetObject, and kms:Decrypt where it is encrypted so)';
  if (code === 'InvalidObjectState')
    return 'it lies in an archive of S3 and has to be restored before it can be read; then drop it anew, or anything beside it';
  const isOfObject = code === 'InvalidRequest' || code === 'InvalidArgument' || code.startsWith('KMS.');
  return status !== null && status < 500 && isOfObject ? `S3 does not give it: ${said}` : null;
}

/** A failure of the server, or an answer that broke off; not what says that nobody may ask, or that it is asked too much. */
function isOfServer({ status, code }: S3Fault): boolean {
  return code === BROKEN_OFF || (status !== null && status >= 500 && code !== 'SlowDown');
}
