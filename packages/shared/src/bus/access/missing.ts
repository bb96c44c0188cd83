/** Something that this user may only use is not there: it is waited for. */
export class NotThereYet extends Error {
  override name = 'NotThereYet';
  constructor(what: string) {
    super(`${what} is not there, and this user may not make it: waiting for ingest, which does`);
  }
}

/** The credentials are for something else: waiting does not help. */
export class NotAllowed extends Error {
  override name = 'NotAllowed';
}
