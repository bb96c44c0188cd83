/** Its presence says that a dataset is complete. */
export const DONE_FILE = '.done';

// Names under which programs and editors keep what is not finished.
const UNFINISHED = /(^~|~$|\.(part|partial|tmp|temp|swp|swo|swx|crdownload)$|^#.*#$|^\.)/i;

/** True for the name of a file or a folder that is hidden or unfinished: it is no artifact, nor is anything in it. */
export function isLeftOut(name: string): boolean {
  return UNFINISHED.test(name);
}
