import type { Setting } from './frame.ts';
import type { KindMention } from './mentions.ts';

/** Whether nothing but filling words stand between a number and a kind. */
export function onlyNoun(between: string): boolean {
  if (/^\s*\(\s*$/.test(between)) return true;
  return /^[\s\u00a0*"'`-]*(?:(?:of|the|these|those|separate|different|individual|distinct|total|raw|unique|are|were)\s+)*["'`*]*$/i.test(
    between,
  );
}

// `CSV (`, `JSON Files: `, `**Markdown** - `, `JSON (Compilation): `
export const LEAD =
  /^[\s*"'`)]*(?:\([^()]{0,40}\)\s*)?(?:\s*(?:files?|artifacts?|documents?|format|data|count|number of files|type))*[\s*"'`]*(?:\([^()]{0,40}\)\s*)?[\s*"'`]*(?:[(:=|–—-]|\bcomprises?\b|\bmakes? up\b|\baccounts? for\b|\bwith\b|\bat\b|\bare\b|\btotal(?:ing|s)?\b|\brepresents?\b)?[\s*"'`(]*(?:approximately|about|around|roughly|over|nearly|~|a total of|count:?)?[\s*"'`]*$/i;
const JOINT = /^\s*(?:files?\s*)?(?:,\s*and|,|and|&|\/|\+|or)\s*$/i;

/** Kinds named together count together: `JSON and Markdown files`. */
export function joinedFrom(kinds: readonly KindMention[], from: number, text: string, all: readonly KindMention[] = kinds): KindMention[] {
  const found: KindMention[] = [];
  const [start] = kinds.slice(from);
  for (const kind of all.filter((other) => start !== undefined && other.start >= start.start)) {
    const last = found.at(-1);
    if (last && !JOINT.test(text.slice(last.end, kind.start))) break;
    found.push(kind);
  }
  return found;
}

/** The kinds that are named together with the last of these. */
export function joinedUpTo(kinds: readonly KindMention[], text: string): KindMention[] {
  const found: KindMention[] = [];
  for (const kind of [...kinds].reverse()) {
    const first = found[0];
    if (first && !JOINT.test(text.slice(kind.end, first.start))) break;
    found.unshift(kind);
  }
  return found;
}

/** The kinds that frame a number: those of its row, or the only one that is named above it. */
export function kindsAround(around: readonly Setting[], cell: { column: string; row: string } | null): KindMention[] {
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
export function kindBeforeBracket(claim: { start: number }, kinds: readonly KindMention[], text: string): KindMention[] {
  if (!/\(\s*$/.test(text.slice(0, claim.start))) return [];
  const before = kinds.filter((kind) => kind.end <= claim.start && !/[\d.;]/.test(text.slice(kind.end, claim.start)));
  const last = before.at(-1);
  return last && claim.start - last.end <= 60 ? joinedUpTo(before, text) : [];
}

/** `JSON and Markdown files (44 and 29 respectively)`: each number is of the kind in its place. */
export function respectively(claim: { start: number; end: number }, kinds: readonly KindMention[], text: string): KindMention | null {
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
