import { isBetween } from './between.ts';
import type { Setting } from './frame.ts';
import type { Truth } from './truth.ts';

const NAMED_AFTER =
  /^\s*(?:files?|artifacts?)?\s*(?:are\s+|were\s+)?(?:named|called|containing|that contain|with|include|in|within|under|from)\s*(?:the\s+)?(?:name|names|prefix|string|word|folder|directory)?\s*["'`(]*$/i;
const NAMED_BEFORE =
  /^["'`*)\s]*(?:\([^()]{0,40}\)\s*)?(?:files?|artifacts?|folder|directory)?["'`*)\s]*(?:[:(=–—-]|\bcontains?\b|\bholds?\b|\bhas\b|\bwith\b)?["'`*(\s]*(?:approximately|about|around|roughly|over|nearly|~|a total of)?[\s"'`*(]*$/i;
const LONGEST_TITLE = 120;
const PATTERN = /^[\w./:{}*-]{3,80}$/;
const NO_PATTERN =
  /^(?:csv|json|jsonl|markdown|md|text|txt|total|overall|files?|all|other|sum|count|unknown|n\/a|artifacts?|data|source|raw|key|main|primary|analyzed)$/;

/** The folder, or the piece of paths, that stands right beside a count. */
export function placeOf(
  claim: { start: number; end: number },
  { text, mentions }: Setting,
  cell: { column: string; row: string } | null,
  truth: Truth,
  around: readonly Setting[],
): { folder: string | null; pattern: string | null } {
  const near = <T extends { start: number; end: number }>(some: readonly T[]) =>
    some.filter((m) =>
      m.end <= claim.start ? isBetween(NAMED_BEFORE, text, m.end, claim.start) : isBetween(NAMED_AFTER, text, claim.end, m.start),
    );
  const [rowLabel = ''] = cell === null ? [] : cell.row.split(' | ');
  const folder =
    near(mentions.folders).at(0) ?? (cell === null ? undefined : around[1]?.mentions.folders.find((m) => m.start < rowLabel.length));
  if (folder) return { folder: folder.folder, pattern: null };
  const file = near(mentions.files).at(0) ?? (cell === null ? undefined : around[1]?.mentions.files.find((m) => m.start < rowLabel.length));
  if (file) return { folder: null, pattern: file.text.toLowerCase() };
  const titled = /(?:^|[:*"'(]\s*)(\p{Lu}[\p{L}\p{N}_-]+)["'*]*\s+(?:[Ff]iles|[Aa]rtifacts)\s*[*"']*\s*(?:[:(]|\s-)[\s*"'(]*$/u.exec(
    // The title right before it; a sign before what is left of longer text, for no title begins there.
    claim.start > LONGEST_TITLE ? `.${text.slice(claim.start - LONGEST_TITLE, claim.start)}` : text.slice(0, claim.start),
  )?.[1];
  const words = (
    near(mentions.quotes).at(0)?.text ??
    (cell === null
      ? titled
      : rowLabel
          .replace(/[*`"']/g, '')
          .trimEnd()
          .replace(/\sfiles?$/i, '')
          .trim()) ??
    ''
  ).toLowerCase();
  const isName = PATTERN.test(words) && !NO_PATTERN.test(words) && /\p{L}/u.test(words);
  return {
    folder: null,
    pattern: isName && (/[_\d./]/.test(words) || truth.artifacts.some(({ path }) => path.toLowerCase().includes(words))) ? words : null,
  };
}
