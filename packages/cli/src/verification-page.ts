import type { Inline } from '@chimera/shared/domain';
import { markPlaces } from './mark-places.ts';
import { markdownBlocks } from './markdown-blocks.ts';
import { spotsOf, type Verification, type VerifiedClaim } from './verification.ts';
import { summaryOf } from './verification-listing.ts';
import { cut, visible } from './visible.ts';

/** Tells a copy that was annotated from a page that is an artifact. */
export const CHECKED_MARKER = '<!-- chimera:verify v1 -->';

const MOST_SIGNS = 8;
const WIDEST = { why: 400, fact: 400 } as const;

/**
 * A copy of the page in which each claim is followed by the mark of a footnote; the footnotes at its end tell the verdict, the true
 * value and where it stands. Nothing else of the page is changed, save a space between a mark and a bracket that would make it a link.
 * @param lineOf a line as Markdown, in which what artifacts say stays text
 */
export function verificationPage(page: string, verification: Verification, lineOf: (line: readonly Inline[]) => string): string {
  const { claims, facts } = verification;
  const newline = /\r\n|\n|\r/.exec(page)?.[0] ?? '\n';
  const prefix = freePrefix(page);
  const marked = withMarks(closed(page, newline), claims, prefix, newline);
  const notes = claims.map((claim, i) => `[^${prefix}${i + 1}]: ${lineOf(noteOf(claim, facts))}`);
  const sum = lineOf([{ type: 'text', text: `Checked by Chimera against ${visible(verification.against)}: ${summaryOf(verification)}.` }]);
  const parts = [CHECKED_MARKER, '', `${marked}${newline}`, sum];
  if (notes.length > 0) parts.push('', ...notes);
  return `${parts.join(newline)}${newline}`;
}

/** What names of footnotes begin with; the page itself has none that do, in small letters or capitals. */
function freePrefix(page: string): string {
  const taken = new Set<string>();
  let longest = 0;
  for (const [, given = ''] of page.matchAll(/\[\^(v{1,8}|x\d{1,9}v)/gi)) {
    const name = given.toLowerCase();
    if (name.startsWith('v')) longest = Math.max(longest, name.length);
    else taken.add(name);
  }
  if (longest < MOST_SIGNS) return 'v'.repeat(longest + 1);
  let number = 0;
  while (taken.has(`x${number}v`)) number++;
  return `x${number}v`;
}

/** The page, without blank lines at its end, and with what closes code or a comment that goes on to there: footnotes would be part of it. */
function closed(page: string, newline: string): string {
  const text = page.trimEnd();
  const last = markdownBlocks(text).at(-1);
  if (last?.kind === 'code' && last.unclosed !== undefined) return `${text}${newline}${last.unclosed}`;
  const comment = [...text.matchAll(/^ {0,3}<!--/gm)].at(-1);
  return comment !== undefined && text.indexOf('-->', comment.index) < 0 ? `${text}${newline}-->` : text;
}

function withMarks(page: string, claims: readonly VerifiedClaim[], prefix: string, newline: string): string {
  const ends = claims.map(({ end }, i) => ({ end, mark: `[^${prefix}${i + 1}]` })).sort((a, b) => a.end - b.end);
  const places = markPlaces(
    page,
    ends.map(({ end }) => end),
  );
  const marks = new Map<number, { prefix: string | null; marks: string }>();
  for (const [i, { mark }] of ends.entries()) {
    const place = places[i];
    if (place === undefined) continue;
    const there = marks.get(place.at);
    if (there) there.marks += mark;
    else marks.set(place.at, { prefix: place.prefix, marks: mark });
  }
  let text = '';
  let from = 0;
  for (const [at, there] of [...marks].sort(([a], [b]) => a - b)) {
    text +=
      page.slice(from, at) +
      (there.prefix === null ? inline(there.marks, page[at]) : ownLine(there.marks, there.prefix, at === page.length, newline));
    from = at;
  }
  return text + page.slice(from);
}

/** A bracket behind a mark would make it a link. */
function inline(marks: string, next: string | undefined): string {
  return next === '(' || next === '[' ? `${marks} ` : marks;
}

/** A paragraph of its own, with blank lines about it. */
function ownLine(marks: string, prefix: string, isLast: boolean, newline: string): string {
  const blank = prefix.trimEnd();
  return `${newline}${blank}${newline}${prefix}${marks}${isLast ? '' : `${newline}${blank}`}`;
}

function noteOf(claim: VerifiedClaim, facts: Verification['facts']): Inline[] {
  const { verdict, why, truth } = claim;
  const line: Inline[] = [{ type: 'strong', text: verdict }, words(`: ${phrase(why, WIDEST.why)}`)];
  if (verdict === 'unsupported') return line;
  if (truth !== undefined && verdict === 'contradicted') line.push(words('. True: '), { type: 'strong', text: visible(truth) });
  const fact = claim.facts.map((id) => facts.get(id)).find((one) => one !== undefined);
  if (fact !== undefined && !why.includes(fact.claim)) line.push(words(`. Fact: ${phrase(fact.claim, WIDEST.fact)}`));
  const [spot, ...others] = spotsOf(claim, facts);
  if (spot === undefined) return line;
  line.push(words('. Source: '), code(spot.path), words(' at '), code(spot.pointer));
  if (others.length > 0) line.push(words(` and ${others.length} more`));
  return line;
}

/** Without the full stop at its end: more follows. */
function phrase(text: string, widest: number): string {
  return cut(text, widest).replace(/\.$/, '');
}

const words = (text: string): Inline => ({ type: 'text', text: visible(text) });
/** What artifacts say, never read as markup. */
const code = (text: string): Inline => ({ type: 'code', text: visible(text) });
