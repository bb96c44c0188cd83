import type { Truth } from './truth.ts';

const OF_KIND = /^[^.;,]{0,24}?\bfiles?\s+(?:are\s+)?(?:related|associated|dedicated)\s+(?:to|with)\s+(?:the\s+)?([^.;,]{3,60})/i;
/** Files that are said to be about something. */
export const IS_ABOUT =
  /^[^.;,]{0,40}?(?:,\s*)?\b(?:(?:are|is|were|was)\s+(?:\w+ly\s+)?(?:related|dedicated|devoted|associated)|relates?|belongs?)\s+(?:to|with)\s+(?:the\s+)?([^.;,]{3,60})/i;
/** Files that are said to be about something, with their number in a bracket. */
export const BRACKETED =
  /\bfiles?\s+(?:that\s+)?(?:are\s+)?(?:\w+ly\s+)?(?:related|associated|dedicated|relating)\s+(?:to|with)\s+(?:the\s+)?([^.;()]{3,70})\($/i;

/** The name in `files related to compilation (28 CSV files)`. */
export function aboutBefore(before: string, truth: Truth): string | null {
  const [, what] = BRACKETED.exec(before) ?? [];
  return what === undefined ? null : nameIn(what, truth);
}

/** The name in `are related to compilation` that some paths hold, and not all. */
export function aboutWhat(after: string, ofKind: boolean, truth: Truth): string | null {
  const [, what] = IS_ABOUT.exec(after) ?? (ofKind ? OF_KIND.exec(after) : null) ?? [];
  return what === undefined ? null : nameIn(what, truth);
}

/** What a share is of, where the words behind it name it: `30 % of the data relates to compilation`. */
export function shareAbout(before: string, after: string, truth: Truth): string | null {
  if (!/\b(?:portion|share|part|majority|data|dataset|files?|content)\b[^.;]{0,30}$/i.test(before)) return null;
  const [, what] =
    /^[\s)%]*(?:of\s+(?:the\s+)?[\w\s]{2,30}?)?\b(?:(?:are|is)\s+)?(?:relates?|related|pertains?|dedicated|devoted)\s+to\s+(?:the\s+)?([^.;,]{3,60})/i.exec(
      after,
    ) ?? [];
  return what === undefined ? null : nameIn(what, truth);
}

function nameIn(what: string, truth: Truth): string | null {
  for (const word of what.toLowerCase().match(/[\p{L}\p{N}_]{4,}/gu) ?? []) {
    const held = truth.artifacts.filter(({ path }) => path.toLowerCase().includes(word)).length;
    if (held > 0 && held < truth.artifacts.length / 2) return word;
  }
  return null;
}
