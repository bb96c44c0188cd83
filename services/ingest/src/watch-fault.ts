/** Why the events of a folder are not relied upon; the message is a sentence or two, for people. */
export class WatchFault extends Error {
  override name = 'WatchFault';
}

/** The canary could not be written. The watch itself may be a good one. */
export class CanaryFault extends WatchFault {
  override name = 'CanaryFault';
}

const LIMITS: Readonly<Record<string, string>> = {
  ENOSPC:
    'the limit of folders that may be watched (fs.inotify.max_user_watches) is reached. Raise it, for example with "sysctl fs.inotify.max_user_watches=524288".',
  EMFILE:
    'the limit of watches (fs.inotify.max_user_instances) or of open files (ulimit -n) is reached. Raise it, for example with "sysctl fs.inotify.max_user_instances=512".',
  ENFILE: 'the limit of open files of the whole system (fs.file-max) is reached. Raise it with sysctl.',
};

/** The sentence for whatever watching a folder threw: the fault's own, or one with the limit that was hit and what to do. */
export function watchFaultSentence(folder: string, error: unknown): string {
  if (error instanceof WatchFault) return error.message;
  const code = (error as NodeJS.ErrnoException | null)?.code ?? '';
  if (code === 'ENOENT') return `${folder} is not there, so it cannot be watched.`;
  const message = error instanceof Error ? error.message : String(error);
  return `${folder} cannot be watched: ${LIMITS[code] ?? `${message}.`}`;
}
