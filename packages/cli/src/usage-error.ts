/** The command line was used wrongly: exit code 2, no stack. */
export class UsageError extends Error {
  override name = 'UsageError';
}

/** What was asked for cannot be done: exit code 1, the sentence is all that is shown. */
export class CommandFailed extends Error {
  override name = 'CommandFailed';
}

/** Exit codes, as documented: done; failed; wrong usage; done, but the verdict asked for is negative. */
export const EXIT = { done: 0, failed: 1, usage: 2, verdict: 3 } as const;
