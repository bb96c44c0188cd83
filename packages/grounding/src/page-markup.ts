const URL_TARGET = /(?<=\])\([^()\s]{0,2000}(?:\s+"[^"]{0,300}")?\)/g;
const BARE_URL = /\b(?:https?|ftp|file|mailto|s3):[^\s<>"')\]]+/gi;
const HTML_TAG = /<\/?[a-z][^<>]{0,400}>/gi;
const CODE_OR_EMPHASIS = /(?<!`)(`+)[^`\n]+?\1|\*{1,3}|(?<![\p{L}\p{N}])_{1,3}(?=\S)|(?<=\S)_{1,3}(?![\p{L}\p{N}])|~~/gu;

/** The same text, as long, with a space for each character of markup: emphasis, the targets of links, addresses, tags. */
export function blanked(text: string): string {
  const blank = (found: string) => ' '.repeat(found.length);
  const plain = text.replace(URL_TARGET, blank).replace(BARE_URL, blank).replace(HTML_TAG, blank);
  // What stands in code is what it is: `results_*.json` holds no emphasis.
  return plain.replace(CODE_OR_EMPHASIS, (found) => (found.startsWith('`') ? found : blank(found)));
}
