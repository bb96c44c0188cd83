import type { Artifact, ArtifactKind } from '@chimera/shared/domain';
import { isBetween } from './between.ts';
import type { Setting } from './frame.ts';
import { holdsGlob } from './glob.ts';
import type { KindMention } from './mentions.ts';
import type { Truth } from './truth.ts';

/** Which artifacts a count or a share is of. `loose`: words narrow it that no selection can follow (`files about tuning`). */
export type CountSubject = {
  kinds: ReadonlySet<ArtifactKind>;
  folder: string | null;
  /** a piece of the path: `conv_bench` */
  pattern: string | null;
  status: Artifact['status'] | null;
  loose: boolean;
  /** a name that it is narrowed to, `related to compilation`, and that paths hold */
  about: string | null;
  /** they are said to be copies of each other */
  duplicates: boolean;
};

const FILES = /\b(?:files?|artifacts?|documents?|csvs?|jsons?|markdowns?|md|txt|occurrences|instances)\b/i;
const COUNT_COLUMN =
  /^\W*(?:file\s+)?(?:count|number|quantity|#|no\.?|files?|total|amount|num(?:ber)? (?:of )?files|file count|occurrences?)(?:\s+of\s+files)?\W*$/i;
const NARROWING =
  /\b(?:related?|relating|associated|containing|contains?|with|named|about|concerning|regarding|pertaining|for|involv\w+|dedicated|used|detail\w*|focus\w*|representing|mention\w*|specific\w*|emphasi\w+|directly|of which|duplicat\w+|shar\w+|identical|redundant|unique|similar|per|each|compilation|gemma\w*|models?|tuning|benchmarks?|baseline|modified|updated|older|newer|recent\w*|additional|missing|other|more|new|empty|corrupt\w*)\b/i;

/** Whether a whole number without a unit counts files, by the words around it; null where it does not. */
export function countSubject(
  claim: { start: number; end: number; noun: string },
  setting: Setting,
  around: readonly Setting[],
  cell: { column: string; row: string } | null,
  truth: Truth,
): CountSubject | null {
  const { text, mentions } = setting;
  const head =
    claim.noun.replace(/^of\s+(?:the\s+|all\s+)?/, '').split(/\b(?:in|of|from|with|that|are|were|is|to|for|which|and|on)\b/)[0] ?? '';
  const sentence = sentenceAt(text, claim.start);
  const inside = <T extends { start: number; end: number }>(some: readonly T[]) =>
    some.filter((m) => m.start >= sentence.start && m.end <= sentence.end);
  const after = text.slice(claim.end, Math.min(sentence.end, claim.end + 80));
  const before = text.slice(Math.max(sentence.start, claim.start - 80), claim.start);
  const direct = inside(mentions.kinds).filter((kind) => kind.start >= claim.end && onlyNoun(text.slice(claim.end, kind.start)));
  const joined = direct.length > 0 ? joinedFrom(direct, 0, text) : [];
  const preceding = inside(mentions.kinds).filter((kind) => kind.end <= claim.start && isBetween(LEAD, text, kind.end, claim.start));
  const lastBefore =
    preceding.length > 0
      ? joinedUpTo(
          inside(mentions.kinds).filter((kind) => kind.end <= (preceding.at(-1)?.end ?? 0)),
          text,
        )
      : [];
  const following = inside(mentions.kinds).filter((kind) => {
    if (kind.start < claim.end) return false;
    const between = text.slice(claim.end, kind.start).replace(/\([^()]{0,24}\)/g, ' ');
    return (
      !/\b(?:primarily|predominantly|mainly|mostly|largely)\b/i.test(between) &&
      /^[^,;.\d]{0,32}\b(?:are|were|is|in|of type|being)\b[^,;.\d]{0,12}$/i.test(between)
    );
  });
  const each = respectively(claim, inside(mentions.kinds), text);
  const countsFiles =
    each !== null ||
    FILES.test(head) ||
    joined.length > 0 ||
    /\b(?:files?|artifacts?)\b[^.;,\d]{0,24}$/i.test(before) ||
    lastBefore.length > 0;
  const [rowLabel = ''] = cell === null ? [] : cell.row.split(' | ');
  const inCountColumn = cell !== null && (COUNT_COLUMN.test(cell.column) || /\bfiles\W*$/i.test(rowLabel));
  if (!countsFiles && !inCountColumn && following.length === 0) return null;
  if (!FILES.test(head) && head !== '' && joined.length === 0 && OTHER_NOUN.test(head)) return null;
  const kinds =
    each !== null
      ? [each]
      : joined.length > 0
        ? joined
        : lastBefore.length > 0
          ? lastBefore
          : joinedFrom(following, 0, text, inside(mentions.kinds));
  const bracketed = kinds.length > 0 ? [] : kindBeforeBracket(claim, inside(mentions.kinds), text);
  const framed = kinds.length > 0 ? kinds : bracketed.length > 0 ? bracketed : kindsAround(around, cell);
  if (!countsFiles && framed.length === 0 && !/files?|artifacts?/i.test(`${cell?.column ?? ''} ${cell?.row ?? ''}`)) return null;
  const place = placeOf(claim, setting, cell, truth, around);
  const rest = after.slice(0, /[,;:()]|\s[-–—]\s|\band\b/.exec(after)?.index ?? after.length);
  const own = before.slice(Math.max(0, (/[,;:()](?=[^,;:()]*$)/.exec(before)?.index ?? -1) + 1));
  const duplicates = /\bduplicat|\bredundan|\bidentical\b/i.test(`${own} ${claim.noun}`) && !/\bnames?\b/i.test(`${own} ${rest}`);
  return {
    duplicates,
    about: aboutWhat(text.slice(claim.end, sentence.end), kinds.length > 0, truth) ?? aboutBefore(before, truth),
    kinds: new Set(framed.map((mention) => mention.kind)),
    ...place,
    status: /\b(?:refused|unreadable|could not be read|rejected)\b/i.test(`${own} ${rest}`)
      ? 'refused'
      : /\b(?:were|was|could be) read\b/i.test(rest)
        ? 'read'
        : null,
    loose:
      !duplicates &&
      place.pattern === null &&
      (ABOUT.test(text.slice(claim.end, sentence.end)) ||
        BRACKETED.test(before) ||
        NARROWING.test(rest) ||
        NARROWING.test(own.replace(/\b(?:total|number|files?) of\b/i, '')) ||
        parenthesised(own)),
  };
}

const OF_KIND = /^[^.;,]{0,24}?\bfiles?\s+(?:are\s+)?(?:related|associated|dedicated)\s+(?:to|with)\s+(?:the\s+)?([^.;,]{3,60})/i;
const ABOUT =
  /^[^.;,]{0,40}?(?:,\s*)?\b(?:(?:are|is|were|was)\s+(?:\w+ly\s+)?(?:related|dedicated|devoted|associated)|relates?|belongs?)\s+(?:to|with)\s+(?:the\s+)?([^.;,]{3,60})/i;

const BRACKETED =
  /\bfiles?\s+(?:that\s+)?(?:are\s+)?(?:\w+ly\s+)?(?:related|associated|dedicated|relating)\s+(?:to|with)\s+(?:the\s+)?([^.;()]{3,70})\($/i;

/** The name in `files related to compilation (28 CSV files)`. */
function aboutBefore(before: string, truth: Truth): string | null {
  const [, what] = BRACKETED.exec(before) ?? [];
  return what === undefined ? null : nameIn(what, truth);
}

/** The name in `are related to compilation` that some paths hold, and not all. */
function aboutWhat(after: string, ofKind: boolean, truth: Truth): string | null {
  const [, what] = ABOUT.exec(after) ?? (ofKind ? OF_KIND.exec(after) : null) ?? [];
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

const OTHER_NOUN =
  /^(?:\p{L}+\s)?(?:tests?|runs?|records?|models?|iterations?|configurations?|recommendations?|days?|weeks?|months?|years?|steps?|rows?|columns?|lines?|headings?|tokens?|words?|metrics?|prompts?|samples?|values?|times|types?|categories|directories|folders|formats?|benchmarks?|experiments?|variants?|series|numbers|groups?|sections?|seconds?|different|distinct|key|main|primary|major)\b/iu;

function onlyNoun(between: string): boolean {
  if (/^\s*\(\s*$/.test(between)) return true;
  return /^[\s\u00a0*"'`-]*(?:(?:of|the|these|those|separate|different|individual|distinct|total|raw|unique|are|were)\s+)*["'`*]*$/i.test(
    between,
  );
}

// `CSV (`, `JSON Files: `, `**Markdown** - `, `JSON (Compilation): `
const LEAD =
  /^[\s*"'`)]*(?:\([^()]{0,40}\)\s*)?(?:\s*(?:files?|artifacts?|documents?|format|data|count|number of files|type))*[\s*"'`]*(?:\([^()]{0,40}\)\s*)?[\s*"'`]*(?:[(:=|–—-]|\bcomprises?\b|\bmakes? up\b|\baccounts? for\b|\bwith\b|\bat\b|\bare\b|\btotal(?:ing|s)?\b|\brepresents?\b)?[\s*"'`(]*(?:approximately|about|around|roughly|over|nearly|~|a total of|count:?)?[\s*"'`]*$/i;

const JOINT = /^\s*(?:files?\s*)?(?:,\s*and|,|and|&|\/|\+|or)\s*$/i;

/** Kinds named together count together: `JSON and Markdown files`. */
function joinedFrom(kinds: readonly KindMention[], from: number, text: string, all: readonly KindMention[] = kinds): KindMention[] {
  const found: KindMention[] = [];
  const [start] = kinds.slice(from);
  for (const kind of all.filter((other) => start !== undefined && other.start >= start.start)) {
    const last = found.at(-1);
    if (last && !JOINT.test(text.slice(last.end, kind.start))) break;
    found.push(kind);
  }
  return found;
}

function joinedUpTo(kinds: readonly KindMention[], text: string): KindMention[] {
  const found: KindMention[] = [];
  for (const kind of [...kinds].reverse()) {
    const first = found[0];
    if (first && !JOINT.test(text.slice(kind.end, first.start))) break;
    found.unshift(kind);
  }
  return found;
}

function kindsAround(around: readonly Setting[], cell: { column: string; row: string } | null): KindMention[] {
  if (cell !== null)
    return (
      around
        .slice(0, 2)
        .find((setting) => setting.mentions.kinds.length > 0)
        ?.mentions.kinds.slice() ?? []
    );
  const parent = around.find((setting) => setting.mentions.kinds.length > 0);
  const kinds = parent?.mentions.kinds ?? [];
  return new Set(kinds.map((mention) => mention.kind)).size === 1 ? kinds.slice() : [];
}

/** `with JSON files dominating the analysis (44 files)`: a bracket goes with the kind named last before it. */
function kindBeforeBracket(claim: { start: number }, kinds: readonly KindMention[], text: string): KindMention[] {
  if (!/\(\s*$/.test(text.slice(0, claim.start))) return [];
  const before = kinds.filter((kind) => kind.end <= claim.start && !/[\d.;]/.test(text.slice(kind.end, claim.start)));
  const last = before.at(-1);
  return last && claim.start - last.end <= 60 ? joinedUpTo(before, text) : [];
}

function parenthesised(own: string): boolean {
  return /\([^()]*\p{L}[^()]*\)\s*(?:\||:|-)?\s*$/u.test(own);
}

const NAMED_AFTER =
  /^\s*(?:files?|artifacts?)?\s*(?:are\s+|were\s+)?(?:named|called|containing|that contain|with|include|in|within|under|from)\s*(?:the\s+)?(?:name|names|prefix|string|word|folder|directory)?\s*["'`(]*$/i;
const NAMED_BEFORE =
  /^["'`*)\s]*(?:\([^()]{0,40}\)\s*)?(?:files?|artifacts?|folder|directory)?["'`*)\s]*(?:[:(=–—-]|\bcontains?\b|\bholds?\b|\bhas\b|\bwith\b)?["'`*(\s]*(?:approximately|about|around|roughly|over|nearly|~|a total of)?[\s"'`*(]*$/i;
const LONGEST_TITLE = 120;
const PATTERN = /^[\w./:{}*-]{3,80}$/;
const NO_PATTERN =
  /^(?:csv|json|jsonl|markdown|md|text|txt|total|overall|files?|all|other|sum|count|unknown|n\/a|artifacts?|data|source|raw|key|main|primary|analyzed)$/;

function placeOf(
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

/** `JSON and Markdown files (44 and 29 respectively)`: each number is of the kind in its place. */
function respectively(claim: { start: number; end: number }, kinds: readonly KindMention[], text: string): KindMention | null {
  if (!/^[^.;]{0,30}\brespectively\b/i.test(text.slice(claim.end))) return null;
  const before = joinedUpTo(
    kinds.filter((kind) => kind.end <= claim.start),
    text,
  );
  const last = before.at(-1);
  if (last === undefined || before.length < 2) return null;
  const numbers = [...text.slice(last.end, claim.start).matchAll(/\d[\d.,]*/g)].length;
  return before[numbers] ?? null;
}

const END = /[.!?]["')*\]]*\s+(?=["'(*`[]*[\p{L}\d])/gu;
const ABBREVIATION = /(?:\b(?:e\.g|i\.e|vs|cf|ca|approx|etc|no|fig|eq|resp|incl|avg|min|max|std|dev|dr|st)|\b\p{L})\.$/iu;

export type Span = { start: number; end: number };

/** The sentences of a text, in order: each from the end of the last one to its own. */
export function sentencesOf(text: string): Span[] {
  const sentences: Span[] = [];
  let start = 0;
  for (const match of text.matchAll(END)) {
    const next = text.charAt(match.index + match[0].length);
    if (/[\p{Ll}\d]/u.test(next) && ABBREVIATION.test(text.slice(Math.max(0, match.index - 8), match.index + 1))) continue;
    const end = match.index + match[0].length;
    sentences.push({ start, end: match.index + 1 });
    start = end;
  }
  sentences.push({ start, end: text.length });
  return sentences;
}

/** The sentence in which a place of the text lies. */
export function sentenceAt(text: string, at: number, sentences: readonly Span[] = sentencesOf(text)): Span {
  return sentences.findLast(({ start }) => start <= at) ?? { start: 0, end: text.length };
}

/** How many artifacts a subject selects. */
export function countOf({ kinds, folder, pattern, status }: CountSubject, truth: Truth): number {
  return truth.artifacts.filter(
    (artifact) =>
      (kinds.size === 0 || kinds.has(artifact.kind)) &&
      (folder === null || `${artifact.path.toLowerCase()}`.startsWith(`${folder}/`)) &&
      (pattern === null || holdsGlob(artifact.path.toLowerCase(), pattern)) &&
      (status === null || artifact.status === status),
  ).length;
}
