import type { Artifact, ArtifactKind } from '@chimera/shared/domain';
import { isBetween } from './between.ts';
import { aboutBefore, aboutWhat, BRACKETED, IS_ABOUT } from './count-about.ts';
import { joinedFrom, joinedUpTo, kindBeforeBracket, kindsAround, LEAD, onlyNoun, respectively } from './count-kinds.ts';
import { placeOf } from './count-place.ts';
import type { Setting } from './frame.ts';
import { holdsGlob } from './glob.ts';
import { sentenceAt } from './sentences.ts';
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
      (IS_ABOUT.test(text.slice(claim.end, sentence.end)) ||
        BRACKETED.test(before) ||
        NARROWING.test(rest) ||
        NARROWING.test(own.replace(/\b(?:total|number|files?) of\b/i, '')) ||
        parenthesised(own)),
  };
}

const OTHER_NOUN =
  /^(?:\p{L}+\s)?(?:tests?|runs?|records?|models?|iterations?|configurations?|recommendations?|days?|weeks?|months?|years?|steps?|rows?|columns?|lines?|headings?|tokens?|words?|metrics?|prompts?|samples?|values?|times|types?|categories|directories|folders|formats?|benchmarks?|experiments?|variants?|series|numbers|groups?|sections?|seconds?|different|distinct|key|main|primary|major)\b/iu;

function parenthesised(own: string): boolean {
  return /\([^()]*\p{L}[^()]*\)\s*(?:\||:|-)?\s*$/u.test(own);
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
