const HEAD_AND_TAIL = 4_096;
const OWN_JSON = /"schema"\s*:\s*"chimera\.(report|evidence|observations|analysis|comparison|verification)\/v\d+"/;
const OWN_PAGE = /chimera:report v\d/;
// The copy of a page that was checked has the name that a person gave it.
const CHECKED_PAGE = /^<!-- chimera:verify v\d/;

/**
 * True for a file that Chimera itself wrote (a copy of a report or of its evidence): never an artifact, or a report
 * would one day report on itself. Looks at the beginning and the end only.
 */
export function isOwnOutput(path: string, bytes: Uint8Array): boolean {
  const text = (part: Uint8Array) => Buffer.from(part.buffer, part.byteOffset, part.byteLength).toString('latin1');
  if (path.endsWith('.json'))
    return OWN_JSON.test(text(bytes.subarray(0, HEAD_AND_TAIL))) || OWN_JSON.test(text(bytes.subarray(-HEAD_AND_TAIL)));
  const head = text(bytes.subarray(0, HEAD_AND_TAIL));
  return (/\.(md|html?)$/.test(path) && OWN_PAGE.test(head)) || CHECKED_PAGE.test(head);
}
