import { type MarkdownBlock, markdownBlocks } from './markdown-blocks.ts';
import { wholesOf } from './markdown-wholes.ts';

/**
 * Where a mark may stand in a page of Markdown: `at` is an offset into it. `prefix` null: within the line, else the mark has a line
 * of its own behind that offset, which begins with `prefix`.
 */
export type MarkPlace = { at: number; prefix: string | null };

/**
 * For offsets behind some words, in ascending order: where a mark for them may stand without changing what the page shows. It is
 * behind the code span, link, formula or emphasis that they end in, and behind a block of code. Linear in the page.
 */
export function markPlaces(page: string, offsets: readonly number[]): MarkPlace[] {
  const blocks = markdownBlocks(page);
  const wholes = new Map<MarkdownBlock, readonly { start: number; end: number }[]>();
  const labels = definedLabels(page);
  let at = 0;
  return offsets.map((given) => {
    const offset = wholeCharacter(page, given);
    while (at + 1 < blocks.length && (blocks[at + 1]?.start ?? 0) < offset) at += 1;
    const block = blocks[at];
    if (block === undefined || offset > block.end) return { at: offset, prefix: null };
    if (block.kind === 'code') return { at: block.end, prefix: block.prefix };
    const inside = wholes.get(block) ?? wholesOf(page, block, labels);
    wholes.set(block, inside);
    return { at: behindEmphasis(page, behindWhole(inside, offset), block.end), prefix: null };
  });
}

const ENTITY = /&#?\w{1,31};/y;

/** A place that parts no character: neither the halves of one nor the sign that stands for it. */
function wholeCharacter(page: string, offset: number): number {
  ENTITY.lastIndex = offset - 1;
  if (page[offset - 1] === '&' && ENTITY.test(page)) return ENTITY.lastIndex;
  const [before, after] = [page.charCodeAt(offset - 1), page.charCodeAt(offset)];
  return (before & 0xfc00) === 0xd800 && (after & 0xfc00) === 0xdc00 ? offset + 1 : offset;
}

/** The end of what an offset lies within; the offset itself where that is nothing. */
function behindWhole(wholes: readonly { start: number; end: number }[], offset: number): number {
  let [low, high] = [0, wholes.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((wholes[middle]?.end ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  const whole = wholes[low];
  return whole !== undefined && whole.start < offset ? whole.end : offset;
}

// The whole run, or none of it.
const EMPHASIS = /(?=([*_~]+))\1(?=[\s\p{P}\p{S}]|$)/uy;

/** Behind the signs that end an emphasis: before them the mark would keep them from doing so. */
function behindEmphasis(page: string, offset: number, end: number): number {
  EMPHASIS.lastIndex = offset;
  return EMPHASIS.test(page) && EMPHASIS.lastIndex <= end ? EMPHASIS.lastIndex : offset;
}

const DEFINITION = /^ {0,3}\[([^\]\n^][^\]\n]{0,200})\]:/gm;

/** The labels that a page defines as links, as they are compared. */
function definedLabels(page: string): ReadonlySet<string> {
  return new Set([...page.matchAll(DEFINITION)].map(([, label = '']) => label.trim().toLowerCase()));
}
