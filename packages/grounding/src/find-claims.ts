import type { Claim } from './claim.ts';
import { foundIn, NUMBER_READERS, type Reader } from './claim-readers.ts';
import { datesIn, type StatedDate } from './date.ts';
import { type Known, namesIn } from './names.ts';
import { NUMBER, POWER } from './numeral.ts';
import { UNIT_PATTERN } from './units.ts';
import { COMPARISON_READER, WORD_READERS } from './word-readers.ts';

const PATH = /(?<![\w/.*{-])(?:[\w.-]+\/)*[\w-][\w.-]*\.(?:csv|tsv|jsonl?|ndjson|md)\b(?![\w*/])|(?<![\w/.*{-])(?:[\w.-]+\/){2,}(?![\w*])/g;

/**
 * What a stretch of prose states: its numbers in every spelling, dates, and words that compare, in order and apart.
 * `known` are names out of the artifacts that hold digits, in lower case. Code in backticks is a name unless it is nothing but a value.
 */
export function claimsIn(stretch: string, known: Known = new Set<string>()): Claim[] {
  const text = withoutCode(stretch);
  const taken = new Uint8Array(text.length);
  const claims: Claim[] = [];
  const free = (start: number, end: number) => taken.subarray(start, end).every((mark) => mark === 0);
  const find = ({ pattern, hint, read }: Reader) => {
    if (!hint.test(text)) return;
    for (const match of text.matchAll(pattern)) {
      const [start, end] = [match.index, match.index + match[0].length];
      if (!free(start, end)) continue;
      const found = read(foundIn(text, match));
      if (found.length > 0) taken.fill(1, start, end);
      claims.push(...found);
    }
  };
  const borrowed = new Set<number>();
  for (const { start, end, date, borrowsYear } of datesIn(text)) {
    taken.fill(1, start, end);
    if (borrowsYear) borrowed.add(start);
    claims.push({ kind: 'date', start, end, text: text.slice(start, end), hedge: null, dates: [date] });
  }
  for (const reader of WORD_READERS) find(reader);
  claims.push(...pathsIn(stretch));
  for (const { start, end } of namesIn(text, known)) if (free(start, end)) taken.fill(1, start, end);
  for (const reader of NUMBER_READERS) find(reader);
  find(COMPARISON_READER);
  const inOrder = claims.sort((a, b) => a.start - b.start);
  return joinDates(inOrder, text, borrowed);
}

function pathsIn(stretch: string): Claim[] {
  return [...stretch.matchAll(PATH)].flatMap((match) =>
    /^\.|YYYY|X{3}|\.\./.test(match[0])
      ? []
      : [{ kind: 'name', start: match.index, end: match.index + match[0].length, text: match[0], hedge: null, name: match[0] } as const],
  );
}

/** `October 2025 – November 2025` is one span of time. */
function joinDates(claims: Claim[], text: string, borrowed: ReadonlySet<number>): Claim[] {
  const joined: Claim[] = [];
  for (const claim of claims) {
    const last = joined.at(-1);
    if (
      last?.kind === 'date' &&
      claim.kind === 'date' &&
      last.dates.length === 1 &&
      /^\s*(?:–|—|-|to|through|until|and|→|\/)\s*(?:early|mid|late)?[\s-]*$/.test(text.slice(last.end, claim.start)) &&
      (borrowed.has(last.start) || !/and/.test(text.slice(last.end, claim.start)) || /\bbetween\s*$/i.test(text.slice(0, last.start)))
    ) {
      joined[joined.length - 1] = {
        ...last,
        end: claim.end,
        text: text.slice(last.start, claim.end),
        dates: [...last.dates.map((date) => inYearOf(date, claim.dates[0])), ...claim.dates],
      };
    } else joined.push(claim);
  }
  return joined;
}

/** `October 25th to November 25th, 2025`: the first has the year of the second. */
function inYearOf(date: StatedDate, other: StatedDate | undefined): StatedDate {
  if (date.year || other === undefined || !other.year) return date;
  const year = new Date(other.from).getUTCFullYear();
  const from = new Date(date.from).setUTCFullYear(year);
  return { ...date, from, to: from + (date.to - date.from), year: true };
}

const CODE = /(?<!`)(`+)([^`\n]+?)\1/g;
const VALUE_CODE = new RegExp(String.raw`^\s*[-+]?(?:${NUMBER})(?:${POWER})?\s?(?:${UNIT_PATTERN})?\s*$`, 'u');
const NAMED_VALUE = /^(\s*[\p{L}_][\p{L}\p{N}_.[\]/* ()-]*?\s*[:=]\s*)(\S.*)$/u;

/** The same text, as long: code is blanked, save a value, and the value of `name: value`. */
function withoutCode(text: string): string {
  return text.replace(CODE, (whole, fence: string, inner: string) => {
    const pad = ' '.repeat(fence.length);
    if (VALUE_CODE.test(inner)) return `${pad}${inner}${pad}`;
    const [, name, value] = NAMED_VALUE.exec(inner) ?? [];
    if (name !== undefined && value !== undefined && VALUE_CODE.test(value)) return `${pad}${inner}${pad}`;
    return ' '.repeat(whole.length);
  });
}
