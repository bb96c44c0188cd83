const HEAD_AND_TAIL = 4_096;
const OWN_JSON = /"schema"\s*:\s*"chimera\.(report|evidence|observations|analysis|comparison|verification)\/v\d+"/;
const OWN_PAGE = /chimera:report v\d/;
// The copy of a page that was checked has the name that a person gave it.
const CHECKED_PAGE = /^<!-- chimera:verify v\d/;

/** What is looked at of a file's bytes: a beginning and an end of this many. */
export const OWN_OUTPUT_BYTES = HEAD_AND_TAIL;

/**
 * True for a file that Chimera itself wrote (a copy of a report or of its evidence): never an artifact, or a report
 * would one day report on itself. Looks at the extension, the beginning and the end only.
 */
export function isOwnOutput(path: string, bytes: Uint8Array): boolean {
  return isOwnOutputByEnds(path, bytes, bytes);
}

/** The same for a file that is never held whole; `head` and `tail` have OWN_OUTPUT_BYTES at least, or are the whole file. */
export function isOwnOutputByEnds(path: string, head: Uint8Array, tail: Uint8Array): boolean {
  const text = (part: Uint8Array) => Buffer.from(part.buffer, part.byteOffset, part.byteLength).toString('latin1');
  const begin = text(head.subarray(0, HEAD_AND_TAIL));
  if (/\.json$/i.test(path)) return OWN_JSON.test(begin) || OWN_JSON.test(text(tail.subarray(-HEAD_AND_TAIL)));
  return (/\.(md|html?)$/i.test(path) && OWN_PAGE.test(begin)) || CHECKED_PAGE.test(begin);
}
